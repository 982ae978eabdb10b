/** Time as the client sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds that never go back, from some start. */
  now(): number;
  /** Milliseconds since the epoch. */
  wall(): number;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
};

/** The longest delay that a timer takes; longer ones would fire at once. */
export const TIMER_MAX_MS = 0x7fff_ffff;

/** Waits; ends early, without an error, when the signal is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms <= 0 || signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(ms, TIMER_MAX_MS));
    signal?.addEventListener('abort', done, { once: true });
  });
}
