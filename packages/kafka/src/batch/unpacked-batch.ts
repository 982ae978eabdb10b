import { UNPACKED_BATCH_MAX_BYTES, BATCH } from './batch-format.ts';
import { checkCrc, corrupt, type BatchHeader } from './batch-header.ts';
import type { Compressions } from './compression/compressions.ts';
import type { RecordHeader } from './record-header.ts';

/** Most records have none: no array for each of them. */
const NO_HEADERS: readonly RecordHeader[] = [];

/** A batch whose records lie plain in `bytes`, from `start` to `end`. */
export class UnpackedBatch {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly leaderEpoch: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly isLogAppendTime: boolean;
  readonly recordCount: number;

  constructor(header: BatchHeader, bytes: Buffer, start: number, end: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.baseOffset = header.baseOffset;
    this.lastOffset = header.lastOffset;
    this.leaderEpoch = header.leaderEpoch;
    this.baseTimestamp = header.baseTimestamp;
    this.maxTimestamp = header.maxTimestamp;
    this.isLogAppendTime = header.isLogAppendTime;
    this.recordCount = header.recordCount;
  }

  /**
   * The headers of the record whose header list begins at `position` (checked when the record was
   * parsed).
   */
  headersAt(position: number): readonly RecordHeader[] {
    const cursor = { at: position };
    const count = this.#varint(cursor);
    if (count === 0) return NO_HEADERS;
    const headers: RecordHeader[] = [];
    for (let i = 0; i < count; i++) {
      const keySize = this.#varint(cursor);
      const key = this.bytes.toString('utf8', cursor.at, cursor.at + keySize);
      cursor.at += keySize;
      const valueSize = this.#varint(cursor);
      if (valueSize < 0) {
        headers.push({ key, value: null });
        continue;
      }
      headers.push({ key, value: this.bytes.subarray(cursor.at, cursor.at + valueSize) });
      cursor.at += valueSize;
    }
    return headers;
  }

  #varint(cursor: { at: number }): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes[cursor.at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return (value >>> 1) ^ -(value & 1);
  }
}

/**
 * Checks a batch's checksum (unless `checkCrcs` is false) and unpacks its records. The codec must
 * have been loaded.
 *
 * @throws KafkaError `CORRUPT_MESSAGE`
 */
export function unpackBatch(
  bytes: Buffer,
  header: BatchHeader,
  compressions: Compressions,
  checkCrcs = true,
): UnpackedBatch {
  if (checkCrcs) checkCrc(bytes, header);
  const start = header.position + BATCH.records;
  const end = header.position + header.sizeInBytes;
  const compression = compressions.get(header.compression);
  if (compression === null) return new UnpackedBatch(header, bytes, start, end);
  if (header.recordCount === 0 && end > start) {
    throw corrupt(header.baseOffset, 'it says it has no records, but bytes follow');
  }
  if (end === start) return new UnpackedBatch(header, bytes, start, end);
  const unpacked = compression.decompress(bytes.subarray(start, end), UNPACKED_BATCH_MAX_BYTES);
  return new UnpackedBatch(header, unpacked, 0, unpacked.length);
}
