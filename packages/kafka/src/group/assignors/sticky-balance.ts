import type { TopicPartition } from '../../consumer/contract.ts';
import {
  type Assignments,
  type AssignorMember,
  compareText,
  inMemberOrder,
  type PartitionRacks,
  partitionsOf,
} from './assignor.ts';
import { areRacksOfUse, isNear, withoutRacks } from './rack-awareness.ts';

/** What a member owned in which generation, from its user data or its subscription. */
export interface Claim {
  readonly generationId: number;
  readonly partitions: readonly TopicPartition[];
}

/** One member's growing part. */
interface Load {
  readonly member: AssignorMember;
  readonly topics: ReadonlySet<string>;
  readonly partitions: Map<string, TopicPartition>;
}

/** Whether a member reads a partition from its own rack; always, where racks make no difference. */
type Nearness = (load: Load, partition: TopicPartition) => boolean;

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

/**
 * Balances with as few moves as can be: members keep what they validly own (where racks matter, what is near to them, or
 * to nobody), what nobody owns goes to the member with the least, near ones first, and then partitions move only from a
 * member to another that has at least two fewer. Each move makes the sum of squared loads smaller, so it ends. At last,
 * far reads are taken away as long as that costs no balance; each time there is one fewer, so that ends too. The
 * promises are those of Java's `AbstractStickyAssignor`: as balanced as the subscriptions allow, then near (KIP-881),
 * then sticky.
 */
export function balance(
  partitionCounts: ReadonlyMap<string, number>,
  members: readonly AssignorMember[],
  claimOf: (member: AssignorMember) => Claim,
  racksOf: PartitionRacks = withoutRacks,
): Assignments {
  const ordered = inMemberOrder(members);
  const loads = ordered.map(
    (member): Load => ({ member, topics: new Set(member.topics), partitions: new Map() }),
  );
  const all = partitionsOf(
    members.flatMap((member) => member.topics),
    partitionCounts,
  );
  const areRacksUsed = areRacksOfUse(members, all, racksOf);
  const near: Nearness = (load, partition) =>
    !areRacksUsed || isNear(load.member, partition, racksOf);
  const owners = validOwners(all, ordered, loads, claimOf);
  const open: TopicPartition[] = [];
  for (const partition of all) {
    const owner = owners.get(keyOf(partition));
    const isKept =
      owner !== undefined &&
      (near(owner, partition) || candidates(loads, partition, near).length === 0);
    if (isKept) owner.partitions.set(keyOf(partition), partition);
    else open.push(partition);
  }
  // Those that few can take come first.
  const choices = new Map(open.map((each) => [each, candidates(loads, each, near).length]));
  for (const partition of areRacksUsed ? fewestFirst(open, choices) : open) {
    const nearest = candidates(loads, partition, near);
    const taker = leastLoaded(nearest.length > 0 ? nearest : subscribers(loads, partition));
    taker?.partitions.set(keyOf(partition), partition);
  }
  // What nobody had is moved rather than what somebody had: passes begin at the end.
  const opened = new Set(open);
  const inTurn = [...all.filter((each) => !opened.has(each)), ...open];
  if (areRacksUsed) while (moveOnce(inTurn, loads, near)) continue;
  while (moveOnce(inTurn, loads, () => true)) continue;
  while (moveInChain(loads)) continue;
  if (areRacksUsed) while (comeNearer(all, loads, near)) continue;
  return new Map(
    loads.map(({ member, partitions }) => [
      member.memberId,
      [...partitions.values()].toSorted(byTopicAndNumber),
    ]),
  );
}

function byTopicAndNumber(a: TopicPartition, b: TopicPartition): number {
  return compareText(a.topic, b.topic) || a.partition - b.partition;
}

