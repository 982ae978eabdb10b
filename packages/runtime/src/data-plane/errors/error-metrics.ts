import type { MetricValues } from '../../metrics/metric-values.ts';

/** The counts of `task-error-metrics` (R8.05). One per task, written by its stages. */
export interface ErrorMetrics {
  recordFailures: number;
  recordErrors: number;
  recordsSkipped: number;
  retries: number;
  errorsLogged: number;
  deadLetterRequests: number;
  deadLetterFailures: number;
  /** Milliseconds since the epoch; 0 before the first. */
  lastErrorMs: number;
}

/** All counts at zero. */
export function newErrorMetrics(): ErrorMetrics {
  return {
    recordFailures: 0,
    recordErrors: 0,
    recordsSkipped: 0,
    retries: 0,
    errorsLogged: 0,
    deadLetterRequests: 0,
    deadLetterFailures: 0,
    lastErrorMs: 0,
  };
}

/** The counts under the names of Java's sensors. */
export function errorValues(metrics: ErrorMetrics): MetricValues {
  return {
    'total-record-failures': metrics.recordFailures,
    'total-record-errors': metrics.recordErrors,
    'total-records-skipped': metrics.recordsSkipped,
    'total-retries': metrics.retries,
    'total-errors-logged': metrics.errorsLogged,
    'deadletterqueue-produce-requests': metrics.deadLetterRequests,
    'deadletterqueue-produce-failures': metrics.deadLetterFailures,
    'last-error-timestamp': metrics.lastErrorMs,
  };
}
