/** One timer for all who wait: it goes off when the first of them is due. */
export class RetryTimer {
  readonly #onDue: () => void;
  #timer: NodeJS.Timeout | null = null;
  #dueMs = Number.POSITIVE_INFINITY;

  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  /** Goes off at `atMs` at the latest; both times on the same clock. */
  at(atMs: number, nowMs: number): void {
    if (atMs >= this.#dueMs) return;
    this.clear();
    this.#dueMs = atMs;
    this.#timer = setTimeout(
      () => {
        this.clear();
        this.#onDue();
      },
      Math.max(atMs - nowMs, 1),
    );
  }

  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#dueMs = Number.POSITIVE_INFINITY;
  }
}
