/** Waits `ms` milliseconds, or until the signal is aborted. Never rejects. */
export function abortableSleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, Math.min(ms, TIMER_MS_MAX));
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}

// Node's timers fire at once when given more than 31 bits.
const TIMER_MS_MAX = 2 ** 31 - 1;
