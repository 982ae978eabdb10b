import { TIMER_MAX_MS } from '../clock.ts';

/** Lets one waiter sleep until something happens. What happened while nobody waited ends the next wait at once. */
export class WakeSignal {
  #isSet = false;
  #wake: (() => void) | null = null;

  /** Ends the wait, or the next one. */
  set(): void {
    this.#isSet = true;
    this.#wake?.();
  }

  /** Until the next {@link set}, at most `timeoutMs`. */
  wait(timeoutMs: number): Promise<void> {
    if (this.#isSet || timeoutMs <= 0) {
      this.#isSet = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = null;
        this.#isSet = false;
        resolve();
      };
      const timer = setTimeout(done, Math.min(timeoutMs, TIMER_MAX_MS));
      this.#wake = done;
    });
  }
}
