import type { Logger, SinkTask, TopicPartition } from '@sluice/api';
import type { RebalanceListener, RecordConsumer } from '@sluice/kafka';
import type { WorkerErrantRecordReporter } from '../errors/errant-record-reporter.ts';
import { toError } from '../errors/thrown.ts';
import type { TaskActivity } from '../task-activity.ts';
import { rewind } from './kafka-consume.ts';
import type { PartitionPauses } from './partition-pauses.ts';
import type { PreCommit } from './pre-commit.ts';
import type { SinkMetrics } from './sink-metrics.ts';
import type { SinkOffsets } from './sink-offsets.ts';
import type { WorkerSinkTaskContext } from './sink-task-context.ts';
import type { TaskPut } from './task-put.ts';

export interface SinkRebalanceOptions {
  readonly task: SinkTask;
  readonly consumer: RecordConsumer;
  readonly context: WorkerSinkTaskContext;
  readonly offsets: SinkOffsets;
  readonly pauses: PartitionPauses;
  readonly put: TaskPut;
  readonly preCommit: PreCommit;
  readonly reporter: WorkerErrantRecordReporter | null;
  readonly metrics: SinkMetrics;
  readonly activity: TaskActivity;
  readonly logger: Logger;
}

/**
 * What a sink task is told when partitions come and go (R5.10, R5.11, Invariant 4). Called from inside the
 * consumer's poll; what the task throws here is kept and fails it once the poll has returned.
 */
export class SinkRebalance implements RebalanceListener {
  readonly #options: SinkRebalanceOptions;
  #error: Error | null = null;
  #isTaskStopped = false;

  constructor(options: SinkRebalanceOptions) {
    this.#options = options;
  }

  /** The task has ended: partitions that the closing consumer gives back are nobody's business. */
  stop(): void {
    this.#isTaskStopped = true;
  }

  /** Throws what was kept, once. */
  throwError(): void {
    const error = this.#error;
    this.#error = null;
    if (error !== null) throw error;
  }

  async onPartitionsAssigned(partitions: readonly TopicPartition[]): Promise<void> {
    if (this.#isTaskStopped) return;
    const { task, consumer, offsets, pauses, put, metrics, activity } = this.#options;
    activity.enter('rebalance');
    try {
      for (const each of partitions) offsets.assign(each, await consumer.position(each));
      if (pauses.isRedelivering && !put.isWaiting) pauses.setRedelivering(false);
      pauses.apply();
      metrics.partitionCount = consumer.assignment().length;
      if (partitions.length === 0 || this.#error !== null) return;
      await task.open?.(partitions);
      // Where `open` wishes to read from counts only if it succeeds.
      rewind(this.#options);
    } catch (thrown) {
      this.#keep(thrown);
    }
  }

  async onPartitionsRevoked(partitions: readonly TopicPartition[]): Promise<void> {
    const { preCommit } = this.#options;
    await this.#remove(partitions, () => preCommit.commitAndClose(partitions));
  }

  async onPartitionsLost(partitions: readonly TopicPartition[]): Promise<void> {
    const { task, reporter } = this.#options;
    await this.#remove(partitions, async () => {
      await task.close?.(partitions);
      reporter?.forget(partitions);
    });
  }

  /** The poll around it is to end, so that the error is seen before the next commit is due. */
  #keep(thrown: unknown): void {
    this.#error ??= toError(thrown);
    this.#options.consumer.wakeup();
  }

  async #remove(partitions: readonly TopicPartition[], close: () => Promise<void>): Promise<void> {
    if (this.#isTaskStopped || partitions.length === 0) return;
    this.#options.activity.enter('rebalance');
    try {
      await close();
    } catch (thrown) {
      this.#keep(thrown);
    }
    const { offsets, put } = this.#options;
    offsets.forget(partitions);
    // They are read again from the committed position, here or elsewhere.
    put.dropPartitions(partitions);
  }
}
