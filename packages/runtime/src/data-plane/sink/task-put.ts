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
    const { task, reporter, offsets, pauses, metrics, logger, now } = this.#options;
    const records = this.#waiting;
    const startedMs = now();
    try {
      // Its own copy: what the task does to it must not change what is delivered again.
      await task.put(records.slice());
      reporter?.throwIntolerable();
      await reporter?.bounded();
    } catch (thrown) {
      const error = toError(thrown);
      if (!isRetriableError(error)) throw unrecoverable(error);
      logger.error('RetriableException from SinkTask:', { error });
      pauses.setRedelivering(true);
      return;
    }
    const durationMs = now() - startedMs;
    metrics.puts += 1;
    metrics.putMsTotal += durationMs;
    metrics.putMsMax = Math.max(metrics.putMsMax, durationMs);
    metrics.recordsSent += records.length;
    metrics.batchSizeMax = Math.max(metrics.batchSizeMax, records.length);
    offsets.deliver();
    this.#waiting = [];
    pauses.setRedelivering(false);
  }

  #noteTopic(topic: string): void {
    if (this.#usedTopics.has(topic)) return;
    this.#usedTopics.add(topic);
    this.#options.onTopicUsed(topic);
  }
}

function unrecoverable(cause: Error): ConnectError {
  return new ConnectError(
    `Exiting WorkerSinkTask due to unrecoverable exception. put failed: ${cause.message}`,
    { cause },
  );
}
