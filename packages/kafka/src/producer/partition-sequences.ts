import type { OutgoingBatch } from './outgoing-batch.ts';

/** Who the producer is for the broker. */
export interface ProducerIdentity {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** Batches under it belong to a transaction. */
  readonly isTransactional: boolean;
}

const SEQUENCE_MAX = 0x7fff_ffff;

/** The sequence `count` records further; it goes on from 0 behind 2^31 - 1. */
export function sequenceAfter(sequence: number, count: number): number {
  return sequence > SEQUENCE_MAX - count ? count - (SEQUENCE_MAX - sequence) - 1 : sequence + count;
}

/**
 * Sequence numbers of one partition (KIP-98): given out in order, one per record, under one
 * producer id and epoch. The broker appends a batch only when its sequence follows the last one, so
 * that retries neither double nor reorder. A number whose batch has an unknown outcome is never
 * given out again under the same epoch (Invariant 6).
 */
export class PartitionSequences {
  #identity: ProducerIdentity | null = null;
  #next = 0;
  #lastAcked = -1;
  /** Offset of the last record acknowledged, -1 when none is known. */
  #lastAckedOffset = -1;
  /** Sent with a sequence and not settled, in the order of their sequences. */
  readonly #unfinished: OutgoingBatch[] = [];
  /**
   * A batch expired although it may have been appended: nothing new goes out before that is cleared
   * up.
   */
  #unresolvedNext: number | null = null;
  /**
   * The batches before one that was refused for good, `null` when none was. They may be in the log:
   * they have to be settled under the epoch in which they were sent, before the next one begins.
   */
  #beforeGap: ReadonlySet<OutgoingBatch> | null = null;

  get isUnresolved(): boolean {
    return this.#unresolvedNext !== null;
  }
  get hasUnfinished(): boolean {
    return this.#unfinished.length > 0;
  }
  /** Whether all that was sent before the gap is settled, so that a new epoch can begin. */
  get mayRestart(): boolean {
    return this.#beforeGap === null || !this.#unfinished.some((each) => this.#isBeforeGap(each));
  }
  get lastAckedOffset(): number {
    return this.#lastAckedOffset;
  }

  /** Where the batch stands among those with sequences; -1 when it has none. */
  placeOf(batch: OutgoingBatch): number {
    return this.#unfinished.indexOf(batch);
  }

