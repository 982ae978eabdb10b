/** Timers take no more than this; a secret that lives longer is looked up again then. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/**
 * Restarts a connector when what a config provider gave may have changed (KIP-297, R7.03). A new
 * look-up takes the place of the one before.
 */
export class ReloadTimer {
  #timer: NodeJS.Timeout | null = null;

  /** @param ttls milliseconds per path of a provider that said how long its values hold */
  schedule(ttls: ReadonlyMap<string, number>, reload: () => void): void {
    this.cancel();
    if (ttls.size === 0) return;
    const ttlMs = Math.max(0, Math.min(TIMER_MS_MAX, ...ttls.values()));
    this.#timer = setTimeout(() => {
      this.#timer = null;
      reload();
    }, ttlMs);
    // A reload to come must not hold up a worker that ends.
    this.#timer.unref();
  }

  cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
