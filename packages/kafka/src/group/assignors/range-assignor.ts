import type { TopicPartition } from '../../consumer/contract.ts';
import {
  type Assignments,
  type Assignor,
  type AssignorMember,
  compareText,
  inMemberOrder,
  type PartitionRacks,
} from './assignor.ts';
import { areRacksOfUse, isNear, withoutRacks } from './rack-awareness.ts';

/**
 * `range`: each topic for itself is cut into one contiguous run per subscribed member; the first members get one more
 * where it does not come out even. Where members have racks, each first gets, up to its share, partitions that have a
 * replica in its rack (KIP-881), and topics of equal size and members keep equal numbers together. Mirrors Java's
 * `RangeAssignor`.
 */
export const rangeAssignor: Assignor = {
  name: 'range',
  isCooperative: false,
  userData: () => null,
  assign: assignRanges,
};

function assignRanges(
  partitionCounts: ReadonlyMap<string, number>,
  members: readonly AssignorMember[],
  racksOf: PartitionRacks = withoutRacks,
): Assignments {
  const assigned = new Map<string, TopicPartition[]>(members.map((m) => [m.memberId, []]));
  const ordered = inMemberOrder(members);
  const shares = [...partitionCounts]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([topic, count]) => {
      const subscribed = ordered.filter((member) => member.topics.includes(topic));
      return new TopicShare(topic, count, subscribed, racksOf, assigned);
    });
  if (shares.some(({ isRackAware }) => isRackAware)) {
    for (const together of Map.groupBy(shares, ({ kind }) => kind).values()) {
      if (together.length > 1) dealTogether(together);
      else together.filter(({ isRackAware }) => isRackAware).forEach((share) => share.deal(true));
    }
  }
  for (const share of shares) share.deal(false);
  return assigned;
}

/** One topic while it is divided. */
class TopicShare {
  readonly isRackAware: boolean;
  /** Topics of one kind have the same members and number of partitions: they are divided alike. */
  readonly kind: string;
  readonly count: number;
  readonly members: readonly AssignorMember[];
  readonly #racksOf: PartitionRacks;
  readonly #assigned: ReadonlyMap<string, TopicPartition[]>;
  readonly #had = new Map<string, number>();
  readonly #each: number;
  #oneMore: number;
  #open: readonly TopicPartition[];

  constructor(
    topic: string,
    count: number,
    members: readonly AssignorMember[],
    racksOf: PartitionRacks,
    assigned: ReadonlyMap<string, TopicPartition[]>,
  ) {
    this.count = count;
    this.members = members;
    this.#racksOf = racksOf;
    this.#assigned = assigned;
    this.kind = `${count} ${members.map(({ memberId }) => memberId).join()}`;
    this.#each = members.length === 0 ? 0 : Math.floor(count / members.length);
    this.#oneMore = members.length === 0 ? 0 : count % members.length;
    this.#open = Array.from({ length: count }, (_, partition) => ({ topic, partition }));
    this.isRackAware = areRacksOfUse(members, this.#open, racksOf);
  }

  /** How many more the member may get. */
  roomOf({ memberId }: AssignorMember): number {
    const max = this.#each + (this.#oneMore > 0 ? 1 : 0);
    return Math.max(0, max - (this.#had.get(memberId) ?? 0));
  }

  /** The partition of this number, while nobody has it. */
  open(partition: number): TopicPartition | undefined {
    return this.#open.find((each) => each.partition === partition);
  }

  isNear(member: AssignorMember, partition: TopicPartition): boolean {
    return isNear(member, partition, this.#racksOf);
  }

  give(member: AssignorMember, partitions: readonly TopicPartition[]): void {
    if (partitions.length === 0) return;
    const had = (this.#had.get(member.memberId) ?? 0) + partitions.length;
    this.#had.set(member.memberId, had);
    if (had > this.#each) this.#oneMore--;
    this.#open = this.#open.filter((each) => !partitions.includes(each));
    this.#assigned.get(member.memberId)?.push(...partitions);
  }

  /** Gives each member, in turn, the first that are left, up to its share. */
  deal(isNearOnly: boolean): void {
    for (const member of this.members) {
      const wanted = isNearOnly
        ? this.#open.filter((partition) => this.isNear(member, partition))
        : this.#open;
      this.give(member, wanted.slice(0, this.roomOf(member)));
    }
  }
}

/** Gives the partitions of one number, of all topics, to the first member that is near to all of them. */
function dealTogether(shares: readonly TopicShare[]): void {
  const [first] = shares;
  if (first === undefined) return;
  for (let number = 0; number < first.count; number++) {
    const taker = first.members.find((member) =>
      shares.every((share) => {
        const partition = share.open(number);
        return (
          partition !== undefined && share.roomOf(member) > 0 && share.isNear(member, partition)
        );
      }),
    );
    if (taker === undefined) continue;
    for (const share of shares) {
      const partition = share.open(number);
      if (partition !== undefined) share.give(taker, [partition]);
    }
  }
}
