import { pause } from '../clock.ts';
import type { RecordColumns } from '../batch/record-columns.ts';
import type { RecordHeader } from '../batch/record-header.ts';
import type { RecordConsumer, TopicPartition } from '../consumer/contract.ts';
import { asKafkaError } from '../errors/broker-error.ts';
import type { KafkaError } from '../errors/kafka-error.ts';
import type { KafkaLogger } from '../logger.ts';

/** One record of a log, as its callback gets it. */
export interface LogRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
}

/** What a reader works with. */
export interface LogReaderOptions {
  readonly topic: string;
  readonly consumer: RecordConsumer;
  readonly onRecord: (record: LogRecord) => void;
  /** Reading can't go on: called once, at the end of the reader. */
  readonly onFailure: (error: KafkaError) => void;
  readonly logger: KafkaLogger;
}

interface EndRequest {
  readonly resolve: () => void;
  readonly reject: (error: KafkaError) => void;
}

/** A poll ends earlier when somebody asks for the end. */
const POLL_MS = 60_000;
/** One poll on the way to the end. */
const CATCH_UP_POLL_MS = 1000;
/** Java's back-off between attempts to find the end. */
const RETRY_MS = 10_000;

/** Follows a log for good, in one loop that owns the consumer; tells who asks when everything up to now has been read. */
export class LogReader {
  readonly #options: LogReaderOptions;
  readonly #partitions: readonly TopicPartition[];
  readonly #ending = new AbortController();
  readonly #running: Promise<void>;
  #requests: EndRequest[] = [];
  #failure: KafkaError | null = null;

  /** Assigns the partitions and starts at their beginnings (by `auto.offset.reset=earliest`). */
  constructor(options: LogReaderOptions, partitionCount: number) {
    this.#options = options;
    const { topic, consumer } = options;
    this.#partitions = Array.from({ length: partitionCount }, (_, partition) => ({
      topic,
      partition,
    }));
    consumer.assign(this.#partitions);
    this.#running = this.#run();
  }

  /**
   * Settles when all that was in the log at the time of the call has been given to the callback. Waits out failures
   * that pass.
   */
  readToEnd(): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#requests.push({ resolve, reject });
      this.#options.consumer.wakeup();
    });
  }

  /** Ends the loop; who waits for the end is refused with `reason`. The consumer stays open. */
  async stop(reason: KafkaError): Promise<void> {
    this.#failure ??= reason;
    this.#ending.abort();
    this.#options.consumer.wakeup();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      try {
        if (this.#requests.length > 0) await this.#serve();
        else this.#deliver(await this.#options.consumer.poll(POLL_MS));
      } catch (thrown) {
        const error = asKafkaError(thrown);
        if (!(await this.#isPassing(error))) this.#fail(error);
      }
    }
    const reason = this.#failure;
    for (const { reject } of this.#requests.splice(0)) if (reason !== null) reject(reason);
  }

  /** Reads up to the ends as they are now; those who asked before share it. */
  async #serve(): Promise<void> {
    const { consumer } = this.#options;
    const served = this.#requests;
    this.#requests = [];
    try {
      const ends = await consumer.endOffsets(this.#partitions);
      for (const end of ends) {
        while (!this.#ending.signal.aborted && (await consumer.position(end)) < end.offset) {
          this.#deliver(await consumer.poll(CATCH_UP_POLL_MS));
        }
      }
    } catch (error) {
      this.#requests.unshift(...served);
      throw error;
    }
    if (this.#ending.signal.aborted) this.#requests.unshift(...served);
    else for (const { resolve } of served) resolve();
  }

  /** Waits, and answers true, when trying again may help. */
  async #isPassing(error: KafkaError): Promise<boolean> {
    const { signal } = this.#ending;
    if (signal.aborted) return true;
    if (!error.isRetriable) return false;
    const { logger, topic } = this.#options;
    logger.warn(`Reading the topic "${topic}": ${error.message} Trying again in ${RETRY_MS} ms.`);
    await pause(RETRY_MS, signal);
    return true;
  }

  #fail(error: KafkaError): void {
    this.#failure = error;
    this.#ending.abort();
    this.#options.onFailure(error);
  }

  #deliver(polled: readonly RecordColumns[]): void {
    const { onRecord } = this.#options;
    for (const columns of polled) {
      for (let i = 0; i < columns.count; i++) {
        onRecord({
          partition: columns.partition,
          offset: columns.offset(i),
          timestamp: columns.timestamp(i),
          key: columns.key(i),
          value: columns.value(i),
          headers: columns.headers(i),
        });
      }
    }
  }
}
