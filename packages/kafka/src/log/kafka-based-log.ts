import { withinDeadline } from '../cluster/retrying.ts';
import { pause, systemClock } from '../clock.ts';
import type { KafkaAdmin } from '../admin/contract.ts';
import type { RecordConsumer } from '../consumer/contract.ts';
import { createConsumer } from '../consumer/create-consumer.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { KafkaLogger } from '../logger.ts';
import { LogReader, type LogRecord } from './log-reader.ts';
import { LogWriter } from './log-writer.ts';

/** What a log is made of. */
export interface KafkaBasedLogOptions {
  readonly topic: string;
  /** For its consumer, Java's names; what a log depends on is set over it. */
  readonly consumer: Readonly<Record<string, string>>;
  /** For its producer; `null` for a log that only reads, or whose records somebody else's transactions write. */
  readonly producer: Readonly<Record<string, string>> | null;
  /** Asked for the number of partitions. Stays its owner's. */
  readonly admin: KafkaAdmin;
  /** Called at the start, to create the topic if need be. */
  readonly prepareTopic: () => Promise<void>;
  /** Called for every record, in the order of each partition, also for those that were written here. Must not throw. */
  readonly onRecord: (record: LogRecord) => void;
  /** Called once when reading can't go on (a damaged batch, a permission taken away). */
  readonly onFailure: (error: KafkaError) => void;
  readonly logger: KafkaLogger;
}

/** R3.56: a log always reads everything, by itself, and commits nothing. */
const FIXED_CONSUMER = { 'auto.offset.reset': 'earliest', 'enable.auto.commit': 'false' } as const;

/** How long the topic may stay unknown after it was created. */
const TOPIC_WAIT_MS = 30_000;
const TOPIC_RETRY_MS = 250;
/** How long the first reading may take. */
const START_READ_MS = 15 * 60_000;
const CLOSE_MS = 10_000;

interface Running {
  readonly consumer: RecordConsumer;
  readonly reader: LogReader;
  readonly writer: LogWriter | null;
}

/**
 * A (compacted) topic used as a table that many processes share: read from the start, followed for good, written by
 * anybody. After `start` and after each `readToEnd` every record that was in the topic by then has been given to
 * `onRecord`; so a writer that reads to the end sees its own record and all before it.
 *
 * @see org.apache.kafka.connect.util.KafkaBasedLog
 */
export class KafkaBasedLog implements AsyncDisposable {
  readonly #options: KafkaBasedLogOptions;
  readonly #ending = new AbortController();
  #isStarted = false;
  #running: Running | null = null;
  #partitionCount = 0;

  constructor(options: KafkaBasedLogOptions) {
    this.#options = options;
  }

  /** 0 before `start`. */
  get partitionCount(): number {
    return this.#partitionCount;
  }

  /**
   * Prepares the topic, reads it to its end and goes on following it.
   *
   * @throws KafkaError `UNKNOWN_TOPIC_OR_PARTITION` when the topic does not appear within 30 s, `TIMEOUT` when reading it
   *   takes longer than 15 minutes, and what `prepareTopic` throws
   */
  async start(): Promise<void> {
    const { topic, logger, onRecord, onFailure } = this.#options;
    if (this.#isStarted) throw new KafkaError('LOG_STARTED', `The log "${topic}" runs already`);
    this.#isStarted = true;
    await this.#options.prepareTopic();
    this.#partitionCount = await this.#findPartitions();
    // Stopped meanwhile: nobody would end what is made from here on.
    this.#ending.signal.throwIfAborted();
    const consumer = createConsumer({ ...this.#options.consumer, ...FIXED_CONSUMER }, { logger });
    const writer = this.#makeWriter();
    const options = { topic, consumer, onRecord, onFailure, logger };
    const reader = new LogReader(options, this.#partitionCount);
    this.#running = { consumer, reader, writer };
    const deadlineMs = systemClock.now() + START_READ_MS;
    const what = `Reading the topic "${topic}" to its end`;
    const { signal } = this.#ending;
    await withinDeadline({ clock: systemClock, deadlineMs, what, signal }, reader.readToEnd());
  }

  /** Settles when every record that is in the topic now has been given to `onRecord`. */
  async readToEnd(): Promise<void> {
    await this.#require().reader.readToEnd();
  }

  /**
   * Writes a record; settles when Kafka has it. That does not say that `onRecord` has seen it: read to the end for that.
   * Retries for as long as it takes.
   */
  async write(
    key: Uint8Array | null,
    value: Uint8Array | null,
    partition: number | null = null,
  ): Promise<void> {
    const { writer } = this.#require();
    if (writer === null) {
      throw new KafkaError('LOG_READ_ONLY', `The log "${this.#options.topic}" has no producer`);
    }
    await writer.write(key, value, partition, this.#ending.signal);
  }

  /** Stops following and writing. Records that were being written may or may not be in the topic. */
  async stop(): Promise<void> {
    const { topic } = this.#options;
    this.#ending.abort(new KafkaError('CLIENT_CLOSED', `The log "${topic}" was stopped`));
    const running = this.#running;
    if (running === null) return;
    const ended = new AbortController();
    const reason = new KafkaError('CLIENT_CLOSED', `The log "${topic}" was stopped`);
    const reading = running.reader.stop(reason).finally(() => ended.abort());
    await pause(CLOSE_MS, ended.signal);
    await running.writer?.close(CLOSE_MS);
    // Ends whatever the reader still waits for, when the brokers are away.
    await running.consumer.close({ timeoutMs: CLOSE_MS });
    await reading;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #makeWriter(): LogWriter | null {
    const { topic, producer, logger } = this.#options;
    return producer === null ? null : new LogWriter(topic, producer, logger);
  }

  #require(): Running {
    if (this.#running !== null && !this.#ending.signal.aborted) return this.#running;
    const text = `The log "${this.#options.topic}" does not run: start it first`;
    throw new KafkaError('LOG_NOT_RUNNING', text);
  }

  async #findPartitions(): Promise<number> {
    const { topic, admin } = this.#options;
    const { signal } = this.#ending;
    const deadlineMs = systemClock.now() + TOPIC_WAIT_MS;
    for (;;) {
      signal.throwIfAborted();
      const found = (await admin.describeTopics([topic])).get(topic);
      if (found !== undefined && found.partitions.length > 0) return found.partitions.length;
      if (systemClock.now() >= deadlineMs) break;
      await pause(TOPIC_RETRY_MS, signal);
    }
    throw new KafkaError(
      'UNKNOWN_TOPIC_OR_PARTITION',
      `The topic "${topic}" did not appear within ${TOPIC_WAIT_MS} ms after it should have been ` +
        'created. Does it exist, and may this client see it?',
      { isRetriable: true },
    );
  }
}
