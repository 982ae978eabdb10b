import type { TopicPartition } from '@sluice/api';
import type { RecordConsumer } from '@sluice/kafka';
import { partitionKey } from './partition-offsets.ts';

/**
 * Who has paused what. Partitions rest while the connector is paused, while a batch waits to be
 * delivered again, or while the task itself has paused them; resuming for one reason must not undo
 * another.
 */
export class PartitionPauses {
  readonly #consumer: RecordConsumer;
  readonly #byTask = new Map<string, TopicPartition>();
  #isConnectorPaused = false;
  #isRedelivering = false;

  constructor(consumer: RecordConsumer) {
    this.#consumer = consumer;
  }

  get isConnectorPaused(): boolean {
    return this.#isConnectorPaused;
  }

  get isRedelivering(): boolean {
    return this.#isRedelivering;
  }

  setConnectorPaused(isPaused: boolean): void {
    this.#isConnectorPaused = isPaused;
    this.apply();
  }

  setRedelivering(isRedelivering: boolean): void {
    if (this.#isRedelivering === isRedelivering) return;
    this.#isRedelivering = isRedelivering;
    this.apply();
  }

  /** `context.pause`. */
  pauseByTask(partitions: readonly TopicPartition[]): void {
    for (const each of partitions) this.#byTask.set(partitionKey(each), each);
    if (!this.#areAllPaused()) this.#consumer.pause(partitions);
  }

  /** `context.resume`. */
  resumeByTask(partitions: readonly TopicPartition[]): void {
    for (const each of partitions) this.#byTask.delete(partitionKey(each));
    if (!this.#areAllPaused()) this.#consumer.resume(partitions);
  }

  /** After a rebalance: the same pauses for what is owned now (R5.10). */
  apply(): void {
    const owned = this.#consumer.assignment();
    const ownedKeys = new Set(owned.map(partitionKey));
    for (const key of this.#byTask.keys()) if (!ownedKeys.has(key)) this.#byTask.delete(key);
    if (owned.length === 0) return;
    if (this.#areAllPaused()) {
      this.#consumer.pause(owned);
      return;
    }
    const free = owned.filter((each) => !this.#byTask.has(partitionKey(each)));
    if (free.length > 0) this.#consumer.resume(free);
    if (this.#byTask.size > 0) this.#consumer.pause([...this.#byTask.values()]);
  }

  #areAllPaused(): boolean {
    return this.#isConnectorPaused || this.#isRedelivering;
  }
}
