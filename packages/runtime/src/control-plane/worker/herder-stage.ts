/** What a herder is at or did last, as a sentence for timeouts and health (R1.05). */
export class HerderStage {
  #sentence = 'The worker is starting.';

  get sentence(): string {
    return this.#sentence;
  }

  say(sentence: string): void {
    this.#sentence = sentence;
  }

  /** Runs something and keeps when it began and when it ended. */
  async during<T>(what: string, run: () => Promise<T>): Promise<T> {
    const began = new Date();
    this.#sentence = `The worker is currently ${what}, which began at ${began.toISOString()}.`;
    try {
      return await run();
    } finally {
      this.#sentence =
        `The last operation the worker completed was ${what}, which began at ` +
        `${began.toISOString()} and completed at ${new Date().toISOString()}.`;
    }
  }
}
