import { ConnectError, type Logger, type RecordMetadata, type SourceRecord } from '@sluice/api';
import type { DeliveryReport, ColumnProducer } from '@sluice/kafka';
import { abortableSleep } from '../abortable-sleep.ts';
import { describeRecord } from '../errors/error-context.ts';
import { isRetriableError } from '../errors/retriable.ts';
import type { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import { messageOf } from '../errors/thrown.ts';
import type { TaskActivity } from '../task-activity.ts';
import type { TaskControl } from '../task-control.ts';
import { outgoingColumns } from './outgoing-columns.ts';
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
  readonly activity: TaskActivity;
  readonly logger: Logger;
  readonly now: () => number;
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
  #producer: ColumnProducer | null = null;
  #sendError: Error | null = null;

  constructor(options: KafkaProduceOptions) {
    this.#options = options;
  }

  /** The producer is made with {@link onDelivery}, hence given afterwards. */
  attach(producer: ColumnProducer): void {
    this.#producer = producer;
  }

  /** Each topic counts as used for the first time again. */
  forgetTopics(): void {
    this.#usedTopics.clear();
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
      code: 'CONNECT_SEND_FAILED',
    });
  }

  /** False when the task was stopped before all of the batch was taken. */
  async #sendBatch(batch: ConvertedBatch): Promise<boolean> {
    this.#options.activity.sending();
    const { records } = batch;
    // Nearly always one run: records of one topic in a row go to the producer together.
    let from = 0;
    while (from < records.length) {
      const topic = records[from]?.topic ?? '';
      let to = from + 1;
      while (to < records.length && records[to]?.topic === topic) to += 1;
      if (this.#sendError !== null) this.throwSendError();
      if (!(await this.#ready(topic))) return false;
      if (!(await this.#sendRun(batch, topic, from, to))) return false;
      from = to;
    }
    return true;
  }

  /** Sends the records from `from` up to `to`; false when the task was stopped meanwhile. */
  async #sendRun(batch: ConvertedBatch, topic: string, from: number, to: number): Promise<boolean> {
    const producer = this.#attached();
    const { submitted, errors } = this.#options;
    const columns = outgoingColumns(batch, topic, from, to, submitted);
    let next = 0;
    try {
      while (next < columns.count) {
        if (this.#sendError !== null) this.throwSendError();
        // Invariant 9: what the task may have under way is bounded in bytes.
        if (!producer.hasRoom && !(await this.#room())) return false;
        try {
          next = producer.appendColumns(columns, next);
        } catch (error) {
          const token = columns.tokens[next];
          if (errors.isTolerant && token !== undefined && isTooLarge(error)) {
            // To Java such a record is one whose delivery failed: it is skipped like those.
            this.#onUndelivered({ topic, tokens: [token] }, error);
            next += 1;
            continue;
          }
          const record = batch.records[from + next];
          if (!isRetriableError(error)) throw unsendable(topic, record, error);
          if (!(await this.#backOff(topic, error))) return false;
        }
      }
      return true;
    } finally {
      // What the producer did not take is not under way; the last first, as they were submitted.
      for (let at = columns.count - 1; at >= next; at--)
        submitted.withdraw(columns.tokens[at] ?? 0);
    }
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
    const { submitted, commitRecord, metrics, activity, now } = this.#options;
    const { tokens, topic } = report;
    const nowMs = now();
    // Before they are acknowledged: that frees the tokens for others.
    metrics.latency(submitted.ages(tokens, nowMs), nowMs);
    for (let index = 0; index < tokens.length; index++) {
      const token = tokens[index];
      if (token === undefined) continue;
      if (commitRecord !== null) {
        const record = submitted.record(token);
        if (record !== null) commitRecord(record, metadataOf(report, record, index));
      }
      submitted.acknowledge(token);
    }
    metrics.written(tokens.length, nowMs);
    activity.progressed();
    activity.acknowledged(submitted.pending > 0);
    if (!this.#usedTopics.has(topic)) {
      this.#usedTopics.add(topic);
      this.#options.onTopicUsed(topic);
    }
  }

  #onUndelivered(report: Pick<DeliveryReport, 'topic' | 'tokens'>, error: Error): void {
    const { errors, submitted, commitRecord, control, logger, metrics, activity } = this.#options;
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
    metrics.dropped(report.tokens.length);
    if (submitted.pending === 0) activity.acknowledged(false);
  }

  #attached(): ColumnProducer {
    if (this.#producer === null) throw new Error('the producer has not been attached yet');
    return this.#producer;
  }
}

function isTooLarge(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'RECORD_TOO_LARGE';
}

const WORKER_SOURCE_TASK = 'org.apache.kafka.connect.runtime.WorkerSourceTask';

function metadataOf(report: DeliveryReport, record: SourceRecord, index: number): RecordMetadata {
  return {
    topic: report.topic,
    partition: report.partition,
    offset: report.baseOffset < 0 ? -1 : report.baseOffset + index,
    timestamp: report.logAppendTimeMs ?? record.timestamp,
  };
}

function unsendable(topic: string, record: SourceRecord | undefined, cause: unknown): ConnectError {
  const where = `topic '${topic}', partition ${record?.kafkaPartition ?? 'any'}`;
  const failed = record === undefined ? '' : ` (${describeRecord({ type: 'source', record })})`;
  return new ConnectError(
    `Unrecoverable exception trying to send a record to ${where}: ${messageOf(cause)}${failed}`,
    { cause, code: 'CONNECT_SEND_FAILED' },
  );
}

function unreachable(topic: string, cause: unknown): ConnectError {
  return new ConnectError(
    `Unrecoverable exception trying to send records to topic '${topic}': ${messageOf(cause)}. ` +
      'Create the topic, or allow the connector to by topic.creation.*',
    { cause, code: 'CONNECT_TOPIC_UNAVAILABLE' },
  );
}
