import {
  ConnectError,
  type Logger,
  type SinkRecord,
  type SinkTask,
  type TopicPartition,
} from '@sluice/api';
import { isRetriableError } from '../errors/retriable.ts';
import { toError } from '../errors/thrown.ts';
import type { WorkerErrantRecordReporter } from '../errors/errant-record-reporter.ts';
import { agesOf } from '../record-ages.ts';
import type { TaskActivity } from '../task-activity.ts';
import { partitionKey } from './partition-offsets.ts';
import type { PartitionPauses } from './partition-pauses.ts';
import type { SinkBatch } from './sink-batch.ts';
import type { SinkMetrics } from './sink-metrics.ts';
import type { SinkOffsets } from './sink-offsets.ts';

export interface TaskPutOptions {
  readonly task: SinkTask;
  readonly pauses: PartitionPauses;
  readonly offsets: SinkOffsets;
  readonly reporter: WorkerErrantRecordReporter | null;
  readonly metrics: SinkMetrics;
  readonly logger: Logger;
  readonly onTopicUsed: (topic: string) => void;
  readonly now: () => number;
  readonly activity: TaskActivity;
}

/**
 * Stage TASK_PUT: gives each poll's records to the task, none included (R5.05). When the task
 * throws a retriable error the same batch is given again, and meanwhile nothing new is read (R5.07).
 */
export class TaskPut {
  readonly #options: TaskPutOptions;
  readonly #usedTopics = new Set<string>();
  #waiting: readonly SinkRecord[] = [];

  constructor(options: TaskPutOptions) {
    this.#options = options;
  }

  /** Yields once per batch, delivered or not: the commit stage keeps its own time. */
  async *putRecords(batches: AsyncIterable<SinkBatch>): AsyncGenerator<void, void, undefined> {
    for await (const batch of batches) {
      this.#take(batch);
      if (!this.#options.pauses.isConnectorPaused) await this.#deliver();
      yield;
    }
  }

  /** Each topic counts as used for the first time again. */
  forgetTopics(): void {
    this.#usedTopics.clear();
  }

  /** Whether a batch waits to be delivered again. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Drops what waits of partitions that are no longer ours: their new owner reads it again. */
  dropPartitions(partitions: readonly TopicPartition[]): void {
    if (this.#waiting.length === 0) return;
    const lost = new Set(partitions.map(partitionKey));
    this.#waiting = this.#waiting.filter(
      (record) => !lost.has(`${record.originalTopic}-${record.originalKafkaPartition}`),
    );
  }

  #take(batch: SinkBatch): void {
    const { offsets, reporter } = this.#options;
    for (const part of batch) {
      const { columns, records } = part;
      const last = columns.count - 1;
      if (last < 0) continue;
      offsets.consumed.set(columns.topic, columns.partition, columns.offset(last) + 1);
      this.#noteTopic(columns.topic);
      reporter?.remember(part);
      // A batch of one partition, the usual case, is taken as it is.
      this.#waiting = this.#waiting.length === 0 ? records : [...this.#waiting, ...records];
    }
  }

  async #deliver(): Promise<void> {
    const { task, reporter, offsets, pauses, logger, now, activity } = this.#options;
    const records = this.#waiting;
    const startedMs = now();
    activity.enter('put');
    try {
      // Its own copy: what the task does to it must not change what is delivered again.
      await task.put(records.slice());
      reporter?.throwIntolerable();
      await reporter?.bounded();
    } catch (thrown) {
      const error = toError(thrown);
      if (!isRetriableError(error)) throw unrecoverable(error, records);
      logger.error('RetriableException from SinkTask:', { error });
      pauses.setRedelivering(true);
      activity.redelivering();
      return;
    }
    this.#count(records, startedMs);
    offsets.deliver();
    this.#waiting = [];
    pauses.setRedelivering(false);
  }

  #count(records: readonly SinkRecord[], startedMs: number): void {
    const { metrics, activity, now } = this.#options;
    const nowMs = now();
    activity.delivered();
    metrics.sent(records.length, nowMs - startedMs, nowMs);
    if (records.length === 0) return;
    activity.progressed();
    metrics.latency(agesOf(records, nowMs), nowMs);
  }

  #noteTopic(topic: string): void {
    if (this.#usedTopics.has(topic)) return;
    this.#usedTopics.add(topic);
    this.#options.onTopicUsed(topic);
  }
}

/** Which record it was only the task knows: the message tells the batch. */
function unrecoverable(cause: Error, records: readonly SinkRecord[]): ConnectError {
  const first = records[0];
  const from =
    first === undefined
      ? ''
      : `, from ${first.originalTopic}-${first.originalKafkaPartition}@${first.originalKafkaOffset}`;
  return new ConnectError(
    `Exiting WorkerSinkTask due to unrecoverable exception. put failed: ${cause.message} ` +
      `(batch of ${records.length} records${from})`,
    { cause, code: 'CONNECT_PUT_FAILED' },
  );
}
