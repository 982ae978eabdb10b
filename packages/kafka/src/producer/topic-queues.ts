import type { TopicInfo } from '../cluster/cluster-metadata.ts';
import { PartitionQueue } from './partition-queue.ts';
import type { PartitionLoad, StickyPartitioner } from './sticky-partitioner.ts';

/**
 * How fast the estimate follows: slowly when batches get smaller, at once when they get larger.
 * Java's steps.
 */
const RATIO_DOWN_STEP = 0.005;
const RATIO_UP_STEP = 0.05;
const RATIO_MARGIN = 1.05;

/** One topic of the producer: its partitions' queues, and what its records compress to. */
export class TopicQueues implements PartitionLoad {
  readonly name: string;
  readonly sticky: StickyPartitioner;
  readonly #queues: PartitionQueue[] = [];
  #info: TopicInfo;
  #ratio = 1;

  constructor(info: TopicInfo, sticky: StickyPartitioner) {
    this.name = info.name;
    this.#info = info;
    this.sticky = sticky;
  }

  get count(): number {
    return this.#info.partitions.length;
  }
  /** Takes over newer metadata. */
  update(info: TopicInfo): void {
    this.#info = info;
  }
  hasLeader(partition: number): boolean {
    return (this.#info.partitions[partition]?.leader ?? -1) >= 0;
  }
  queued(partition: number): number {
    return this.#queues[partition]?.waiting ?? 0;
  }
  queue(partition: number): PartitionQueue {
    const known = this.#queues[partition];
    if (known !== undefined) return known;
    for (let i = this.#queues.length; i < partition; i++) {
      this.#queues.push(new PartitionQueue(this.name, i));
    }
    const queue = new PartitionQueue(this.name, partition);
    this.#queues[partition] = queue;
    return queue;
  }

  /**
   * How many plain bytes make up `batchSize` bytes when compressed, as far as can be told from
   * batches before.
   */
  plainBytesFor(batchSize: number): number {
    return Math.floor(batchSize / Math.min(1, this.#ratio * RATIO_MARGIN));
  }
  /** Learns from a batch that was compressed. */
  compressed(plainBytes: number, packedBytes: number): void {
    const observed = packedBytes / Math.max(1, plainBytes);
    if (observed > this.#ratio) {
      this.#ratio = Math.max(this.#ratio + RATIO_UP_STEP, observed);
    } else if (observed < this.#ratio) {
      this.#ratio = Math.max(this.#ratio - RATIO_DOWN_STEP, observed);
    }
  }
  /** The broker found a batch too large: estimates start over. */
  forgetCompression(): void {
    this.#ratio = Math.max(1, this.#ratio);
  }
}
