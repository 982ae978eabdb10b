/** Runs asynchronous actions one after the other, in the order in which they came. */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as `action` does; a failed action does not stop the next. */
  run<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(action);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Resolves when all that was put in before has run. */
  async drained(): Promise<void> {
    await this.#tail;
  }
}
