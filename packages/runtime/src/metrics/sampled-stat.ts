/** Over how long rates, averages and maxima are taken (`metrics.sample.window.ms`, `.num.samples`). */
export interface MetricWindow {
  readonly windowMs: number;
  readonly samples: number;
}

/** Kafka's defaults: two windows of 30 seconds. */
export const DEFAULT_METRIC_WINDOW: MetricWindow = { windowMs: 30_000, samples: 2 };

/** What the windows that still count hold. NaN where nothing was recorded, as Kafka has it. */
export interface Measured {
  readonly total: number;
  readonly count: number;
  readonly avg: number;
  readonly max: number;
  readonly min: number;
  /** `total` per second. */
  readonly rate: number;
}

const MS_PER_S = 1_000;

/**
 * Values in windows of time, the oldest given up as time goes by. Recorded per batch, never per
 * record. Mirrors `SampledStat` with `Rate`, `Avg`, `Max` and `Min` in one.
 */
export class SampledStat {
  readonly #window: MetricWindow;
  readonly #samples: Sample[] = [];
  #current = 0;

  constructor(window: MetricWindow) {
    this.#window = window;
  }

  record(value: number, nowMs: number): void {
    this.recordMany(value, 1, value, nowMs);
  }

  /** Several values at once: their sum, how many they are and the greatest. */
  recordMany(sum: number, count: number, max: number, nowMs: number): void {
    const sample = this.#at(nowMs);
    sample.sum += sum;
    sample.count += count;
    sample.max = Math.max(sample.max, max);
    sample.min = Math.min(sample.min, count === 1 ? sum : sample.min);
  }

  measure(nowMs: number): Measured {
    const { windowMs, samples } = this.#window;
    const oldestMs = nowMs - windowMs * samples;
    let sum = 0;
    let count = 0;
    let max = Number.NEGATIVE_INFINITY;
    let min = Number.POSITIVE_INFINITY;
    let sinceMs = nowMs;
    for (const sample of this.#samples) {
      if (sample.startMs < oldestMs) continue;
      sum += sample.sum;
      count += sample.count;
      max = Math.max(max, sample.max);
      min = Math.min(min, sample.min);
      sinceMs = Math.min(sinceMs, sample.startMs);
    }
    const isEmpty = count === 0;
    return {
      total: sum,
      count,
      avg: isEmpty ? Number.NaN : sum / count,
      max: isEmpty ? Number.NaN : max,
      min: isEmpty || min === Number.POSITIVE_INFINITY ? Number.NaN : min,
      rate: (sum * MS_PER_S) / this.#elapsedMs(nowMs - sinceMs),
    };
  }

  /** All windows but the last count whole, so that a first burst is no absurd rate. */
  #elapsedMs(elapsedMs: number): number {
    const { windowMs, samples } = this.#window;
    const missing = Math.max(0, samples - 1 - Math.floor(elapsedMs / windowMs));
    return Math.max(1, elapsedMs + missing * windowMs);
  }

  #at(nowMs: number): Sample {
    const { windowMs, samples } = this.#window;
    const current = this.#samples[this.#current];
    if (current !== undefined && nowMs - current.startMs < windowMs) return current;
    this.#current = this.#samples.length === 0 ? 0 : (this.#current + 1) % (samples + 1);
    const next = new Sample(nowMs);
    this.#samples[this.#current] = next;
    return next;
  }
}

class Sample {
  readonly startMs: number;
  sum = 0;
  count = 0;
  max = Number.NEGATIVE_INFINITY;
  min = Number.POSITIVE_INFINITY;

  constructor(startMs: number) {
    this.startMs = startMs;
  }
}
