import type { TopicPartition } from '../../consumer/contract.ts';
import {
  type Assignments,
  type AssignorMember,
  compareText,
  inMemberOrder,
  partitionsOf,
} from './assignor.ts';

/** What a member owned in which generation, from its user data or its subscription. */
export interface Claim {
  readonly generationId: number;
  readonly partitions: readonly TopicPartition[];
}

/** One member's growing part. */
interface Load {
  readonly memberId: string;
  readonly topics: ReadonlySet<string>;
  readonly partitions: Map<string, TopicPartition>;
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

/**
 * Balances with as few moves as can be: members keep what they validly own, what nobody owns goes to
 * the member with the least, and then partitions move only from a member to another that has at least
 * two fewer. Each move makes the sum of squared loads smaller, so it ends. The promises are those of
 * Java's `AbstractStickyAssignor`: as balanced as the subscriptions allow, then sticky.
 */
export function balance(
  partitionCounts: ReadonlyMap<string, number>,
  members: readonly AssignorMember[],
  claimOf: (member: AssignorMember) => Claim,
): Assignments {
  const ordered = inMemberOrder(members);
  const loads = ordered.map(
    (member): Load => ({
      memberId: member.memberId,
      topics: new Set(member.topics),
      partitions: new Map(),
    }),
  );
  const all = partitionsOf(
    members.flatMap((member) => member.topics),
    partitionCounts,
  );
  const owners = validOwners(all, ordered, loads, claimOf);
  for (const partition of all) {
    const owner = owners.get(keyOf(partition)) ?? leastLoaded(loads, partition.topic);
    owner?.partitions.set(keyOf(partition), partition);
  }
  while (moveOnce(all, loads)) {
    // Each pass moves what it can; the comment above says why this ends.
  }
  return new Map(
    loads.map((load) => [load.memberId, [...load.partitions.values()].toSorted(byTopicAndNumber)]),
  );
}

function byTopicAndNumber(a: TopicPartition, b: TopicPartition): number {
  return compareText(a.topic, b.topic) || a.partition - b.partition;
}

/**
 * The newest generation's claim wins. Two claims of one generation mean that somebody is confused
 * about what it owns: nobody keeps the partition, as in Java.
 */
function validOwners(
  all: readonly TopicPartition[],
  members: readonly AssignorMember[],
  loads: readonly Load[],
  claimOf: (member: AssignorMember) => Claim,
): ReadonlyMap<string, Load> {
  const existing = new Set(all.map(keyOf));
  const best = new Map<string, { generationId: number; owner: Load | null }>();
  members.forEach((member, index) => {
    const load = loads[index];
    if (load === undefined) return;
    const claim = claimOf(member);
    for (const partition of claim.partitions) {
      const key = keyOf(partition);
      if (!existing.has(key) || !load.topics.has(partition.topic)) continue;
      const rival = best.get(key);
      if (rival === undefined || rival.generationId < claim.generationId) {
        best.set(key, { generationId: claim.generationId, owner: load });
      } else if (rival.generationId === claim.generationId) {
        best.set(key, { generationId: claim.generationId, owner: null });
      }
    }
  });
  const owners = new Map<string, Load>();
  for (const [key, { owner }] of best) if (owner !== null) owners.set(key, owner);
  return owners;
}

function leastLoaded(loads: readonly Load[], topic: string): Load | null {
  let least: Load | null = null;
  for (const load of loads) {
    if (!load.topics.has(topic)) continue;
    if (least === null || load.partitions.size < least.partitions.size) least = load;
  }
  return least;
}

/** One pass over all partitions, from the last to the first so that low numbers stay put. */
function moveOnce(all: readonly TopicPartition[], loads: readonly Load[]): boolean {
  const ownerOf = new Map<string, Load>();
  for (const load of loads) for (const key of load.partitions.keys()) ownerOf.set(key, load);
  let hasMoved = false;
  for (const partition of all.toReversed()) {
    const key = keyOf(partition);
    const owner = ownerOf.get(key);
    const taker = leastLoaded(loads, partition.topic);
    if (owner === undefined || taker === null) continue;
    if (owner.partitions.size - taker.partitions.size < 2) continue;
    owner.partitions.delete(key);
    taker.partitions.set(key, partition);
    hasMoved = true;
  }
  return hasMoved;
}
