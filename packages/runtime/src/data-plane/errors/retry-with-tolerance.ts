import { ConnectError, type Logger } from '@sluice/api';
import type { ErrorHandlingSpec, TaskId } from '../../task-host/contract.ts';
import { describeRecord, type ErrorContext, type FailedRecord } from './error-context.ts';
import type { ErrorMetrics } from './error-metrics.ts';
import type { ErrorReporter } from './error-reporter.ts';
import { SeenErrors } from './seen-errors.ts';
import { isRetriableError } from './retriable.ts';
import { toError } from './thrown.ts';
import { type Stage, toleratesAnyError } from './stage.ts';

/** The first wait before a retry; doubled for each that follows (R5.16). */
const RETRY_DELAY_MIN_MS = 300;

/** Reports that wait to be stored: dead letters in the producer's memory, mostly. */
const PENDING_REPORTS_MAX = 1_000;

/** A failed operation: what it was, on which record, and how to make it again. */
export interface FailedOperation<T> {
  readonly stage: Stage;
  readonly className: string;
  readonly failed: FailedRecord;
  readonly error: unknown;
  again(): T;
}

export type Recovery<T> =
  | { readonly isRecovered: true; readonly value: T }
  | { readonly isRecovered: false };

export interface RetryWithToleranceOptions {
  readonly id: TaskId;
  readonly spec: ErrorHandlingSpec;
  readonly reporters: readonly ErrorReporter[];
  readonly metrics: ErrorMetrics;
  readonly logger: Logger;
  /** Aborted when the task is to stop: a wait ends, the operation counts as failed. */
  readonly stopSignal: AbortSignal;
  readonly now: () => number;
  /** As `now`, but not moved when somebody sets the clock: for waits. Default: `now`. */
  readonly steadyNow?: () => number;
  readonly random: () => number;
  /** Waits that long, or until the signal is aborted; never rejects. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const NOT_RECOVERED: Recovery<never> = { isRecovered: false };

/**
 * What happens after an operation on a record has thrown: retries while the error is retriable and
 * time is left, then the reporters, then skip or fail. Stages call operations themselves and come
 * here only with an error, so that a record without one costs nothing.
 *
 * Mirrors `RetryWithToleranceOperator`, with one difference on purpose: there a retriable error
 * whose retries are used up is skipped even under `errors.tolerance=none`, which loses the record
 * silently; here it fails the task.
 */
export class RetryWithTolerance {
  readonly #options: RetryWithToleranceOptions;
  readonly #steadyNow: () => number;
  readonly #pendingReports = new Set<Promise<void>>();
  #reportError: Error | null = null;
  /** Every error of a record, tolerated or not. */
  readonly seen = new SeenErrors();

  constructor(options: RetryWithToleranceOptions) {
    this.#options = options;
    this.#steadyNow = options.steadyNow ?? options.now;
  }

  get isTolerant(): boolean {
    return this.#options.spec.tolerance === 'all';
  }

  get hasReporters(): boolean {
    return this.#options.reporters.length > 0;
  }

