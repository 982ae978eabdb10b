import { type BatchHeader, isControlBatch, isTransactional } from './batch-header.ts';

/** A transaction that was aborted, as far as it touched a partition. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Of the marker that ended it. */
  readonly lastOffset: number;
}

/** The first offset of a transaction that is not over. */
export interface OpenTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/**
 * Which transactions a partition's log is a part of: the open ones hold back readers of committed
 * records, the aborted ones tell them what to leave out.
 */
export class PartitionTransactions {
  /** First offset by producer id. Offsets only grow, so the first entry is the oldest. */
  readonly #open = new Map<number, number>();
  /** In the order of their ends. */
  #aborted: AbortedTransaction[];

  constructor(open: readonly OpenTransaction[] = [], aborted: readonly AbortedTransaction[] = []) {
    for (const { producerId, firstOffset } of open) this.#open.set(producerId, firstOffset);
    this.#aborted = [...aborted];
  }

  get open(): readonly OpenTransaction[] {
    return [...this.#open].map(([producerId, firstOffset]) => ({ producerId, firstOffset }));
  }
  get aborted(): readonly AbortedTransaction[] {
    return this.#aborted;
  }

  /** Where the producer's open transaction begins; -1 when it has none here. */
  firstOffsetOf(producerId: number): number {
    return this.#open.get(producerId) ?? -1;
  }

  /** Below this, everything is decided. */
  lastStableOffset(endOffset: number): number {
    return this.#open.values().next().value ?? endOffset;
  }

  /**
   * Notes a batch that stands in the log.
   *
   * @param isAbort - for a control batch: that it is the mark of an abort
   */
  note(header: BatchHeader, isAbort: boolean): void {
    if (!isTransactional(header)) return;
    if (!isControlBatch(header)) {
      if (!this.#open.has(header.producerId)) this.#open.set(header.producerId, header.baseOffset);
      return;
    }
    const firstOffset = this.#open.get(header.producerId);
    // A marker without a transaction: it was written again after a crash.
    if (firstOffset === undefined) return;
    this.#open.delete(header.producerId);
    if (!isAbort) return;
    const { producerId, lastOffset } = header;
    this.#aborted.push({ producerId, firstOffset, lastOffset });
  }

  /** The aborted transactions that have records from `from` up to, not including, `to`. */
  abortedWithin(from: number, to: number): readonly AbortedTransaction[] {
    return this.#aborted.filter((one) => one.lastOffset >= from && one.firstOffset < to);
  }

  /** Forgets aborted transactions of which nothing is left. */
  forgetBefore(offset: number): void {
    this.#aborted = this.#aborted.filter((one) => one.lastOffset >= offset);
  }
}
