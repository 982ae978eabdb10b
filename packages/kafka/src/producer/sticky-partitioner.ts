/** What the partitioner looks at when it has to choose. */
export interface PartitionLoad {
  readonly count: number;
  hasLeader(partition: number): boolean;
  /** Batches that wait to be sent. */
  queued(partition: number): number;
}

/**
 * Where records without a key go: to one partition until about `batch.size` bytes went there, then
 * to another one (KIP-480, KIP-794), so that batches fill. Partitions whose queues are long are
 * chosen less often.
 */
export class StickyPartitioner {
  readonly #batchSize: number;
  readonly #isAdaptive: boolean;
  readonly #random: () => number;
  #current = -1;
  #bytes = 0;

  constructor(batchSize: number, isAdaptive: boolean, random: () => number) {
    this.#batchSize = batchSize;
    this.#isAdaptive = isAdaptive;
    this.#random = random;
  }

  /** The partition for the next record. */
  choose(load: PartitionLoad): number {
    if (this.#current < 0 || this.#current >= load.count) this.#next(load);
    return this.#current;
  }

  /**
   * Counts what was appended. A new partition is chosen once enough went to this one and its batch
   * is complete.
   */
  appended(bytes: number, isBatchNew: boolean, load: PartitionLoad): void {
    this.#bytes += bytes;
    const isEnough = this.#bytes >= this.#batchSize && isBatchNew;
    if (isEnough || this.#bytes >= this.#batchSize * 2) this.#next(load);
  }

  #next(load: PartitionLoad): void {
    this.#bytes = 0;
    const withLeader: number[] = [];
    for (let i = 0; i < load.count; i++) if (load.hasLeader(i)) withLeader.push(i);
    const candidates = withLeader.length > 0 ? withLeader : [...Array(load.count).keys()];
    const queues = candidates.map((partition) => load.queued(partition));
    const longest = Math.max(...queues);
    const weights = queues.map((queued) => (this.#isAdaptive ? longest + 1 - queued : 1));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let left = Math.floor(this.#random() * total);
    const chosen = weights.findIndex((weight) => (left -= weight) < 0);
    this.#current = candidates[chosen] ?? candidates[0] ?? 0;
  }
}
