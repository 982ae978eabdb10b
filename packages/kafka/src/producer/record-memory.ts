import { NONE } from '../batch/batch-format.ts';

/**
 * Buffers of exactly this many bytes are kept for the next batch. Larger ones are rare or
 * short-lived.
 */
const POOLED_MAX_BYTES = 128 * 1024;
/** What a batch starts with when `batch.size` is larger; it doubles from here. */
const FIRST_BYTES = 64 * 1024;

/**
 * Once used up, there is room again at this part of the limit, not at the first byte: whoever waits
 * is woken for many batches at once, not for each that the broker takes.
 */
const ROOM_AGAIN_PART = 0.75;

/**
 * `buffer.memory`: how much all batches together hold, and the buffers that are free again. The
 * bound can be exceeded by the one record that finds it not yet reached.
 */
export class RecordMemory {
  readonly #limitBytes: number;
  readonly #bufferBytes: number;
  readonly #free: Buffer[] = [];
  #usedBytes = 0;
  #isUsedUp = false;
  #waiters: (() => void)[] = [];

  constructor(limitBytes: number, batchSize: number) {
    this.#limitBytes = limitBytes;
    this.#bufferBytes = batchSize > POOLED_MAX_BYTES ? FIRST_BYTES : Math.max(batchSize, 256);
  }

  get hasRoom(): boolean {
    return !this.#isUsedUp;
  }
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /**
   * A buffer for a batch whose first record needs `bytes`. It counts when it is {@link
   * RecordMemory.hold | held}.
   */
  take(bytes: number): Buffer {
    if (bytes > this.#bufferBytes) return Buffer.allocUnsafeSlow(bytes);
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#bufferBytes);
  }

  /** Counts `bytes` more (or less). */
  hold(bytes: number): void {
    this.#usedBytes += bytes;
    if (this.#usedBytes >= this.#limitBytes) this.#isUsedUp = true;
    if (this.#usedBytes > this.#limitBytes * ROOM_AGAIN_PART) return;
    this.#isUsedUp = false;
    if (bytes < 0 && this.#waiters.length > 0) {
      for (const waiter of this.#waiters.splice(0)) waiter();
    }
  }

  /** Takes a buffer back that nothing refers to any more. */
  giveBack(buffer: Buffer): void {
    const keptMax = Math.ceil(this.#limitBytes / this.#bufferBytes);
    if (buffer.length === this.#bufferBytes && this.#free.length < keptMax) this.#free.push(buffer);
  }

  /** Calls back when there is room. Returns what takes the wish back. */
  whenRoom(callback: () => void): () => void {
    if (this.hasRoom) {
      callback();
      return () => undefined;
    }
    this.#waiters.push(callback);
    return () => {
      const place = this.#waiters.indexOf(callback);
      if (place > NONE) this.#waiters.splice(place, 1);
    };
  }
}
