import type { RecordColumns } from '../batch/record-columns.ts';

/** A topic's partition. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** An offset to commit or seek to: that of the next record to read. */
export interface TopicPartitionOffset extends TopicPartition {
  readonly offset: number;
  readonly leaderEpoch?: number | null;
  readonly metadata?: string | null;
}

/** Told of rebalances, from inside `poll` and `close`. Awaited: the group waits for it. */
export interface RebalanceListener {
  onPartitionsRevoked(partitions: readonly TopicPartition[]): void | Promise<void>;
  onPartitionsAssigned(partitions: readonly TopicPartition[]): void | Promise<void>;
  /** The partitions may already belong to somebody else: do not commit. */
  onPartitionsLost(partitions: readonly TopicPartition[]): void | Promise<void>;
}

/** What the data plane needs of a consumer. `Consumer` implements it. Calls must not overlap, but for `wakeup` and `commit`. */
export interface RecordConsumer extends AsyncDisposable {
  subscribe(topics: readonly string[] | RegExp, listener: RebalanceListener): void;
  assign(partitions: readonly TopicPartition[]): void;
  /**
   * At most `max.poll.records` records, grouped by partition; empty after `timeoutMs` without any or
   * after `wakeup`. Rebalances, heartbeats and fetches go on inside and between polls.
   */
  poll(timeoutMs: number): Promise<readonly RecordColumns[]>;
  /** Ends a waiting `poll`, or the next one, at once and without an error. */
  wakeup(): void;
  /**
   * Commits with the group, as the member that this consumer is now; in the order of the calls. Need not be awaited
   * before the next poll: a commit that is still on its way when its partitions go is refused, or lands before they do.
   */
  commit(offsets: readonly TopicPartitionOffset[]): Promise<void>;
  committed(
    partitions: readonly TopicPartition[],
  ): Promise<readonly (TopicPartitionOffset | null)[]>;
  seek(position: TopicPartitionOffset): void;
  position(partition: TopicPartition): Promise<number>;
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  assignment(): readonly TopicPartition[];
  /** Offsets of the log's ends. */
  beginningOffsets(partitions: readonly TopicPartition[]): Promise<readonly TopicPartitionOffset[]>;
  endOffsets(partitions: readonly TopicPartition[]): Promise<readonly TopicPartitionOffset[]>;
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}
