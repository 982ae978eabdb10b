import { setTimeout as sleep } from 'node:timers/promises';

const MILLIS_PER_SECOND = 1000;

/** Holds back what would go beyond so many a second. Mirrors `ThroughputThrottler`. */
export class Throughput {
  readonly #perSecond: number;
  readonly #startMs: number;
  #sent = 0;

  /** @param perSecond negative: no limit; 0: nothing goes */
  constructor(perSecond: number, startMs: number = performance.now()) {
    this.#perSecond = perSecond;
    this.#startMs = startMs;
  }

  /** Waits until the next one may go. False when `signal` ended the wait. */
  async next(signal: AbortSignal): Promise<boolean> {
    const waitMs = this.#waitMs();
    if (waitMs > 0) await this.#wait(waitMs, signal);
    if (signal.aborted) return false;
    this.#sent++;
    return true;
  }

  #waitMs(): number {
    if (this.#perSecond < 0) return 0;
    const dueMs = this.#startMs + (this.#sent * MILLIS_PER_SECOND) / this.#perSecond;
    return dueMs - performance.now();
  }

  async #wait(waitMs: number, signal: AbortSignal): Promise<void> {
    const ended = waitMs === Number.POSITIVE_INFINITY || Number.isNaN(waitMs);
    await (ended ? untilAborted(signal) : sleep(waitMs, undefined, { signal })).catch(
      () => undefined,
    );
  }
}

/** Settles when the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((settle) => {
    signal.addEventListener('abort', () => settle(), { once: true });
  });
}
