import type { Logger, SourceTask } from '@sluice/api';
import { canonicalText } from '../../storage/offset-json.ts';
import type { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import { withinDeadline } from '../within-deadline.ts';
import type { TaskActivity } from '../task-activity.ts';
import type { OffsetWriter } from './offset-writer.ts';
import type { ConvertedBatch } from './source-batch.ts';
import type { SourceMetrics } from './source-metrics.ts';
import type { HeldRecords, SubmittedRecords } from './submitted-records.ts';

export interface OffsetCommitOptions {
  readonly task: SourceTask;
  readonly submitted: SubmittedRecords;
  readonly writer: OffsetWriter;
  readonly errors: RetryWithTolerance;
  readonly metrics: SourceMetrics;
  readonly activity: TaskActivity;
  readonly logger: Logger;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly now: () => number;
}

/**
 * The last step of the source way: offsets of acknowledged records go to the store, by a timer
 * (`offset.flush.interval.ms`, R4.11) and a last time at the end (R4.12).
 *
 * Invariant 1: an offset is written only after its record, and all before it from the same source
 * partition, are in Kafka.
 */
export class OffsetCommit {
  readonly #options: OffsetCommitOptions;
  #timer: NodeJS.Timeout | null = null;
  #present: Promise<boolean> | null = null;

  constructor(options: OffsetCommitOptions) {
    this.#options = options;
  }

  /** Passes batches on, committing by the clock while they flow. */
  async *commitWhile(
    batches: AsyncIterable<ConvertedBatch>,
  ): AsyncGenerator<ConvertedBatch, void, undefined> {
    this.#timer = setInterval(() => void this.commit(), this.#options.intervalMs);
    try {
      yield* batches;
    } finally {
      clearInterval(this.#timer);
      this.#timer = null;
    }
  }

  /** Waits for what is under way, within the flush timeout, and commits what can be. */
  async commitFinally(): Promise<void> {
    const { submitted, timeoutMs, logger } = this.#options;
    const drained = await withinDeadline(submitted.drained(), timeoutMs);
    if (drained.isLate) {
      logger.warn(
        `${submitted.pending} records were not acknowledged within offset.flush.timeout.ms ` +
          `(${timeoutMs} ms); their offsets are not committed and they are read again`,
      );
    }
    if (this.#present !== null) await this.#present;
    await this.commit();
  }

  /** Ends the timer at once: the task is given up. */
  abandon(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** One commit. Never rejects: a failure is logged and counted, and made good by the next. */
  commit(): Promise<boolean> {
    // A commit that outlasts the interval (its own timeout is longer): the next one waits its turn.
    if (this.#present !== null) return this.#present;
    const { activity } = this.#options;
    activity.commitBegan();
    this.#present = this.#commit().finally(() => {
      activity.commitEnded();
      this.#present = null;
    });
    return this.#present;
  }

  async #commit(): Promise<boolean> {
    const { submitted, writer, logger, metrics, now, timeoutMs, errors, activity } = this.#options;
    const startedMs = now();
    const { offsets, acknowledged, pending } = submitted.takeCommittable();
    writer.add(offsets);
    if (acknowledged > 0 || pending > 0) {
      logger.info(`Committing offsets for ${acknowledged} acknowledged messages`);
      if (pending > 0) logger.debug(pendingText(submitted.held()));
    } else {
      logger.debug('Nothing was produced by the task since the last offset commit');
    }
    try {
      await errors.reportsStored();
      if (!writer.isEmpty) {
        const flushed = await withinDeadline(writer.flush(), timeoutMs);
        if (flushed.isLate) {
          writer.cancelFlush();
          logger.error(
            'Timed out waiting to flush offsets to storage; will try again on next flush ' +
              'interval with latest offsets',
          );
          metrics.commits.failure(now());
          return false;
        }
      }
    } catch (error) {
      logger.error('Failed to flush offsets to storage: ', { error });
      metrics.commits.failure(now());
      return false;
    }
    const endedMs = now();
    metrics.commits.success(endedMs - startedMs, endedMs);
    if (offsets.length > 0) activity.progressed();
    await this.#commitTask();
    return true;
  }

  async #commitTask(): Promise<void> {
    const { task, logger } = this.#options;
    try {
      await task.commit?.();
    } catch (error) {
      // As in Java: the offsets are stored; what the task makes of it is its own affair.
      logger.error('Exception thrown while calling task.commit()', { error });
    }
  }
}

function pendingText({ records, partitions, largest }: HeldRecords): string {
  const most =
    largest === null
      ? ''
      : `; most of them, ${largest.records}, are of ${canonicalText(largest.partition)}`;
  return (
    `There are currently ${records} pending messages in ${partitions} source partitions whose ` +
    `offsets are not committed yet${most}`
  );
}
