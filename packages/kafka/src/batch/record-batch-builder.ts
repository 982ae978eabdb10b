import { ATTRIBUTE, BATCH, LOG_OVERHEAD_BYTES, MAGIC, NONE } from './batch-format.ts';
import type { Compression } from './compression/compression.ts';
import { chooseCrc32c } from './crc32c.ts';
import { writeInt64 } from './int64-bytes.ts';
import type { RecordHeader } from './record-header.ts';
import { varintSize, varlongSize, writeVarint, writeVarlong, zigzag } from './varint-bytes.ts';

/** Producer and kind of a batch, known only when it is sent. */
export interface BatchStamp {
  /** -1 when the batch belongs to no idempotent producer. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly isTransactional: boolean;
}

/** The stamp of a batch without idempotence. */
export const NO_STAMP: BatchStamp = {
  producerId: NONE,
  producerEpoch: NONE,
  baseSequence: NONE,
  isTransactional: false,
};

/**
 * Timestamps end in the year 144,683. A difference of two of them (-1 stands for none) then has a
 * magnitude of at most 2^52 - 1, and doubling that for its zigzag form still is exact.
 */
export const TIMESTAMP_MAX: number = 2 ** 52 - 2;

/**
 * Room behind a text: were it longer than expected, at least one byte more is written, whatever its
 * characters are, since none takes more than four.
 */
const TEXT_SPARE_BYTES = 4;

/**
 * What a record costs at most beside its key, value and headers: seven varints, one of them of 64
 * bits, and a byte.
 */
const RECORD_OVERHEAD_MAX_BYTES = 21;

/**
 * Builds one record batch (magic 2), writing each record straight into the batch's buffer: no
 * object per record, no second copy. The buffer doubles when it is full. Not reusable after {@link
 * RecordBatchBuilder.finish}.
 */
export class RecordBatchBuilder {
  #bytes: Buffer;
  #end: number = BATCH.records;
  #count = 0;
  #baseTimestamp = 0;
  #maxTimestamp: number = NONE;
  #recordMaxBytes = 0;

  /** `buffer`: where to build; it belongs to the builder until the batch is sent. */
  constructor(buffer: Buffer = Buffer.allocUnsafe(1024)) {
    this.#bytes = buffer.length > BATCH.records ? buffer : Buffer.allocUnsafe(1024);
  }

  get count(): number {
    return this.#count;
  }
  /** Bytes of the batch so far, header included, before compression. */
  get sizeInBytes(): number {
    return this.#end;
  }
  /** Bytes of the largest record so far. */
  get recordMaxBytes(): number {
    return this.#recordMaxBytes;
  }
  /** Bytes of the buffer behind it. */
  get capacity(): number {
    return this.#bytes.length;
  }
  /** The buffer behind it, to be used again once the batch is no longer needed. */
  get buffer(): Buffer {
    return this.#bytes;
  }

