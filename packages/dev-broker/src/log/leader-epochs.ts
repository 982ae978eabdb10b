/** The log's first offset under a leader epoch. */
export interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

/** Where an epoch ended; both are -1 when that is not known. */
export interface EpochEnd {
  readonly epoch: number;
  readonly endOffset: number;
}

const UNKNOWN_END: EpochEnd = { epoch: -1, endOffset: -1 };

/**
 * Which part of a log was written under which leader epoch. The broker takes a new epoch at every
 * start, so that a client can see that its position was written before a crash that cut the log.
 */
export class LeaderEpochs {
  readonly #starts: EpochStart[];

  constructor(starts: readonly EpochStart[] = []) {
    this.#starts = [...starts];
  }

  get starts(): readonly EpochStart[] {
    return this.#starts;
  }

  /** Tells that `epoch` begins at `startOffset`, unless it is known already. */
  note(epoch: number, startOffset: number): void {
    const last = this.#starts.at(-1);
    if (last !== undefined && epoch <= last.epoch) return;
    this.#dropFrom(startOffset);
    this.#starts.push({ epoch, startOffset });
  }

  /** The end of the last epoch that is not newer than `epoch`. */
  endOf(epoch: number, logEndOffset: number): EpochEnd {
    const next = this.#starts.findIndex((start) => start.epoch > epoch);
    if (next === -1) {
      return this.#starts.at(-1)?.epoch === epoch
        ? { epoch, endOffset: logEndOffset }
        : UNKNOWN_END;
    }
    const endOffset = this.#starts[next]?.startOffset ?? -1;
    return { epoch: this.#starts[next - 1]?.epoch ?? epoch, endOffset };
  }

  /** The epoch under which `offset` was written; -1 when the log does not reach there. */
  epochAt(offset: number): number {
    return this.#starts.findLast((start) => start.startOffset <= offset)?.epoch ?? -1;
  }

  #dropFrom(offset: number): void {
    while ((this.#starts.at(-1)?.startOffset ?? -1) >= offset) this.#starts.pop();
  }
}
