import type { MetricValues } from '../../metrics/metric-values.ts';
import { type MetricWindow, SampledStat } from '../../metrics/sampled-stat.ts';

/** Starts of connectors or of tasks, for `connect-worker-metrics` (R8.06). */
export class StartupCounter {
  readonly #outcome: SampledStat;
  readonly #now: () => number;
  #succeeded = 0;
  #failed = 0;

  constructor(window: MetricWindow, now: () => number) {
    this.#outcome = new SampledStat(window);
    this.#now = now;
  }

  success(): void {
    this.#succeeded += 1;
    this.#outcome.record(1, this.#now());
  }

  failure(): void {
    this.#failed += 1;
    this.#outcome.record(0, this.#now());
  }

  /** @param what `connector` or `task` */
  values(what: string): MetricValues {
    const { avg, count } = this.#outcome.measure(this.#now());
    return {
      [`${what}-startup-attempts-total`]: this.#succeeded + this.#failed,
      [`${what}-startup-success-total`]: this.#succeeded,
      [`${what}-startup-success-percentage`]: count === 0 ? 0 : avg,
      [`${what}-startup-failure-total`]: this.#failed,
      [`${what}-startup-failure-percentage`]: count === 0 ? 0 : 1 - avg,
    };
  }
}
