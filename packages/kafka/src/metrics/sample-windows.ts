import type { Clock } from '../clock.ts';

/** Java's defaults of `metrics.sample.window.ms` and `metrics.num.samples`: rates look back 30 to 60 seconds. */
const WINDOW_MS = 30_000;
const WINDOWS = 2;

/**
 * The time that rates, averages and maxima look at: the window that runs and the one before it. All meters of a client
 * share one, so that recording needs no look at the clock: {@link SampleWindows.tick} moves it on.
 */
export class SampleWindows {
  readonly #clock: Clock;
  #index = 0;
  #startMs: number;
  #hasPrevious = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startMs = clock.now();
  }

  /** Which window runs; grows. */
  get index(): number {
    return this.#index;
  }

  /** To be called now and then, and before values are read. Cheap. */
  tick(): void {
    const passed = Math.floor((this.#clock.now() - this.#startMs) / WINDOW_MS);
    if (passed <= 0) return;
    this.#index += passed;
    this.#startMs += passed * WINDOW_MS;
    // After a long pause the window before this one was seen by nobody, and is empty.
    this.#hasPrevious = true;
  }

  /**
   * How long it took to gather what the windows hold, in seconds. A first window counts as if an empty one had come
   * before it, as in Java: a client that has just started does not show wild rates.
   */
  get elapsedSeconds(): number {
    const running = this.#clock.now() - this.#startMs;
    const before = this.#hasPrevious ? WINDOW_MS : (WINDOWS - 1) * WINDOW_MS;
    return (running + before) / 1000;
  }
}
