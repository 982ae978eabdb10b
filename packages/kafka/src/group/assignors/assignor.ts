import type { TopicPartition } from '../../consumer/contract.ts';

/** What the leader knows of one member of a consumer group when it assigns partitions. */
export interface AssignorMember {
  readonly memberId: string;
  /** `null` for a dynamic member. */
  readonly groupInstanceId: string | null;
  /** Topics it subscribes to. */
  readonly topics: readonly string[];
  /** What it says that it owns (Subscription version 1 and newer). */
  readonly ownedPartitions: readonly TopicPartition[];
  /** The generation of `ownedPartitions` (Subscription version 2 and newer), -1 when not told. */
  readonly generationId: number;
  /** Where it sits (`client.rack`, Subscription version 3); `null` or empty when not told. */
  readonly rackId: string | null;
  /** The assignor's own bytes in the member's subscription. */
  readonly userData: Buffer | null;
}

/** The racks of a partition's replicas; empty where brokers tell none. */
export type PartitionRacks = (topic: string, partition: number) => ReadonlySet<string>;

/** A member's part, by member id. Every member has an entry, if only an empty one. */
export type Assignments = ReadonlyMap<string, readonly TopicPartition[]>;

/**
 * Divides the partitions of a classic consumer group among its members. Java members of the same group
 * may lead or be led: names and user data are Java's. Mirrors `ConsumerPartitionAssignor`.
 */
export interface Assignor {
  /** The protocol name in JoinGroup, e.g. `range`. */
  readonly name: string;
  /** Cooperative members keep what they own during a rebalance and give up only what moves (KIP-429). */
  readonly isCooperative: boolean;
  /** Bytes for the member's own subscription. */
  userData(owned: readonly TopicPartition[], generationId: number): Buffer | null;
  /**
   * `partitionCounts`: topics that exist; others are left out. Members' order does not matter. `racksOf`: where replicas
   * are, for those that look at it.
   */
  assign(
    partitionCounts: ReadonlyMap<string, number>,
    members: readonly AssignorMember[],
    racksOf?: PartitionRacks,
  ): Assignments;
}

/** Static members first, by instance id; then dynamic ones, by member id. As Java's `MemberInfo`. */
export function inMemberOrder(members: readonly AssignorMember[]): readonly AssignorMember[] {
  return members.toSorted((a, b) => {
    if (a.groupInstanceId !== null && b.groupInstanceId !== null) {
      return compareText(a.groupInstanceId, b.groupInstanceId);
    }
    if (a.groupInstanceId !== null) return -1;
    if (b.groupInstanceId !== null) return 1;
    return compareText(a.memberId, b.memberId);
  });
}

/** Java's `String.compareTo` order (by UTF-16 code unit), which `localeCompare` is not. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** All partitions of the topics, by topic name and number. */
export function partitionsOf(
  topics: Iterable<string>,
  partitionCounts: ReadonlyMap<string, number>,
): TopicPartition[] {
  return [...new Set(topics)].toSorted(compareText).flatMap((topic) =>
    Array.from({ length: partitionCounts.get(topic) ?? 0 }, (_, partition) => ({
      topic,
      partition,
    })),
  );
}
