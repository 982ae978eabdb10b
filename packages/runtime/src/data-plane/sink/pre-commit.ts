import type { Logger, SinkTask, TopicPartition, TopicPartitionOffset } from '@sluice/api';
import type { RecordConsumer } from '@sluice/kafka';
import type { WorkerErrantRecordReporter } from '../errors/errant-record-reporter.ts';
import { toError } from '../errors/thrown.ts';
import type { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import { withinDeadline } from '../within-deadline.ts';
import type { TaskActivity } from '../task-activity.ts';
import { PartitionOffsets, partitionKey } from './partition-offsets.ts';
import type { SinkMetrics } from './sink-metrics.ts';
import type { SinkOffsets } from './sink-offsets.ts';
import type { WorkerSinkTaskContext } from './sink-task-context.ts';

export interface PreCommitOptions {
  readonly task: SinkTask;
  readonly consumer: RecordConsumer;
  readonly context: WorkerSinkTaskContext;
  readonly offsets: SinkOffsets;
  readonly errors: RetryWithTolerance;
  readonly reporter: WorkerErrantRecordReporter | null;
  readonly metrics: SinkMetrics;
  readonly activity: TaskActivity;
  readonly logger: Logger;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly now: () => number;
}

/**
 * The last step of the sink way: asks the task which offsets are safe, and commits those with the
 * consumer group, by the clock, on request and whenever partitions go (R5.08 to R5.10).
 */
export class PreCommit {
  readonly #options: PreCommitOptions;
  #nextMs: number;
  #isCancelled = false;

  constructor(options: PreCommitOptions) {
    this.#options = options;
    this.#nextMs = options.now() + options.intervalMs;
  }

  /** Passes deliveries on, committing in between when it is time. */
  async *commitWhile(deliveries: AsyncIterable<void>): AsyncGenerator<void, void, undefined> {
    for await (const _delivery of deliveries) {
      await this.commitIfDue();
      yield;
    }
  }

  /** Milliseconds to the next commit by the clock, at least 0. */
  untilNextMs(): number {
    return Math.max(0, this.#nextMs - this.#options.now());
  }

  async commitIfDue(): Promise<void> {
    const { context, consumer, now, intervalMs, activity } = this.#options;
    if (!context.isCommitRequested && now() < this.#nextMs) return;
    activity.enter('commit');
    await this.#commit(consumer.assignment(), false);
    this.#nextMs = now() + intervalMs;
    context.clearCommitRequest();
  }

  /**
   * The partitions are about to go, or the task to end: preCommit, then `close`, then the commit
   * (R5.10). `close` is called whatever preCommit does.
   */
  async commitAndClose(partitions: readonly TopicPartition[]): Promise<void> {
    await this.#commit(partitions, true);
  }

  /** The task has been given up: whatever it still answers is not committed. */
  cancel(): void {
    this.#isCancelled = true;
  }

  async #commit(partitions: readonly TopicPartition[], isClosing: boolean): Promise<void> {
    const { offsets, metrics, now } = this.#options;
    await this.#awaitReports(partitions, isClosing);
    const current = offsets.delivered.of(partitions);
    if (current.length === 0) {
      // Java closes nothing here either: without delivered offsets there were no partitions.
      return;
    }
    metrics.commitSequence += 1;
    const startedMs = now();
    const safe = await this.#askTask(partitions, current, isClosing);
    if (safe === null) return;
    const committable = this.#committable(current, safe);
    if (committable.length === 0) {
      metrics.committed(now() - startedMs, now());
      return;
    }
    if (this.#isCancelled) return;
    await this.#send(committable, startedMs, isClosing);
  }

  /** Offsets wait until the dead letters of their records are stored. */
  async #awaitReports(partitions: readonly TopicPartition[], isClosing: boolean): Promise<void> {
    const { task, reporter, errors } = this.#options;
    try {
      await reporter?.awaitReports(partitions);
      await errors.reportsStored();
    } catch (error) {
      if (isClosing) await task.close?.(partitions);
      throw error;
    }
  }

  /** What the task declares safe; `null` when there is nothing to commit. */
  async #askTask(
    partitions: readonly TopicPartition[],
    current: readonly TopicPartitionOffset[],
    isClosing: boolean,
  ): Promise<readonly TopicPartitionOffset[] | null> {
    const { task, metrics, logger, now } = this.#options;
    try {
      const safe = await preCommit(task, current);
      if (safe === null || safe.length === 0) {
        logger.debug('Skipping offset commit, task opted-out by returning no offsets');
        metrics.committed(0, now());
        return null;
      }
      return safe;
    } catch (error) {
      metrics.commits.failure(now());
      if (isClosing) {
        logger.warn('Offset commit failed during close', { error });
      } else {
        logger.error('Offset commit failed, rewinding to last committed offsets', { error });
        this.#rewindToCommitted(current);
      }
      return null;
    } finally {
      if (isClosing) await task.close?.(partitions);
    }
  }

  #rewindToCommitted(current: readonly TopicPartitionOffset[]): void {
    const { consumer, offsets } = this.#options;
    for (const position of offsets.committed.of(current)) {
      consumer.seek(position);
      offsets.delivered.setAll([position]);
    }
  }

  /** The task's answer without what it may not say, and without what is committed already. */
  #committable(
    current: readonly TopicPartitionOffset[],
    safe: readonly TopicPartitionOffset[],
  ): readonly TopicPartitionOffset[] {
    const { offsets, consumer, logger } = this.#options;
    const asked = new PartitionOffsets();
    asked.setAll(current);
    const assigned = new Set(consumer.assignment().map(partitionKey));
    const committable: TopicPartitionOffset[] = [];
    for (const each of safe) {
      const name = `${partitionKey(each)}@${each.offset}`;
      const consumed = asked.get(each);
      if (consumed === null) {
        if (assigned.has(partitionKey(each))) continue;
        logger.warn(`Ignoring invalid task provided offset ${name} -- partition not assigned`);
      } else if (each.offset > consumed) {
        logger.warn(
          `Ignoring invalid task provided offset ${name} -- not yet consumed, ` +
            `currentOffset=${consumed}`,
        );
      } else if (each.offset !== offsets.committed.get(each)) {
        committable.push(each);
      }
    }
    return committable;
  }

  async #send(
    committable: readonly TopicPartitionOffset[],
    startedMs: number,
    isClosing: boolean,
  ): Promise<void> {
    const { consumer, offsets, metrics, logger, timeoutMs, now, activity } = this.#options;
    const sequence = metrics.commitSequence;
    const sent = consumer.commit(committable);
    try {
      // The clock must not stop delivery for ever; a late answer of this commit is ignored.
      const outcome = isClosing
        ? { isLate: false, value: await sent }
        : await withinDeadline(sent, timeoutMs);
      if (outcome.isLate) {
        logger.warn('Commit of offsets timed out');
        metrics.commits.failure(now());
        // What it answers after all is not taken note of any more.
        const skip = (): void => metrics.commitSkipped(now());
        void sent.then(skip, skip);
        return;
      }
    } catch (thrown) {
      logger.error(
        `Commit of offsets threw an unexpected exception for sequence number ${sequence}`,
        { error: toError(thrown), offsets: committable },
      );
      metrics.commits.failure(now());
      return;
    }
    offsets.committed.setAll(committable);
    const endedMs = now();
    metrics.committed(endedMs - startedMs, endedMs);
    metrics.active(offsets.uncommitted(), endedMs);
    activity.progressed();
  }
}

/** `preCommit`, or what stands in for it: `flush`, after which everything is safe. */
async function preCommit(
  task: SinkTask,
  offsets: readonly TopicPartitionOffset[],
): Promise<readonly TopicPartitionOffset[] | null> {
  if (task.preCommit !== undefined) return task.preCommit(offsets);
  await task.flush?.(offsets);
  return offsets;
}
