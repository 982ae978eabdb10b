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

/**
 * What a task is at, as another thread is told. How long something has lasted is told as such: the
 * steady clocks of two threads can't be compared, and the machine's clock may be set.
 */
export interface ActivitySnapshot {
  readonly stage: ActivityStage;
  /** Milliseconds in that stage. */
  readonly stageForMs: number;
  /** When something last moved: records polled, acknowledged or put, or offsets committed. Since the epoch. */
  readonly lastProgressMs: number | null;
  /** For how long records are under way to Kafka without any acknowledgement; `null`: none are. */
  readonly unacknowledgedForMs: number | null;
  /** For how long the same batch is given to `put` again and again; `null`: none is. */
  readonly redeliveringForMs: number | null;
  /** For how long a commit of source offsets is under way; `null`: none is. */
  readonly committingForMs: number | null;
  /** Whether the task is to come to rest: its `poll` should have ended. */
  readonly isToRest: boolean;
}

/** Noted by the stages of one task, a few numbers per batch. */
export class TaskActivity {
  readonly #now: () => number;
  readonly #steadyNow: () => number;
  #stage: ActivityStage = 'start';
  #stageSinceMs: number;
  #lastProgressMs: number | null = null;
  #unacknowledgedSinceMs: number | null = null;
  #redeliveringSinceMs: number | null = null;
  #committingSinceMs: number | null = null;

  /**
   * @param now milliseconds since the epoch, for what is shown
   * @param steadyNow milliseconds of a clock that nobody sets
   */
  constructor(now: () => number, steadyNow: () => number) {
    this.#now = now;
    this.#steadyNow = steadyNow;
    this.#stageSinceMs = steadyNow();
  }

  enter(stage: ActivityStage): void {
    this.#stage = stage;
    this.#stageSinceMs = this.#steadyNow();
  }

  progressed(): void {
    this.#lastProgressMs = this.#now();
  }

  /** Records go to Kafka. */
  sending(): void {
    this.#unacknowledgedSinceMs ??= this.#steadyNow();
  }

  /** Kafka has acknowledged some. @param isMoreUnderWay whether others are still to be */
  acknowledged(isMoreUnderWay: boolean): void {
    this.#unacknowledgedSinceMs = isMoreUnderWay ? this.#steadyNow() : null;
  }

  /** The `put` that has begun last is to be made again. */
  redelivering(): void {
    this.#redeliveringSinceMs ??= this.#stageSinceMs;
  }

  /** A `put` has taken its records. */
  delivered(): void {
    this.#redeliveringSinceMs = null;
  }

  commitBegan(): void {
    this.#committingSinceMs = this.#steadyNow();
  }

  commitEnded(): void {
    this.#committingSinceMs = null;
  }

  snapshot(isToRest: boolean): ActivitySnapshot {
    const nowMs = this.#steadyNow();
    const age = (sinceMs: number | null): number | null =>
      sinceMs === null ? null : nowMs - sinceMs;
    return {
      stage: this.#stage,
      stageForMs: nowMs - this.#stageSinceMs,
      lastProgressMs: this.#lastProgressMs,
      unacknowledgedForMs: age(this.#unacknowledgedSinceMs),
      redeliveringForMs: age(this.#redeliveringSinceMs),
      committingForMs: age(this.#committingSinceMs),
      isToRest,
    };
  }
}
