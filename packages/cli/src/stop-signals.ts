/** What of `process` it listens to; tests bring their own. */
export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Turns SIGINT and SIGTERM into an AbortSignal: the first asks to stop cleanly, the second ends the
 * process at once.
 */
export class StopSignals implements Disposable {
  readonly #source: SignalSource;
  readonly #controller = new AbortController();
  readonly #listeners: readonly (readonly ['SIGINT' | 'SIGTERM', () => void])[];

  /** @param force ends the process with that exit code */
  constructor(source: SignalSource, force: (exitCode: number) => void) {
    this.#source = source;
    const listen = (signal: 'SIGINT' | 'SIGTERM') => {
      const listener = (): void => {
        if (this.signal.aborted) force(SIGNALS[signal]);
        this.#controller.abort();
      };
      source.on(signal, listener);
      return [signal, listener] as const;
    };
    this.#listeners = [listen('SIGINT'), listen('SIGTERM')];
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Settles when the first signal comes. */
  async stopped(): Promise<void> {
    if (this.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
  }

  [Symbol.dispose](): void {
    for (const [signal, listener] of this.#listeners) this.#source.off(signal, listener);
  }
}
