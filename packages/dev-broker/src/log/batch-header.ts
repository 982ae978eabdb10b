import { chooseCrc32c } from '@sluice/kafka/batch';

/**
 * The fixed part of a version 2 record batch. The broker keeps batches as their producers made them:
 * it reads these fields, and writes only the two that lie outside the checksum.
 */
export interface BatchHeader {
  readonly baseOffset: number;
  /** The whole batch, its offset and length fields included. */
  readonly sizeInBytes: number;
  readonly leaderEpoch: number;
  readonly attributes: number;
  readonly lastOffset: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  /** -1 when the producer is not idempotent. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

/** Bytes of a batch before its records. */
export const BATCH_HEADER_BYTES = 61;
/** Bytes of offset and length, which the length field does not count. */
export const LOG_OVERHEAD_BYTES = 12;
/** The only batch format that brokers of Kafka 4 accept. */
export const BATCH_MAGIC = 2;

const LENGTH_AT = 8;
const LEADER_EPOCH_AT = 12;
const MAGIC_AT = 16;
const CRC_AT = 17;
const ATTRIBUTES_AT = 21;
const LAST_OFFSET_DELTA_AT = 23;
const BASE_TIMESTAMP_AT = 27;
const MAX_TIMESTAMP_AT = 35;
const PRODUCER_ID_AT = 43;
const PRODUCER_EPOCH_AT = 51;
const BASE_SEQUENCE_AT = 53;
const RECORD_COUNT_AT = 57;
const TWO_TO_32 = 2 ** 32;

const COMPRESSION_MASK = 0x07;
const LOG_APPEND_TIME_FLAG = 0x08;
const TRANSACTIONAL_FLAG = 0x10;
const CONTROL_FLAG = 0x20;
/** Number of the zstd codec in a batch's attributes. */
export const ZSTD_CODEC = 4;

/** Number of the codec: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
export function compressionCodec(header: BatchHeader): number {
  return header.attributes & COMPRESSION_MASK;
}
export function isTransactional(header: BatchHeader): boolean {
  return (header.attributes & TRANSACTIONAL_FLAG) !== 0;
}
export function isControlBatch(header: BatchHeader): boolean {
  return (header.attributes & CONTROL_FLAG) !== 0;
}
export function hasLogAppendTime(header: BatchHeader): boolean {
  return (header.attributes & LOG_APPEND_TIME_FLAG) !== 0;
}

/** The batch's length at `at`, or -1 when fewer than twelve bytes are there. */
export function batchSizeAt(bytes: Buffer, at: number): number {
  if (bytes.length - at < LOG_OVERHEAD_BYTES) return -1;
  return bytes.readInt32BE(at + LENGTH_AT) + LOG_OVERHEAD_BYTES;
}

/** The batch's format version. The caller has seen to it that 17 bytes are there. */
export function batchMagicAt(bytes: Buffer, at: number): number {
  return bytes.readInt8(at + MAGIC_AT);
}

/** Reads the header at `at`. The caller has seen to it that {@link BATCH_HEADER_BYTES} are there. */
export function readBatchHeader(bytes: Buffer, at: number): BatchHeader {
  const baseOffset = readLong(bytes, at);
  return {
    baseOffset,
    sizeInBytes: bytes.readInt32BE(at + LENGTH_AT) + LOG_OVERHEAD_BYTES,
    leaderEpoch: bytes.readInt32BE(at + LEADER_EPOCH_AT),
    attributes: bytes.readInt16BE(at + ATTRIBUTES_AT),
    lastOffset: baseOffset + bytes.readInt32BE(at + LAST_OFFSET_DELTA_AT),
    baseTimestamp: readLong(bytes, at + BASE_TIMESTAMP_AT),
    maxTimestamp: readLong(bytes, at + MAX_TIMESTAMP_AT),
    producerId: readLong(bytes, at + PRODUCER_ID_AT),
    producerEpoch: bytes.readInt16BE(at + PRODUCER_EPOCH_AT),
    baseSequence: bytes.readInt32BE(at + BASE_SEQUENCE_AT),
    recordCount: bytes.readInt32BE(at + RECORD_COUNT_AT),
  };
}

/** The checksum that the batch at `at` claims, and the bytes that it covers. */
export function batchChecksum(
  bytes: Buffer,
  at: number,
): { readonly claimed: number; readonly covered: Buffer } {
  const end = at + batchSizeAt(bytes, at);
  return {
    claimed: bytes.readUInt32BE(at + CRC_AT),
    covered: bytes.subarray(at + ATTRIBUTES_AT, end),
  };
}

/** Gives the batch its place in the log. Both fields lie outside the checksum. */
export function placeBatch(batch: Buffer, baseOffset: number, leaderEpoch: number): void {
  writeLong(batch, 0, baseOffset);
  batch.writeInt32BE(leaderEpoch, LEADER_EPOCH_AT);
}

/**
 * Stamps the batch with the broker's time, for topics with `message.timestamp.type=LogAppendTime`.
 * The time is under the checksum, which is renewed.
 */
export function stampLogAppendTime(batch: Buffer, timeMs: number): void {
  batch.writeInt16BE(batch.readInt16BE(ATTRIBUTES_AT) | LOG_APPEND_TIME_FLAG, ATTRIBUTES_AT);
  writeLong(batch, MAX_TIMESTAMP_AT, timeMs);
  batch.writeUInt32BE(chooseCrc32c()(batch.subarray(ATTRIBUTES_AT)), CRC_AT);
}

/** The offset behind the last of some whole batches; -1 when there are none. */
export function endOffsetOf(batches: Buffer): number {
  let end = -1;
  for (let at = 0; at < batches.length; ) {
    const header = readBatchHeader(batches, at);
    end = header.lastOffset + 1;
    at += header.sizeInBytes;
  }
  return end;
}

/**
 * Longs of a batch as numbers. Beyond 2^53 they lose their low bits: no offset, producer id or time
 * gets there, and a batch that claims one fails the checks that follow.
 */
function readLong(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * TWO_TO_32 + bytes.readUInt32BE(at + 4);
}

function writeLong(bytes: Buffer, at: number, value: number): void {
  const high = Math.floor(value / TWO_TO_32);
  bytes.writeInt32BE(high, at);
  bytes.writeUInt32BE(value - high * TWO_TO_32, at + 4);
}
