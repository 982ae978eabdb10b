import type { TopicPartition, TopicPartitionOffset } from '@sluice/api';
import { PartitionOffsets } from './partition-offsets.ts';

/**
 * How far a sink task is in each partition it owns. Always by the coordinates that a record was
 * read at, whatever transformations made of its topic (KIP-793).
 *
 * Invariant 3: `delivered` moves only after `put` has returned, and only `delivered` is committed.
 */
export class SinkOffsets {
  /** Consumed and handed to `put`, which has not taken it yet. */
  readonly consumed = new PartitionOffsets();
  /** Taken by `put`, filtered or skipped: what `preCommit` is asked about. */
  readonly delivered = new PartitionOffsets();
  readonly committed = new PartitionOffsets();

  /** A partition is ours: it goes on from this position. */
  assign(partition: TopicPartition, position: number): void {
    this.delivered.set(partition.topic, partition.partition, position);
    this.committed.set(partition.topic, partition.partition, position);
  }

  /** All that was consumed has been delivered. */
  deliver(): void {
    this.delivered.setAll(this.consumed.values());
    this.consumed.clear();
  }

  /** The task wants to read again from here (`context.offset`). */
  rewind(position: TopicPartitionOffset): void {
    this.assign(position, position.offset);
  }

  /** How many offsets lie between what was delivered and what is committed. */
  uncommitted(): number {
    let count = 0;
    for (const each of this.delivered.values()) {
      count += Math.max(0, each.offset - (this.committed.get(each) ?? each.offset));
    }
    return count;
  }

  /** Partitions that are no longer ours. */
  forget(partitions: readonly TopicPartition[]): void {
    this.consumed.remove(partitions);
    this.delivered.remove(partitions);
    this.committed.remove(partitions);
  }
}
