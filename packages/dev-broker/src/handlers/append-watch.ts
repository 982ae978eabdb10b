import type { PartitionLog } from '../log/partition-log.ts';

/** Counts what is appended to some logs, for a fetch that waits for more. */
export class AppendWatch {
  readonly #logs = new Map<PartitionLog, () => void>();
  #bytes = 0;
  #wake: (() => void) | null = null;
  #wanted = 0;

  /** Nothing is watched: waiting would be in vain. */
  get isEmpty(): boolean {
    return this.#logs.size === 0;
  }

  /** Counts from now on. Added before the log is read, so that nothing falls between. */
  add(log: PartitionLog): void {
    if (this.#logs.has(log)) return;
    const stop = log.onAppend((bytes) => {
      this.#bytes += bytes;
      if (this.#bytes >= this.#wanted) this.#wake?.();
    });
    this.#logs.set(log, stop);
  }

  /**
   * Waits until `bytes` more were appended since the last wait (or since the logs were added), or
   * the time is up. False when the caller should not look again, because nobody listens any more.
   */
  async waitFor(bytes: number, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (signal.aborted) return false;
    this.#wanted = bytes;
    if (this.#bytes < bytes) {
      this.#wake = resolve;
      const timer = setTimeout(resolve, timeoutMs);
      signal.addEventListener('abort', () => resolve(), { once: true });
      await promise;
      clearTimeout(timer);
      this.#wake = null;
    }
    this.#bytes = 0;
    return !signal.aborted;
  }

  close(): void {
    for (const stop of this.#logs.values()) stop();
    this.#logs.clear();
  }
}