  /**
   * Copies one record in. `timestamp` in milliseconds since the epoch, or -1 for none. A text is
   * written as UTF-8, straight into the batch.
   */
  append(
    timestamp: number,
    key: Uint8Array | null,
    value: Uint8Array | string | null,
    headers: readonly RecordHeader[],
  ): void {
    checkTimestamp(timestamp);
    if (this.#count === 0) this.#baseTimestamp = timestamp;
    // Mostly a text has one byte per character: found out by writing it, not by counting first.
    const valueSize = value === null ? NONE : value.length;
    if (this.#write(timestamp, key, value, valueSize, headers)) return;
    const exactSize = typeof value === 'string' ? Buffer.byteLength(value) : valueSize;
    this.#write(timestamp, key, value, exactSize, headers);
  }

  /** False, and nothing is done, when a text has other than `valueSize` bytes. */
  #write(
    timestamp: number,
    key: Uint8Array | null,
    value: Uint8Array | string | null,
    valueSize: number,
    headers: readonly RecordHeader[],
  ): boolean {
    const timestampDelta = timestamp - this.#baseTimestamp;
    const headerCount = headers.length;
    const size =
      1 +
      varlongSize(timestampDelta) +
      varintSize(this.#count * 2) +
      sizedBytes(key === null ? NONE : key.length) +
      sizedBytes(valueSize) +
      (headerCount === 0 ? 1 : varintSize(headerCount * 2) + headersSize(headers));
    let at = this.#end;
    const end = at + varintSize(size * 2) + size + TEXT_SPARE_BYTES;
    if (end > this.#bytes.length) this.#grow(end);
    const bytes = this.#bytes;
    at = writeVarint(bytes, at, size * 2);
    bytes[at++] = 0;
    at = writeVarlong(bytes, at, timestampDelta);
    at = writeVarint(bytes, at, this.#count * 2);
    at = writeSized(bytes, at, key);
    if (typeof value === 'string') {
      at = writeVarint(bytes, at, valueSize * 2);
      if (bytes.write(value, at, valueSize + TEXT_SPARE_BYTES, 'utf8') !== valueSize) return false;
      at += valueSize;
    } else {
      at = writeSized(bytes, at, value);
    }
    at = writeVarint(bytes, at, headerCount * 2);
    if (headerCount > 0) at = writeHeaders(bytes, at, headers);
    if (at - this.#end > this.#recordMaxBytes) this.#recordMaxBytes = at - this.#end;
    this.#end = at;
    this.#count++;
    if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp;
    return true;
  }

  /**
   * Compresses (unless `compression` is null), fills in the header and gives the batch: a view of
   * the builder's own buffer when it is not compressed.
   */
  finish(stamp: BatchStamp, compression: Compression | null): Buffer {
    const batch =
      compression === null ? this.#bytes.subarray(0, this.#end) : this.#compressed(compression);
    const attributes =
      (compression === null ? 0 : compression.id) |
      (stamp.isTransactional ? ATTRIBUTE.transactional : 0);
    writeBatchHeader(batch, {
      attributes,
      recordCount: this.#count,
      baseTimestamp: this.#baseTimestamp,
      maxTimestamp: this.#maxTimestamp,
      stamp,
    });
    return batch;
  }

  #compressed(compression: Compression): Buffer {
    const packed = compression.compress(this.#bytes.subarray(BATCH.records, this.#end));
    const batch = Buffer.allocUnsafe(BATCH.records + packed.length);
    batch.set(packed, BATCH.records);
    return batch;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}

/** What {@link writeBatchHeader} fills in. */
export interface BatchHeaderFields {
  readonly attributes: number;
  readonly recordCount: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly stamp: BatchStamp;
}

/**
 * Writes the header of a batch whose records are already in place behind it, checksum last. Base
 * offset 0.
 */
export function writeBatchHeader(batch: Buffer, fields: BatchHeaderFields): void {
  writeInt64(batch, BATCH.baseOffset, 0);
  batch.writeInt32BE(batch.length - LOG_OVERHEAD_BYTES, BATCH.length);
  batch.writeInt32BE(NONE, BATCH.leaderEpoch);
  batch.writeInt8(MAGIC, BATCH.magic);
  batch.writeInt16BE(fields.attributes, BATCH.attributes);
  batch.writeInt32BE(fields.recordCount - 1, BATCH.lastOffsetDelta);
  writeInt64(batch, BATCH.baseTimestamp, fields.baseTimestamp);
  writeInt64(batch, BATCH.maxTimestamp, fields.maxTimestamp);
  batch.writeInt32BE(fields.recordCount, BATCH.recordCount);
  stampBatch(batch, fields.stamp);
}

/**
 * Gives a finished batch another producer id, epoch and sequence (a retry after an epoch bump), and
 * its checksum.
 */
export function stampBatch(batch: Buffer, stamp: BatchStamp): void {
  writeInt64(batch, BATCH.producerId, stamp.producerId);
  batch.writeInt16BE(stamp.producerEpoch, BATCH.producerEpoch);
  batch.writeInt32BE(stamp.baseSequence, BATCH.baseSequence);
  writeChecksum(batch);
}

/** Computes the checksum of a batch anew after a field it covers was changed. */
export function writeChecksum(batch: Buffer): void {
  batch.writeUInt32BE(chooseCrc32c()(batch.subarray(BATCH.attributes)), BATCH.crc);
}

/**
 * An upper bound of the bytes that a record adds to an uncompressed batch; of a text, as if it had
 * one byte per character.
 */
export function recordSizeMax(
  key: Uint8Array | null,
  value: Uint8Array | string | null,
  headers: readonly RecordHeader[],
): number {
  const fixed = RECORD_OVERHEAD_MAX_BYTES + (key?.length ?? 0) + (value?.length ?? 0);
  return headers.length === 0 ? fixed : fixed + 5 + headersSize(headers);
}

function checkTimestamp(timestamp: number): void {
  if (Number.isInteger(timestamp) && timestamp >= NONE && timestamp <= TIMESTAMP_MAX) return;
  // Java's wording, which connectors' users know.
  throw new RangeError(
    `Invalid timestamp: ${timestamp}. Timestamp should always be non-negative or null.`,
  );
}

function sizedBytes(size: number): number {
  return size < 0 ? 1 : varintSize(size * 2) + size;
}

function writeSized(bytes: Buffer, at: number, value: Uint8Array | null): number {
  if (value === null) {
    bytes[at] = 1;
    return at + 1;
  }
  const start = writeVarint(bytes, at, value.length * 2);
  bytes.set(value, start);
  return start + value.length;
}

function headersSize(headers: readonly RecordHeader[]): number {
  let size = 0;
  for (const header of headers) {
    size += sizedBytes(Buffer.byteLength(header.key));
    size += sizedBytes(header.value === null ? NONE : header.value.length);
  }
  return size;
}

function writeHeaders(bytes: Buffer, start: number, headers: readonly RecordHeader[]): number {
  let at = start;
  for (const header of headers) {
    const keySize = Buffer.byteLength(header.key);
    at = writeVarint(bytes, at, zigzag(keySize));
    at += bytes.write(header.key, at, keySize, 'utf8');
    at = writeSized(bytes, at, header.value);
  }
  return at;
}
