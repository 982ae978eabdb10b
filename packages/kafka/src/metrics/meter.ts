import type { SampleWindows } from './sample-windows.ts';

/** One window's part. */
class Sample {
  count = 0;
  sum = 0;
  max = Number.NEGATIVE_INFINITY;
  min = Number.POSITIVE_INFINITY;

  clear(): void {
    this.count = 0;
    this.sum = 0;
    this.max = Number.NEGATIVE_INFINITY;
    this.min = Number.POSITIVE_INFINITY;
  }
}

/**
 * Counts what happens, for totals, rates, averages, maxima and minima at once. Recording is some additions: what is
 * shown is worked out when somebody asks.
 */
export class Meter {
  readonly #windows: SampleWindows;
  #now = new Sample();
  #before = new Sample();
  #index: number;
  #total = 0;
  #count = 0;

  constructor(windows: SampleWindows) {
    this.#windows = windows;
    this.#index = windows.index;
  }

  record(value: number): void {
    if (this.#index !== this.#windows.index) this.#moveOn();
    this.#total += value;
    this.#count++;
    const now = this.#now;
    now.count++;
    now.sum += value;
    if (value > now.max) now.max = value;
    if (value < now.min) now.min = value;
  }

  /** The sum of all that was ever recorded. */
  get total(): number {
    return this.#total;
  }
  /** How often something was ever recorded. */
  get count(): number {
    return this.#count;
  }
  /** Of the values, per second. */
  get rate(): number {
    this.#moveOn();
    return (this.#before.sum + this.#now.sum) / this.#windows.elapsedSeconds;
  }
  /** Of recordings, per second. */
  get countRate(): number {
    return this.#windowCount / this.#windows.elapsedSeconds;
  }
  /** NaN when nothing was recorded lately; so are the others below. */
  get avg(): number {
    const count = this.#windowCount;
    return count === 0 ? Number.NaN : (this.#before.sum + this.#now.sum) / count;
  }
  get max(): number {
    return this.#windowCount === 0 ? Number.NaN : Math.max(this.#before.max, this.#now.max);
  }
  get min(): number {
    return this.#windowCount === 0 ? Number.NaN : Math.min(this.#before.min, this.#now.min);
  }

  get #windowCount(): number {
    this.#moveOn();
    return this.#before.count + this.#now.count;
  }

  #moveOn(): void {
    const passed = this.#windows.index - this.#index;
    if (passed === 0) return;
    this.#index = this.#windows.index;
    [this.#before, this.#now] = [this.#now, this.#before];
    this.#now.clear();
    if (passed > 1) this.#before.clear();
  }
}
