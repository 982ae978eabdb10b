import type { MetricValues } from '../metrics/metric-values.ts';
import { type MetricWindow, SampledStat } from '../metrics/sampled-stat.ts';

/** Offset commits of one task, for `connector-task-metrics` (R8.02). */
export class CommitMetrics {
  succeeded = 0;
  failed = 0;
  readonly #durationMs: SampledStat;
  /** 1 for a success, 0 for a failure: its average is the share of successes. */
  readonly #outcome: SampledStat;

  constructor(window: MetricWindow) {
    this.#durationMs = new SampledStat(window);
    this.#outcome = new SampledStat(window);
  }

  success(durationMs: number, nowMs: number): void {
    this.succeeded += 1;
    this.#durationMs.record(durationMs, nowMs);
    this.#outcome.record(1, nowMs);
  }

  failure(nowMs: number): void {
    this.failed += 1;
    this.#outcome.record(0, nowMs);
  }

  values(nowMs: number): MetricValues {
    const duration = this.#durationMs.measure(nowMs);
    const { avg, count } = this.#outcome.measure(nowMs);
    return {
      'offset-commit-max-time-ms': duration.max,
      'offset-commit-avg-time-ms': duration.avg,
      // Shares from 0 to 1 in spite of their names, as in Java.
      'offset-commit-success-percentage': count === 0 ? 0 : avg,
      'offset-commit-failure-percentage': count === 0 ? 0 : 1 - avg,
    };
  }
}
