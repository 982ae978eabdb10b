import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long one task may keep its thread before its neighbours get a turn. */
const TIME_SLICE_MS = 5;

/**
 * Shares a thread fairly: a pipeline whose waits are all satisfied at once would otherwise run on
 * microtasks alone, and sockets, timers and the other tasks of its lane would never be served.
 */
export class TimeSlice {
  readonly #now: () => number;
  #startedMs: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#startedMs = now();
  }

  /** True when it is time to call {@link yieldTurn}; cheap enough for once per batch. */
  get isSpent(): boolean {
    return this.#now() - this.#startedMs >= TIME_SLICE_MS;
  }

  /** Lets the event loop go round once. */
  async yieldTurn(): Promise<void> {
    await nextTurn();
    this.#startedMs = this.#now();
  }
}