function fewestFirst(
  open: readonly TopicPartition[],
  choices: ReadonlyMap<TopicPartition, number>,
): readonly TopicPartition[] {
  return open.toSorted((a, b) => (choices.get(a) ?? 0) - (choices.get(b) ?? 0));
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

function subscribers(loads: readonly Load[], { topic }: TopicPartition): readonly Load[] {
  return loads.filter(({ topics }) => topics.has(topic));
}

/** Members that may have the partition and are near to it. */
function candidates(
  loads: readonly Load[],
  partition: TopicPartition,
  near: Nearness,
): readonly Load[] {
  return subscribers(loads, partition).filter((load) => near(load, partition));
}

function leastLoaded(loads: readonly Load[]): Load | null {
  let least: Load | null = null;
  for (const load of loads) {
    if (least === null || load.partitions.size < least.partitions.size) least = load;
  }
  return least;
}

function ownersOf(loads: readonly Load[]): Map<string, Load> {
  const owners = new Map<string, Load>();
  for (const load of loads) for (const key of load.partitions.keys()) owners.set(key, load);
  return owners;
}

/** One pass over all partitions, from the last to the first so that low numbers stay put. */
function moveOnce(
  all: readonly TopicPartition[],
  loads: readonly Load[],
  isWelcome: Nearness,
): boolean {
  const owners = ownersOf(loads);
  let hasMoved = false;
  for (const partition of all.toReversed()) {
    const key = keyOf(partition);
    const owner = owners.get(key);
    const taker = leastLoaded(candidates(loads, partition, isWelcome));
    if (owner === undefined || taker === null) continue;
    if (owner.partitions.size - taker.partitions.size < 2) continue;
    owner.partitions.delete(key);
    taker.partitions.set(key, partition);
    hasMoved = true;
  }
  return hasMoved;
}

interface Link {
  readonly from: Load;
  readonly partition: TopicPartition;
}

/**
 * Where members subscribe to different topics, the one with the most and the one with the least may have nothing in
 * common, but neighbours that have: each in the chain hands one partition on. Shortest chains first.
 */
function moveInChain(loads: readonly Load[]): boolean {
  for (const start of loads.toSorted((a, b) => b.partitions.size - a.partitions.size)) {
    const links = new Map<Load, Link | null>([[start, null]]);
    // A map gives what is added while it is walked, too.
    for (const [load] of links) {
      if (start.partitions.size - load.partitions.size >= 2) {
        handOn(load, links);
        return true;
      }
      // The latest first: those that it had before came first.
      for (const partition of [...load.partitions.values()].toReversed()) {
        for (const next of subscribers(loads, partition)) {
          if (!links.has(next)) links.set(next, { from: load, partition });
        }
      }
    }
  }
  return false;
}

function handOn(last: Load, links: ReadonlyMap<Load, Link | null>): void {
  let to = last;
  for (let link = links.get(to); link; link = links.get(to)) {
    link.from.partitions.delete(keyOf(link.partition));
    to.partitions.set(keyOf(link.partition), link.partition);
    to = link.from;
  }
}

/**
 * Takes one far read away: the partition goes to a member near to it, which may hand another on, and so forth, until one
 * is reached that has fewer than the first, or the first itself. No link of the chain makes a near read a far one.
 */
function comeNearer(
  all: readonly TopicPartition[],
  loads: readonly Load[],
  near: Nearness,
): boolean {
  const owners = ownersOf(loads);
  for (const partition of all) {
    const owner = owners.get(keyOf(partition));
    if (owner === undefined || near(owner, partition)) continue;
    const links = new Map<Load, Link>();
    for (const load of candidates(loads, partition, near))
      links.set(load, { from: owner, partition });
    // A map gives what is added while it is walked, too.
    for (const [load] of links) {
      if (load === owner || load.partitions.size < owner.partitions.size) {
        handRound(load, owner, links);
        return true;
      }
      for (const given of load.partitions.values()) {
        for (const next of subscribers(loads, given)) {
          if (links.has(next) || !(near(next, given) || !near(load, given))) continue;
          links.set(next, { from: load, partition: given });
        }
      }
    }
  }
  return false;
}

/** As {@link handOn}, up to the first owner, who may be the last as well. */
function handRound(last: Load, first: Load, links: ReadonlyMap<Load, Link>): void {
  let to = last;
  for (let link = links.get(to); link !== undefined; link = links.get(to)) {
    link.from.partitions.delete(keyOf(link.partition));
    to.partitions.set(keyOf(link.partition), link.partition);
    to = link.from;
    if (to === first) return;
  }
}
