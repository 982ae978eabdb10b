import { ConnectError, type Logger, type RecordMetadata, type SourceRecord } from '@sluice/api';
import type { DeliveryReport, RecordHeader, RecordProducer } from '@sluice/kafka';
import { abortableSleep } from '../abortable-sleep.ts';
import { isRetriableError } from '../errors/retriable.ts';
import type { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import { messageOf } from '../errors/thrown.ts';
import type { TaskControl } from '../task-control.ts';
import type { ConvertedBatch } from './source-batch.ts';
import type { SourceMetrics } from './source-metrics.ts';
import type { SubmittedRecords } from './submitted-records.ts';
import type { TopicCreation } from './topic-creation.ts';

/** The wait before a record is sent again after a retriable error (R4.06). */
const SEND_FAILED_BACKOFF_MS = 100;

export interface KafkaProduceOptions {
  readonly submitted: SubmittedRecords;
  readonly topicCreation: TopicCreation | null;
  readonly control: TaskControl;
  readonly errors: RetryWithTolerance;
  readonly metrics: SourceMetrics;
  readonly logger: Logger;
  /** `null` when the task has no `commitRecord`. */
  readonly commitRecord: ((record: SourceRecord, metadata: RecordMetadata | null) => void) | null;
  readonly onTopicUsed: (topic: string) => void;
}

/**
 * Stage KAFKA_PRODUCE: bytes into the producer's batches, and what becomes of them back into
 * {@link SubmittedRecords}. Waits when the producer's memory is used up, so a slow broker slows
 * the task down instead of filling the heap.
 */
export class KafkaProduce {
  readonly #options: KafkaProduceOptions;
  readonly #readyTopics = new Set<string>();
  readonly #usedTopics = new Set<string>();
  #producer: RecordProducer | null = null;
  #sendError: Error | null = null;

  constructor(options: KafkaProduceOptions) {
    this.#options = options;
  }

  /** The producer is made with {@link onDelivery}, hence given afterwards. */
  attach(producer: RecordProducer): void {
    this.#producer = producer;
  }

  /** Sends each batch and hands it on once the producer has all of it. */
  async *produce(
    batches: AsyncIterable<ConvertedBatch>,
  ): AsyncGenerator<ConvertedBatch, void, undefined> {
    for await (const batch of batches) {
      // Stopped half-way: nothing that follows may overtake what was left out (Invariant 2).
      if (!(await this.#sendBatch(batch))) return;
      yield batch;
    }
  }

  /** @throws ConnectError when a record sent earlier could not be delivered (tolerance none) */
  throwSendError(): void {
    if (this.#sendError === null) return;
    throw new ConnectError('Unrecoverable exception from producer send callback', {
      cause: this.#sendError,
    });
  }

  /** False when the task was stopped before all of the batch was taken. */
  async #sendBatch(batch: ConvertedBatch): Promise<boolean> {
    const { submitted } = this.#options;
    const producer = this.#attached();
    const { records, polled, keys, values, headers } = batch;
    let readyTopic = '';
    for (let at = 0; at < records.length; at++) {
      const record = records[at];
      const original = polled[at];
      if (record === undefined || original === undefined) continue;
      if (this.#sendError !== null) this.throwSendError();
      const { topic } = record;
      if (topic !== readyTopic) {
        if (!(await this.#ready(topic))) return false;
        readyTopic = topic;
      }
      // Invariant 9: what the task may have under way is bounded in bytes.
      if (!producer.hasRoom && !(await this.#room())) return false;
      const token = submitted.submit(original);
      try {
        producer.append({
          topic,
          partition: record.kafkaPartition,
          key: keys[at] ?? null,
          value: values[at] ?? null,
          headers: headers?.[at] ?? NO_HEADERS,
          timestamp: record.timestamp,
          token,
        });
      } catch (error) {
        submitted.withdraw(token);
        if (!isRetriableError(error)) throw unsendable(record, error);
        if (!(await this.#backOff(topic, error))) return false;
        at -= 1;
      }
    }
    return true;
  }

  /** Settles true when records may be sent to the topic, false when the task is to stop. */
  async #ready(topic: string): Promise<boolean> {
    if (this.#readyTopics.has(topic)) return true;
    const { control, topicCreation } = this.#options;
    while (!control.isStopping) {
      try {
        if (topicCreation !== null) await topicCreation.ensure(topic);
        await this.#attached().prepare([topic], control.stopSignal);
        this.#readyTopics.add(topic);
        return true;
      } catch (error) {
        if (control.isStopping) return false;
        if (!isRetriableError(error)) {
          throw error instanceof ConnectError ? error : unreachable(topic, error);
        }
        if (!(await this.#backOff(topic, error))) return false;
      }
    }
    return false;
  }

  async #room(): Promise<boolean> {
    const { control } = this.#options;
    try {
      await this.#attached().room(control.stopSignal);
    } catch (error) {
      if (!control.isStopping) throw error;
    }
    return !control.isStopping;
  }

  async #backOff(topic: string, error: unknown): Promise<boolean> {
    const { control, logger } = this.#options;
    logger.warn(`Failed to send record to topic '${topic}'. Backing off before retrying: `, {
      error,
    });
    await abortableSleep(SEND_FAILED_BACKOFF_MS, control.stopSignal);
    return !control.isStopping;
  }

  /** Takes the producer's report on one batch: acknowledges its records, or notes the failure. */
  onDelivery(report: DeliveryReport): void {
    if (report.error !== null) {
      this.#onUndelivered(report, report.error);
      return;
    }
    const { submitted, commitRecord, metrics } = this.#options;
    const { tokens, topic } = report;
    for (let index = 0; index < tokens.length; index++) {
      const token = tokens[index];
      if (token === undefined) continue;
      if (commitRecord !== null) {
        const record = submitted.record(token);
        if (record !== null) commitRecord(record, metadataOf(report, record, index));
      }
      submitted.acknowledge(token);
    }
    metrics.recordsWritten += tokens.length;
    metrics.recordsActive -= tokens.length;
    if (!this.#usedTopics.has(topic)) {
      this.#usedTopics.add(topic);
      this.#options.onTopicUsed(topic);
    }
  }

  #onUndelivered(report: DeliveryReport, error: Error): void {
    const { errors, submitted, commitRecord, control, logger, metrics } = this.#options;
    logger.error(`failed to send ${report.tokens.length} records to ${report.topic}: `, { error });
    if (!errors.isTolerant) {
      for (const token of report.tokens) submitted.abandon(token);
      if (this.#sendError === null) {
        this.#sendError = error;
        // The task may be waiting in poll for a long time: it is to fail now.
        control.interrupt();
      }
      return;
    }
    for (const token of report.tokens) {
      const record = submitted.record(token);
      if (record !== null) {
        const failed = { type: 'source', record } as const;
        // Reports of a source are complete on return; a stored one is awaited by the commit.
        void errors
          .fail({ stage: 'KAFKA_PRODUCE', className: WORKER_SOURCE_TASK, failed, error })
          .catch(() => undefined);
        commitRecord?.(record, null);
      }
      submitted.acknowledge(token);
    }
    metrics.recordsActive -= report.tokens.length;
  }

  #attached(): RecordProducer {
    if (this.#producer === null) throw new Error('the producer has not been attached yet');
    return this.#producer;
  }
}

const NO_HEADERS: readonly RecordHeader[] = [];
const WORKER_SOURCE_TASK = 'org.apache.kafka.connect.runtime.WorkerSourceTask';

function metadataOf(report: DeliveryReport, record: SourceRecord, index: number): RecordMetadata {
  return {
    topic: report.topic,
    partition: report.partition,
    offset: report.baseOffset < 0 ? -1 : report.baseOffset + index,
    timestamp: report.logAppendTimeMs ?? record.timestamp,
  };
}

function unsendable(record: SourceRecord, cause: unknown): ConnectError {
  const where = `topic '${record.topic}', partition ${record.kafkaPartition ?? 'any'}`;
  return new ConnectError(
    `Unrecoverable exception trying to send a record to ${where}: ${messageOf(cause)}`,
    { cause },
  );
}

function unreachable(topic: string, cause: unknown): ConnectError {
  return new ConnectError(
    `Unrecoverable exception trying to send records to topic '${topic}': ${messageOf(cause)}. ` +
      'Create the topic, or allow the connector to by topic.creation.*',
    { cause },
  );
}
