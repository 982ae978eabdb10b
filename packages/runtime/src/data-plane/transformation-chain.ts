import type { AnyRecord, Predicate, Transformation } from '@sluice/api';
import type { FailedRecord } from './errors/error-context.ts';
import type { RetryWithTolerance } from './errors/retry-with-tolerance.ts';

/** One configured transformation, with its predicate. */
export interface TransformationStep {
  /** For messages and dead-letter headers. */
  readonly className: string;
  readonly transformation: Transformation;
  readonly predicate: Predicate | null;
  readonly negate: boolean;
}

/** Applies one step, or passes the record by when the predicate says so (R5.22). */
export function applyStep<R extends AnyRecord>(step: TransformationStep, record: R): R | null {
  const { predicate } = step;
  if (predicate !== null && predicate.test(record) === step.negate) return record;
  return step.transformation.apply(record);
}

/**
 * Goes on with a record at which step `from` has thrown: retries it as the config says, then
 * applies the remaining steps. `null` when the record is filtered or skipped.
 */
export async function resumeChain<R extends AnyRecord>(
  steps: readonly TransformationStep[],
  from: number,
  input: R,
  thrown: unknown,
  failed: FailedRecord,
  errors: RetryWithTolerance,
): Promise<R | null> {
  let record: R | null = input;
  let error: unknown = thrown;
  for (let index = from; index < steps.length && record !== null; index++) {
    const step = steps[index];
    if (step === undefined) break;
    const subject: R = record;
    if (index > from) {
      try {
        record = applyStep(step, subject);
        continue;
      } catch (again) {
        error = again;
      }
    }
    const recovery = await errors.recover({
      stage: 'TRANSFORMATION',
      className: step.className,
      failed,
      error,
      again: () => applyStep(step, subject),
    });
    if (!recovery.isRecovered) return null;
    record = recovery.value;
  }
  return record;
}

/** Closes every transformation and predicate; the first error is thrown after the last close. */
export function closeChain(steps: readonly TransformationStep[]): void {
  const errors: unknown[] = [];
  for (const { transformation, predicate } of steps) {
    for (const plugin of [transformation, predicate]) {
      try {
        plugin?.close?.();
      } catch (error) {
        errors.push(error);
      }
    }
  }
  if (errors.length > 0) throw errors[0];
}
