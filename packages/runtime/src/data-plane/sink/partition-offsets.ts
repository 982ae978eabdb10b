import type { TopicPartition, TopicPartitionOffset } from '@sluice/api';

/** A partition's name as a map key and in messages: `orders-0`. */
export function partitionKey(partition: TopicPartition): string {
  return `${partition.topic}-${partition.partition}`;
}

/** One offset per partition. Touched once per poll and partition, never per record. */
export class PartitionOffsets {
  readonly #offsets = new Map<string, TopicPartitionOffset>();

  get size(): number {
    return this.#offsets.size;
  }

  set(topic: string, partition: number, offset: number): void {
    this.#offsets.set(`${topic}-${partition}`, { topic, partition, offset });
  }

  setAll(offsets: Iterable<TopicPartitionOffset>): void {
    for (const each of offsets) this.#offsets.set(partitionKey(each), each);
  }

  get(partition: TopicPartition): number | null {
    return this.#offsets.get(partitionKey(partition))?.offset ?? null;
  }

  has(partition: TopicPartition): boolean {
    return this.#offsets.has(partitionKey(partition));
  }

  remove(partitions: Iterable<TopicPartition>): void {
    for (const each of partitions) this.#offsets.delete(partitionKey(each));
  }

  clear(): void {
    this.#offsets.clear();
  }

  values(): TopicPartitionOffset[] {
    return [...this.#offsets.values()];
  }

  /** Those of the given partitions that are known. */
  of(partitions: Iterable<TopicPartition>): TopicPartitionOffset[] {
    const found: TopicPartitionOffset[] = [];
    for (const each of partitions) {
      const offset = this.#offsets.get(partitionKey(each));
      if (offset !== undefined) found.push(offset);
    }
    return found;
  }
}
