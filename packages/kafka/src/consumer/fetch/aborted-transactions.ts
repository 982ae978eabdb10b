import type { FetchResponseAbortedTransaction } from '@sluice/protocol/gen/fetch-response';

/**
 * Which producers have an aborted transaction open at a place in the log, for `read_committed`. Walks the broker's list
 * along with the batches of one fetch response: a transaction opens at its first offset and closes at its producer's
 * abort marker. One of these serves one response: the broker lists anew, with every response, all that concern it.
 */
export class AbortedTransactions {
  readonly #pending: readonly FetchResponseAbortedTransaction[];
  readonly #open = new Set<number>();
  #next = 0;

  constructor(listed: readonly FetchResponseAbortedTransaction[] | null) {
    this.#pending = (listed ?? []).toSorted((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Opens what begins at or before this offset: the last of the batch that comes next. */
  passTo(lastOffset: number): void {
    for (;;) {
      const next = this.#pending[this.#next];
      if (next === undefined || next.firstOffset > lastOffset) return;
      this.#open.add(next.producerId);
      this.#next++;
    }
  }

  /** An abort marker of this producer was passed. */
  close(producerId: number): void {
    this.#open.delete(producerId);
  }

  isAborted(producerId: number): boolean {
    return this.#open.has(producerId);
  }
}
