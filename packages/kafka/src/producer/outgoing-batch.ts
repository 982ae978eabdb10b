import type { Compression } from '../batch/compression/compression.ts';
import {
  type BatchStamp,
  NO_STAMP,
  type RecordBatchBuilder,
  stampBatch,
} from '../batch/record-batch-builder.ts';
import type { PartitionQueue } from './partition-queue.ts';

/** A batch on its way: first open for records, then sent as often as needed, then done. */
export class OutgoingBatch {
  readonly queue: PartitionQueue;
  /**
   * When its first record came in, on the producer's clock; `delivery.timeout.ms` counts from here.
   */
  readonly createdMs: number;
  readonly tokens: number[];
  /** How often it was sent. */
  attempts = 0;
  /** Reported to the caller; a late answer changes nothing for him. */
  isDone = false;
  /** In a request that has no answer yet. */
  isOnWire = false;
  /**
   * Whether its sequence was given anew after an epoch bump, so that answers to the old one mean
   * nothing.
   */
  wasRestamped = false;
  /** An attempt had no answer, or one that leaves open whether it was appended. */
  isOutcomeOpen = false;
  /** How many bytes of `buffer.memory` it holds. */
  heldBytes = 0;
  /** Bytes before compression, and of the largest record; known once it was encoded. */
  plainBytes = 0;
  recordMaxBytes = 0;
  #builder: RecordBatchBuilder | null;
  #bytes: Buffer | null;
  #stamp: BatchStamp = NO_STAMP;
  #stamped: BatchStamp | null = null;

  constructor(
    queue: PartitionQueue,
    content: RecordBatchBuilder | Buffer,
    createdMs: number,
    tokens: number[] = [],
  ) {
    this.queue = queue;
    this.createdMs = createdMs;
    this.tokens = tokens;
    this.#builder = Buffer.isBuffer(content) ? null : content;
    this.#bytes = Buffer.isBuffer(content) ? content : null;
  }

  get count(): number {
    return this.tokens.length;
  }
  get stamp(): BatchStamp {
    return this.#stamp;
  }
  get hasSequence(): boolean {
    return this.#stamp.baseSequence >= 0;
  }
  /** What records are written to, until the batch was first encoded. */
  get builder(): RecordBatchBuilder | null {
    return this.#builder;
  }
  /** Its size as known now: that of the encoded batch, or of the plain records. */
  get sizeInBytes(): number {
    return this.#bytes?.length ?? this.#builder?.sizeInBytes ?? 0;
  }

  /** Producer id, epoch and sequence for the next time it is sent. */
  setStamp(stamp: BatchStamp): void {
    this.#stamp = stamp;
  }

  /**
   * The bytes to send. Once sent, they are never changed: what is still in a socket's queue must
   * stay as it was.
   */
  encode(compression: Compression | null): Buffer {
    if (this.#bytes === null) {
      if (this.#builder === null) throw new Error('A batch without content can not be sent');
      this.plainBytes = this.#builder.sizeInBytes;
      this.recordMaxBytes = this.#builder.recordMaxBytes;
      this.#bytes = this.#builder.finish(this.#stamp, compression);
      // Compressed, the records live on in the packed bytes alone.
      if (compression !== null) this.#builder = null;
      this.#stamped = this.#stamp;
    } else if (this.#stamped !== this.#stamp) {
      if (this.attempts > 0) this.#bytes = Buffer.from(this.#bytes);
      stampBatch(this.#bytes, this.#stamp);
      this.#stamped = this.#stamp;
    }
    return this.#bytes;
  }

  /** The encoded bytes, if it was encoded. */
  get bytes(): Buffer | null {
    return this.#bytes;
  }
}
