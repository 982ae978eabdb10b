import type { OutgoingBatch } from './outgoing-batch.ts';
import { PartitionSequences } from './partition-sequences.ts';

/**
 * The batches of one partition: one open for records, closed ones that wait, and those that are on
 * the wire.
 */
export class PartitionQueue {
  readonly topic: string;
  readonly partition: number;
  readonly sequences = new PartitionSequences();
  /** Batches in requests without an answer. */
  onWire = 0;
  /** The leader is being asked what it has: nothing is sent before the answer. */
  isAsking = false;
  /** No retry before this time. */
  retryAtMs = 0;
  #open: OutgoingBatch | null = null;
  readonly #closed: OutgoingBatch[] = [];

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  /** The batch that takes records. */
  get open(): OutgoingBatch | null {
    return this.#open;
  }
  get hasClosed(): boolean {
    return this.#closed.length > 0;
  }
  /** Batches that wait to be sent. */
  get waiting(): number {
    return this.#closed.length + (this.#open === null ? 0 : 1);
  }
  get isEmpty(): boolean {
    return this.waiting === 0;
  }
  /** The batch to send next. */
  get head(): OutgoingBatch | null {
    return this.#closed[0] ?? this.#open;
  }

  setOpen(batch: OutgoingBatch): void {
    this.closeOpen();
    this.#open = batch;
  }

  closeOpen(): void {
    if (this.#open === null) return;
    this.#closed.push(this.#open);
    this.#open = null;
  }

  /** Takes the batch to send next off. */
  takeHead(): OutgoingBatch | null {
    const closed = this.#closed.shift();
    if (closed !== undefined) return closed;
    const open = this.#open;
    this.#open = null;
    return open;
  }

  /**
   * Puts batches back that have to be sent again, in front of all that were not sent yet, in their
   * old order.
   */
  putBack(batches: readonly OutgoingBatch[]): void {
    for (const batch of batches) {
      const place = this.sequences.placeOf(batch);
      let i = 0;
      if (place >= 0) {
        for (const each of this.#closed) {
          const other = this.sequences.placeOf(each);
          if (other < 0 || other > place) break;
          i++;
        }
      } else {
        i = this.#closed.findIndex(
          (each) => each.attempts === 0 || each.createdMs > batch.createdMs,
        );
        if (i < 0) i = this.#closed.length;
      }
      this.#closed.splice(i, 0, batch);
    }
  }

  /** Takes off all batches that wait and for which `isTaken` holds. */
  takeWhere(isTaken: (batch: OutgoingBatch) => boolean): readonly OutgoingBatch[] {
    const taken: OutgoingBatch[] = [];
    for (let i = this.#closed.length - 1; i >= 0; i--) {
      const batch = this.#closed[i];
      if (batch === undefined || !isTaken(batch)) continue;
      taken.unshift(batch);
      this.#closed.splice(i, 1);
    }
    if (this.#open !== null && isTaken(this.#open)) {
      taken.push(this.#open);
      this.#open = null;
    }
    return taken;
  }

  /** Every batch that waits, oldest first. */
  *batches(): Generator<OutgoingBatch, void, undefined> {
    yield* this.#closed;
    if (this.#open !== null) yield this.#open;
  }
}
