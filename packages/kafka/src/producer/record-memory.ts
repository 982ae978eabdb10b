import { NONE } from '../batch/batch-format.ts';

/**
 * Buffers of exactly this many bytes are kept for the next batch. Larger ones are rare or
 * short-lived.
 */
const POOLED_MAX_BYTES = 128 * 1024;
/** What a batch starts with when `batch.size` is larger; it doubles from here. */
const FIRST_BYTES = 64 * 1024;

/**
 * `buffer.memory`: how much all batches together hold, and the buffers that are free again. The
 * bound can be exceeded by the one record that finds it not yet reached.
 */
export class RecordMemory {
  readonly #limitBytes: number;
  readonly #bufferBytes: number;
  readonly #free: Buffer[] = [];
  #usedBytes = 0;
  #waiters: (() => void)[] = [];

  constructor(limitBytes: number, batchSize: number) {
    this.#limitBytes = limitBytes;
    this.#bufferBytes = batchSize > POOLED_MAX_BYTES ? FIRST_BYTES : Math.max(batchSize, 256);
  }

  get hasRoom(): boolean {
    return this.#usedBytes < this.#limitBytes;
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
    if (bytes < 0 && this.hasRoom && this.#waiters.length > 0) {
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
