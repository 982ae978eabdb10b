import type { Consumer } from '../../src/consumer/consumer.ts';
import type { TopicPartition } from '../../src/consumer/contract.ts';
import type { FoundRecord } from './delivery-ledger.ts';

const POLL_MS = 200;

/** A `read_committed` consumer that reads while the records are written, through all the faults. */
export class LiveReader {
  readonly found: FoundRecord[] = [];
  readonly errors: Error[] = [];
  readonly #consumer: Consumer;
  readonly #partitions: readonly TopicPartition[];
  readonly #running: Promise<void>;
  #isEnding = false;

  constructor(consumer: Consumer, partitions: readonly TopicPartition[]) {
    this.#consumer = consumer;
    this.#partitions = partitions;
    consumer.assign(partitions);
    this.#running = this.#run();
  }

  /** Reads on to the end of what is committed, at most until `deadlineMs` (of `Date.now`). */
  async finish(deadlineMs: number): Promise<void> {
    this.#isEnding = true;
    this.#consumer.wakeup();
    await this.#running;
    const ends = await this.#consumer.endOffsets(this.#partitions);
    while (Date.now() < deadlineMs) {
      await this.#poll();
      const behind: number[] = [];
      for (const end of ends) {
        behind.push(end.offset - (await this.#consumer.position(end)));
      }
      if (behind.every((offsets) => offsets <= 0)) return;
    }
  }

  async #run(): Promise<void> {
    while (!this.#isEnding) {
      try {
        await this.#poll();
      } catch (error) {
        this.errors.push(error instanceof Error ? error : new Error(String(error)));
        return;
      }
    }
  }

  async #poll(): Promise<void> {
    for (const columns of await this.#consumer.poll(POLL_MS)) {
      for (let i = 0; i < columns.count; i++) {
        this.found.push({
          partition: columns.partition,
          offset: columns.offset(i),
          key: columns.key(i)?.toString() ?? null,
          value: columns.value(i)?.toString() ?? null,
        });
      }
    }
  }
}
