import { AsyncLocalStorage } from 'node:async_hooks';

/** Something that is under way. */
interface Stage {
  readonly what: string;
  readonly began: Date;
  /** What of it is under way. */
  part: Stage | null;
}

/**
 * What a herder is at or did last, as a sentence for timeouts and health (R1.05). Of several things
 * under way at once it names the oldest, which a request that timed out most likely waits for, and of
 * that the part that it has come to.
 */
export class HerderStage {
  readonly #current = new AsyncLocalStorage<Stage>();
  /** In the order in which they began. */
  readonly #running: Stage[] = [];
  #idle = 'The worker is starting.';

  get sentence(): string {
    let stage = this.#running[0];
    if (stage === undefined) return this.#idle;
    while (stage.part !== null) stage = stage.part;
    return `The worker is currently ${stage.what}, which began at ${stage.began.toISOString()}.`;
  }

  say(sentence: string): void {
    this.#idle = sentence;
  }

  /** Runs something, maybe as a part of something else, and keeps when it began and ended. */
  async during<T>(what: string, run: () => Promise<T>): Promise<T> {
    const whole = this.#current.getStore();
    const stage: Stage = { what, began: new Date(), part: null };
    if (whole === undefined) this.#running.push(stage);
    else whole.part = stage;
    try {
      return await this.#current.run(stage, run);
    } finally {
      if (whole === undefined) this.#running.splice(this.#running.indexOf(stage), 1);
      else whole.part = null;
      this.#idle =
        `The last operation the worker completed was ${what}, which began at ` +
        `${stage.began.toISOString()} and completed at ${new Date().toISOString()}.`;
    }
  }
}
