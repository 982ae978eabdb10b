import type { ErrorContext } from './error-context.ts';

/** Told of each failed record, before it is skipped or fails the task. */
export interface ErrorReporter {
  /**
   * `null` when the report is complete on return; else a promise that settles when it is stored,
   * and rejects when it can't be.
   */
  report(context: ErrorContext): Promise<void> | null;
  /** `null` when it can take more; else settles when it can. */
  room?(): Promise<void> | null;
  close(): Promise<void>;
}
