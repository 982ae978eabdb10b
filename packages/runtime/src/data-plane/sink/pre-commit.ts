import type { Logger, SinkTask, TopicPartition, TopicPartitionOffset } from '@sluice/api';
import type { RecordConsumer } from '@sluice/kafka';
import type { WorkerErrantRecordReporter } from '../errors/errant-record-reporter.ts';
import { toError } from '../errors/thrown.ts';
import type { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
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
  /** As `now`, but not moved when somebody sets the clock: for waits. Default: `now`. */
  readonly steadyNow?: () => number;
}

/** A commit that Kafka has not answered yet: delivery goes on meanwhile (R5.04). */
interface OutstandingCommit {
  /** Only the newest commit's answer counts (R5.09). */
  readonly sequence: number;
  readonly startedMs: number;
  /** By the steady clock. */
  readonly sinceMs: number;
}

/**
 * The last step of the sink way: asks the task which offsets are safe, and commits those with the
 * consumer group, by the clock, on request and whenever partitions go (R5.08 to R5.10).
 */
export class PreCommit {
  readonly #options: PreCommitOptions;
  readonly #steadyNow: () => number;
  #nextMs: number;
  #outstanding: OutstandingCommit | null = null;
  #isCancelled = false;

  constructor(options: PreCommitOptions) {
    this.#options = options;
    this.#steadyNow = options.steadyNow ?? options.now;
    this.#nextMs = this.#steadyNow() + options.intervalMs;
  }

  /** Passes deliveries on, committing in between when it is time. */
  async *commitWhile(deliveries: AsyncIterable<void>): AsyncGenerator<void, void, undefined> {
    for await (const _delivery of deliveries) {
      await this.commitIfDue();
      yield;
    }
  }

  /** Milliseconds to the next commit, or to the end of the one that is under way; at least 0. */
  untilNextMs(): number {
    const { context, timeoutMs } = this.#options;
    const nowMs = this.#steadyNow();
    if (this.#outstanding !== null)
      return Math.max(0, this.#outstanding.sinceMs + timeoutMs - nowMs);
    return context.isCommitRequested ? 0 : Math.max(0, this.#nextMs - nowMs);
  }

  async commitIfDue(): Promise<void> {
    const { context, consumer, intervalMs, activity } = this.#options;
    this.#giveUpLate();
    if (this.#outstanding !== null) return;
    if (!context.isCommitRequested && this.#steadyNow() < this.#nextMs) return;
    activity.enter('commit');
    await this.#commit(consumer.assignment(), false);
    this.#nextMs = this.#steadyNow() + intervalMs;
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
    const current = offsets.delivered.of(partitions);
    if (current.length === 0) {
      // Java closes nothing here either: without delivered offsets there were no partitions. Nor is
      // there a report to wait for: those of partitions that were lost are others' business.
      return;
    }
    await this.#awaitReports(partitions, isClosing);
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

  /** A commit must not hold back the next ones for ever; what it answers after all is not noted. */
  #giveUpLate(): void {
    const { now, timeoutMs, logger, metrics } = this.#options;
    const sinceMs = this.#outstanding?.sinceMs ?? Infinity;
    if (this.#steadyNow() < sinceMs + timeoutMs) return;
    this.#outstanding = null;
    logger.warn('Commit of offsets timed out');
    metrics.commits.failure(now());
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

  /** Waits for the answer only when the partitions are about to go. */
  async #send(
    committable: readonly TopicPartitionOffset[],
    startedMs: number,
    isClosing: boolean,
  ): Promise<void> {
    const { metrics } = this.#options;
    const sequence = metrics.commitSequence;
    this.#outstanding = { sequence, startedMs, sinceMs: this.#steadyNow() };
    const answered = this.#sendAndNote(committable, sequence);
    if (isClosing) await answered;
    else void this.#goOnAfter(answered);
  }

  async #sendAndNote(
    committable: readonly TopicPartitionOffset[],
    sequence: number,
  ): Promise<void> {
    try {
      await this.#options.consumer.commit(committable);
      this.#onAnswer(sequence, committable, null);
    } catch (thrown) {
      this.#onAnswer(sequence, committable, toError(thrown));
    }
  }

  /** What had to wait for a commit need not wait for the next record as well. */
  async #goOnAfter(answered: Promise<void>): Promise<void> {
    const { consumer, context } = this.#options;
    await answered;
    if (context.isCommitRequested || this.#steadyNow() >= this.#nextMs) consumer.wakeup();
  }

  #onAnswer(
    sequence: number,
    committable: readonly TopicPartitionOffset[],
    error: Error | null,
  ): void {
    const { offsets, metrics, logger, now, activity } = this.#options;
    const endedMs = now();
    if (this.#outstanding?.sequence !== sequence) {
      logger.debug(`Ignoring the late answer to the commit of sequence number ${sequence}`);
      metrics.commitSkipped(endedMs);
      return;
    }
    const { startedMs } = this.#outstanding;
    this.#outstanding = null;
    if (error !== null) {
      logger.error(
        `Commit of offsets threw an unexpected exception for sequence number ${sequence}`,
        { error, offsets: committable },
      );
      metrics.commits.failure(endedMs);
      return;
    }
    // Partitions that were lost meanwhile are not ours to remember.
    offsets.committed.setAll(committable.filter((each) => offsets.committed.has(each)));
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
