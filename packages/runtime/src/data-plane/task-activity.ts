/**
 * Where a task stands: `start` and `stop` its own methods, `poll` waits for a source, `send` takes
 * a source's records to the producer, `consume` waits for Kafka, `rebalance` the task's `open` or
 * `close` inside of it, `put` and `commit` a sink's calls.
 */
export type ActivityStage =
  | 'start'
  | 'poll'
  | 'send'
  | 'consume'
  | 'rebalance'
  | 'put'
  | 'commit'
  | 'stop';

/** What a task is at, as another thread is told. Times in milliseconds since the epoch. */
export interface ActivitySnapshot {
  readonly stage: ActivityStage;
  readonly stageSinceMs: number;
  /** When something last moved: records polled, acknowledged or put, or offsets committed. */
  readonly lastProgressMs: number | null;
  /** Since when records are under way to Kafka without any acknowledgement; `null`: none are. */
  readonly unacknowledgedSinceMs: number | null;
  /** Since when the same batch is given to `put` again and again; `null`: none is. */
  readonly redeliveringSinceMs: number | null;
  /** Since when a commit of source offsets is under way; `null`: none is. */
  readonly committingSinceMs: number | null;
  /** Whether the task is to come to rest: its `poll` should have ended. */
  readonly isToRest: boolean;
}

/** Noted by the stages of one task, a few numbers per batch. */
export class TaskActivity {
  readonly #now: () => number;
  #stage: ActivityStage = 'start';
  #stageSinceMs: number;
  lastProgressMs: number | null = null;
  unacknowledgedSinceMs: number | null = null;
  redeliveringSinceMs: number | null = null;
  committingSinceMs: number | null = null;

  constructor(now: () => number) {
    this.#now = now;
    this.#stageSinceMs = now();
  }

  enter(stage: ActivityStage): void {
    this.#stage = stage;
    this.#stageSinceMs = this.#now();
  }

  progressed(): void {
    this.lastProgressMs = this.#now();
  }

  snapshot(isToRest: boolean): ActivitySnapshot {
    return {
      stage: this.#stage,
      stageSinceMs: this.#stageSinceMs,
      lastProgressMs: this.lastProgressMs,
      unacknowledgedSinceMs: this.unacknowledgedSinceMs,
      redeliveringSinceMs: this.redeliveringSinceMs,
      committingSinceMs: this.committingSinceMs,
      isToRest,
    };
  }
}