  /**
   * Retries, reports, and answers the late result or that the record is to be skipped.
   *
   * @throws ConnectError when the error is not to be tolerated: it fails the task
   */
  async recover<T>(operation: FailedOperation<T>): Promise<Recovery<T>> {
    const { metrics } = this.#options;
    const deadlineMs = this.#deadline();
    let error = toError(operation.error);
    metrics.recordFailures += 1;
    for (let attempt = 1; isRetriableError(error); attempt++) {
      if (this.#steadyNow() >= deadlineMs) break;
      await this.#backOff(attempt, deadlineMs);
      // Time was left: the record is neither done nor given up, so it must not be passed over.
      if (this.#options.stopSignal.aborted) throw this.#stopped({ ...operation, error });
      metrics.retries += 1;
      try {
        return { isRecovered: true, value: operation.again() };
      } catch (thrown) {
        error = toError(thrown);
        metrics.recordFailures += 1;
      }
    }
    this.#giveUp({ ...operation, error });
    await this.reportsBounded();
    return NOT_RECOVERED;
  }

  /**
   * Takes an error that nobody can retry (an asynchronous send, a task's own report): reports it
   * and returns when it is tolerated. The promise settles when every report is stored.
   *
   * @throws ConnectError when it is not tolerated
   */
  fail(context: ErrorContext): Promise<void> {
    this.#options.metrics.recordFailures += 1;
    const reported = this.#report(context);
    if (!this.isTolerant) throw this.#intolerable('Tolerance exceeded in error handler', context);
    this.#options.metrics.recordsSkipped += 1;
    return reported;
  }

  /**
   * Settles when every report made so far is stored. Offsets wait for it, so that a record is
   * never both skipped and missing from the dead-letter topic.
   *
   * @throws ConnectError when a report could not be stored
   */
  async reportsStored(): Promise<void> {
    if (this.#pendingReports.size > 0) await Promise.all(this.#pendingReports);
    if (this.#reportError === null) return;
    const cause = this.#reportError;
    throw new ConnectError(
      `Dead letters of task ${this.#name()} could not be stored, so the offsets of their records ` +
        `are not committed: ${cause.message}`,
      { cause, code: 'CONNECT_DEAD_LETTERS_NOT_STORED' },
    );
  }

  /** Holds the pipeline back while too many reports are under way, as a slow producer would. */
  async reportsBounded(): Promise<void> {
    if (this.#pendingReports.size >= PENDING_REPORTS_MAX) await Promise.all(this.#pendingReports);
    for (const reporter of this.#options.reporters) await (reporter.room?.() ?? null);
  }

  async close(): Promise<void> {
    for (const reporter of this.#options.reporters) await reporter.close();
  }

  #giveUp(context: ErrorContext): void {
    const isTolerable = toleratesAnyError(context.stage) || isRetriableError(context.error);
    // The promise is kept in #pendingReports, which commits wait for.
    void this.#report(context).catch(() => undefined);
    if (!isTolerable) throw this.#intolerable('Unhandled exception in error handler', context);
    if (!this.isTolerant) throw this.#intolerable('Tolerance exceeded in error handler', context);
    this.#options.metrics.recordsSkipped += 1;
  }

  #report(context: ErrorContext): Promise<void> {
    const { metrics, reporters, now } = this.#options;
    metrics.recordErrors += 1;
    metrics.lastErrorMs = now();
    this.seen.add(context.error, metrics.lastErrorMs);
    const pending: Promise<void>[] = [];
    for (const reporter of reporters) {
      const stored = reporter.report(context);
      if (stored !== null) pending.push(stored);
    }
    if (pending.length === 0) return Promise.resolve();
    const all = Promise.all(pending).then(() => undefined);
    const tracked = all.then(
      () => undefined,
      (thrown: unknown) => {
        this.#reportError ??= toError(thrown);
      },
    );
    this.#pendingReports.add(tracked);
    void tracked.finally(() => this.#pendingReports.delete(tracked));
    return all;
  }

  #intolerable(headline: string, context: ErrorContext): ConnectError {
    const { stage, className, error, failed } = context;
    const record = describeRecord(failed);
    return new ConnectError(
      `${headline}: stage ${stage} (${className}) of task ${this.#name()} failed on ${record}: ` +
        `${error.message}. Correct the data or the config and restart the task, or set ` +
        'errors.tolerance=all to skip such records',
      {
        cause: error,
        code: 'CONNECT_RECORD_FAILED',
        context: { ...this.#options.id, stage, record },
      },
    );
  }

  #stopped(context: ErrorContext): ConnectError {
    return new ConnectError(
      `Task ${this.#name()} was stopped while it retried stage ${context.stage} on ` +
        `${describeRecord(context.failed)}; the record is read again after the next start`,
      { cause: context.error },
    );
  }

  #name(): string {
    const { connector, task } = this.#options.id;
    return `${connector}-${task}`;
  }

  #deadline(): number {
    const { retryTimeoutMs } = this.#options.spec;
    return retryTimeoutMs < 0 ? Number.POSITIVE_INFINITY : this.#steadyNow() + retryTimeoutMs;
  }

  async #backOff(attempt: number, deadlineMs: number): Promise<void> {
    const { spec, random, sleep, stopSignal } = this.#options;
    let delayMs = RETRY_DELAY_MIN_MS * 2 ** (attempt - 1);
    // Java draws from [0, max) here rather than waiting max: retries may come faster than before.
    if (delayMs > spec.retryDelayMaxMs) delayMs = Math.floor(random() * spec.retryDelayMaxMs);
    const leftMs = Math.max(0, deadlineMs - this.#steadyNow());
    await sleep(Math.min(delayMs, leftMs), stopSignal);
  }
}
