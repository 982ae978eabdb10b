/**
 * What a running task is told from outside: stop, pause, resume. One per task; the task's loop
 * looks at it between calls, and waits end early by its signals.
 */
export class TaskControl {
  readonly #stopping = new AbortController();
  #running = new AbortController();
  #isPaused: boolean;
  #resumed: (() => void) | null = null;
  #onWake: (() => void) | null = null;

  constructor(isPaused: boolean) {
    this.#isPaused = isPaused;
    if (isPaused) this.#running.abort();
  }

  get isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Aborted for good once the task is to stop. */
  get stopSignal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Aborted when the task is to stop or to pause; a new one after each resume. */
  get runSignal(): AbortSignal {
    return this.#running.signal;
  }

  /** Called whenever something changes, to end a wait that takes no signal (a consumer's poll). */
  onWake(wake: (() => void) | null): void {
    this.#onWake = wake;
  }

  stop(): void {
    if (this.isStopping) return;
    this.#stopping.abort();
    this.#running.abort();
    this.#wake();
  }

  pause(): void {
    if (this.isStopping || this.#isPaused) return;
    this.#isPaused = true;
    this.#running.abort();
    this.#wake();
  }

  resume(): void {
    if (this.isStopping || !this.#isPaused) return;
    this.#isPaused = false;
    this.#running = new AbortController();
    this.#wake();
  }

  /** Ends the present wait without changing what is wanted: something happened inside the task. */
  interrupt(): void {
    if (this.isStopping || this.#isPaused) return;
    this.#running.abort();
    this.#running = new AbortController();
    this.#wake();
  }

  /** Settles once the task is to run again, or to stop. */
  async awaitResume(): Promise<void> {
    while (this.#isPaused && !this.isStopping) {
      await new Promise<void>((resolve) => {
        this.#resumed = resolve;
      });
    }
  }

  #wake(): void {
    const resumed = this.#resumed;
    this.#resumed = null;
    resumed?.();
    this.#onWake?.();
  }
}
