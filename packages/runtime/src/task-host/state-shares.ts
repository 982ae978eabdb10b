import type { MetricValues } from '../metrics/metric-values.ts';
import type { TaskState } from './task-lifecycle.ts';

/** How much of its life a task has run and been paused (`running-ratio`, `pause-ratio`, R8.02). */
export class StateShares {
  readonly #now: () => number;
  readonly #bornMs: number;
  #state: TaskState = 'created';
  #sinceMs: number;
  #runningMs = 0;
  #pausedMs = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#bornMs = now();
    this.#sinceMs = this.#bornMs;
  }

  enter(state: TaskState): void {
    if (state === this.#state) return;
    this.#settle();
    this.#state = state;
  }

  values(): MetricValues {
    this.#settle();
    const lifeMs = Math.max(1, this.#now() - this.#bornMs);
    return { 'running-ratio': this.#runningMs / lifeMs, 'pause-ratio': this.#pausedMs / lifeMs };
  }

  #settle(): void {
    const nowMs = this.#now();
    if (this.#state === 'running') this.#runningMs += nowMs - this.#sinceMs;
    if (this.#state === 'paused' || this.#state === 'held') this.#pausedMs += nowMs - this.#sinceMs;
    this.#sinceMs = nowMs;
  }
}