  /**
   * Whether this batch, the next to send, may go out now. One that was sent before waits for all
   * before it, so that at most one is retried at a time; a new one waits while the outcome of
   * another is open, while batches of an older epoch are under way, and for the first of this epoch:
   * a leader that knows nothing of a producer takes whichever sequence comes first, so that were
   * the first batch refused, the second would be appended in front of it.
   */
  maySend(batch: OutgoingBatch, identity: ProducerIdentity): boolean {
    if (batch.hasSequence) return this.#unfinished[0] === batch;
    // Under another epoch the open outcome does not matter any more.
    if (!isSame(this.#identity, identity)) return this.#unfinished.length === 0;
    if (this.#beforeGap !== null) return false;
    if (this.#lastAcked < 0 && this.#unfinished.length > 0) return false;
    return this.#unresolvedNext === null;
  }

  /** Gives a new batch its sequence. */
  assign(batch: OutgoingBatch, identity: ProducerIdentity): void {
    if (!isSame(this.#identity, identity)) this.#startWith(identity);
    batch.setStamp({ ...identity, baseSequence: this.#next });
    this.#next = sequenceAfter(this.#next, batch.count);
    this.#unfinished.push(batch);
  }

  /** The batch was appended (now, or when it was sent before). */
  acknowledged(batch: OutgoingBatch, baseOffset: number): void {
    this.#remove(batch);
    const { stamp } = batch;
    if (this.#identity === null || !isSame(this.#identity, stamp)) return;
    const last = sequenceAfter(stamp.baseSequence, batch.count - 1);
    if (last > this.#lastAcked || this.#lastAcked - last > SEQUENCE_MAX / 2) this.#lastAcked = last;
    if (baseOffset >= 0) {
      this.#lastAckedOffset = Math.max(this.#lastAckedOffset, baseOffset + batch.count - 1);
    }
  }

  /** The batch was given up. With `isUnknown` it may have been appended nevertheless. */
  failed(batch: OutgoingBatch, isUnknown: boolean): void {
    if (isUnknown && batch.hasSequence) {
      const next = sequenceAfter(batch.stamp.baseSequence, batch.count);
      this.#unresolvedNext = Math.max(this.#unresolvedNext ?? 0, next);
    } else if (batch.hasSequence) this.#noteGap(batch);
    this.#remove(batch);
  }

  /** Puts several batches in the place of one that was split; they share out its sequences. */
  replace(batch: OutgoingBatch, parts: readonly OutgoingBatch[]): void {
    const place = this.#unfinished.indexOf(batch);
    if (place < 0) return;
    this.#unfinished.splice(place, 1, ...parts);
    if (this.#isBeforeGap(batch)) this.#beforeGap = new Set([...(this.#beforeGap ?? []), ...parts]);
    let { baseSequence } = batch.stamp;
    for (const part of parts) {
      part.setStamp({ ...batch.stamp, baseSequence });
      baseSequence = sequenceAfter(baseSequence, part.count);
    }
  }

  /** Whether the batch directly follows the last acknowledged one. */
  isNext(batch: OutgoingBatch): boolean {
    return batch.stamp.baseSequence === this.#afterAcked();
  }

  /** Whether the batch directly follows the one whose outcome is open. */
  isNextUnresolved(batch: OutgoingBatch): boolean {
    return this.#unresolvedNext === batch.stamp.baseSequence;
  }

  /**
   * Tries to clear up an open outcome, once nothing is under way: when everything given out was
   * acknowledged, the batch had been appended. Answers whether an epoch bump is needed instead.
   */
  resolve(): boolean {
    if (this.#unresolvedNext === null || this.#unfinished.length > 0) return false;
    if (this.#next !== this.#afterAcked()) return true;
    this.#unresolvedNext = null;
    return false;
  }

  /** Starts from 0 under a new epoch; what is unfinished gets new sequences, in order. */
  restart(identity: ProducerIdentity): void {
    this.#startWith(identity);
    for (const batch of this.#unfinished) {
      batch.setStamp({ ...identity, baseSequence: this.#next });
      batch.wasRestamped = true;
      // Behind one that was not appended, so neither was it.
      batch.isOutcomeOpen = false;
      this.#next = sequenceAfter(this.#next, batch.count);
    }
  }

  #startWith(identity: ProducerIdentity): void {
    this.#identity = identity;
    this.#next = 0;
    this.#lastAcked = -1;
    this.#unresolvedNext = null;
    this.#beforeGap = null;
  }

  #noteGap(batch: OutgoingBatch): void {
    const place = this.#unfinished.indexOf(batch);
    if (place < 0) return;
    const before = this.#unfinished.slice(0, place);
    // Of two gaps the first one counts: what stands behind it can't be appended.
    const isFirst = this.#beforeGap === null || this.#isBeforeGap(batch);
    if (isFirst) this.#beforeGap = new Set(before);
  }

  #isBeforeGap(batch: OutgoingBatch): boolean {
    return this.#beforeGap?.has(batch) ?? false;
  }

  #afterAcked(): number {
    return this.#lastAcked < 0 ? 0 : sequenceAfter(this.#lastAcked, 1);
  }

  #remove(batch: OutgoingBatch): void {
    const place = this.#unfinished.indexOf(batch);
    if (place >= 0) this.#unfinished.splice(place, 1);
  }
}

function isSame(a: ProducerIdentity | null, b: ProducerIdentity): boolean {
  return a !== null && a.producerId === b.producerId && a.producerEpoch === b.producerEpoch;
}
