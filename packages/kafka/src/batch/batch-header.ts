import { KafkaError } from '../errors/kafka-error.ts';
import {
  ATTRIBUTE,
  BATCH,
  COMPRESSION_TYPES,
  LOG_OVERHEAD_BYTES,
  MAGIC,
  type CompressionType,
} from './batch-format.ts';
import { chooseCrc32c } from './crc32c.ts';
import { readInt64 } from './int64-bytes.ts';

/** What a batch says about itself, read without touching its records. */
export interface BatchHeader {
  /** Where the batch begins in the buffer it was read from. */
  readonly position: number;
  readonly sizeInBytes: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly leaderEpoch: number;
  readonly crc: number;
  readonly compression: CompressionType;
  readonly isLogAppendTime: boolean;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

/**
 * The batch that begins at `position`; `null` when the bytes end before it does, as the last batch
 * of a fetch response may.
 *
 * @throws KafkaError `CORRUPT_MESSAGE` for impossible lengths and numbers,
 *   `UNSUPPORTED_FOR_MESSAGE_FORMAT` for the
 *   message formats before Kafka 0.11 (magic 0 and 1), `UNSUPPORTED_COMPRESSION_TYPE`
 */
export function readBatchHeader(bytes: Buffer, position = 0): BatchHeader | null {
  const left = bytes.length - position;
  if (left <= BATCH.magic) return null;
  const baseOffset = readInt64(bytes, position + BATCH.baseOffset);
  const length = bytes.readInt32BE(position + BATCH.length);
  const magic = bytes.readInt8(position + BATCH.magic);
  if (magic !== MAGIC) throw wrongMagic(magic, baseOffset);
  if (length < BATCH.records - LOG_OVERHEAD_BYTES) {
    throw corrupt(baseOffset, `its length of ${length} is less than its header`);
  }
  if (length + LOG_OVERHEAD_BYTES > left) return null;
  const attributes = bytes.readInt16BE(position + BATCH.attributes);
  const lastOffsetDelta = bytes.readInt32BE(position + BATCH.lastOffsetDelta);
  const recordCount = bytes.readInt32BE(position + BATCH.recordCount);
  const compression = COMPRESSION_TYPES[attributes & ATTRIBUTE.compressionMask];
  if (compression === undefined) throw wrongCompression(attributes, baseOffset);
  if (lastOffsetDelta < 0 || recordCount < 0) {
    const counts = `${recordCount} records, last offset delta ${lastOffsetDelta}`;
    throw corrupt(baseOffset, `its counts are impossible: ${counts}`);
  }
  const header: BatchHeader = {
    position,
    sizeInBytes: length + LOG_OVERHEAD_BYTES,
    baseOffset,
    lastOffset: baseOffset + lastOffsetDelta,
    leaderEpoch: bytes.readInt32BE(position + BATCH.leaderEpoch),
    crc: bytes.readUInt32BE(position + BATCH.crc),
    compression,
    isLogAppendTime: (attributes & ATTRIBUTE.logAppendTime) !== 0,
    isTransactional: (attributes & ATTRIBUTE.transactional) !== 0,
    isControl: (attributes & ATTRIBUTE.control) !== 0,
    baseTimestamp: readInt64(bytes, position + BATCH.baseTimestamp),
    maxTimestamp: readInt64(bytes, position + BATCH.maxTimestamp),
    producerId: readInt64(bytes, position + BATCH.producerId),
    producerEpoch: bytes.readInt16BE(position + BATCH.producerEpoch),
    baseSequence: bytes.readInt32BE(position + BATCH.baseSequence),
    recordCount,
  };
  checkNumbers(header);
  return header;
}

/** All whole batches of a record set, in order. */
export function* readBatchHeaders(bytes: Buffer): Generator<BatchHeader, void, undefined> {
  let header = readBatchHeader(bytes, 0);
  while (header !== null) {
    yield header;
    header = readBatchHeader(bytes, header.position + header.sizeInBytes);
  }
}

/** @throws KafkaError `CORRUPT_MESSAGE` when the batch is not what its checksum says. */
export function checkCrc(bytes: Buffer, header: BatchHeader): void {
  const end = header.position + header.sizeInBytes;
  const computed = chooseCrc32c()(bytes.subarray(header.position + BATCH.attributes, end));
  // Invariant 5: what follows would deliver bytes that nobody sent.
  if (computed === header.crc) return;
  const text = `it carries the checksum ${hex(header.crc)}, but its bytes have ${hex(computed)}`;
  throw corrupt(header.baseOffset, text);
}

/** The error for a batch whose bytes can't be right. */
export function corrupt(baseOffset: number, what: string): KafkaError {
  return new KafkaError(
    'CORRUPT_MESSAGE',
    `Reading the record batch at offset ${baseOffset}: ${what}. ` +
      'The batch is damaged in the log or was on its way; to go on without it, seek past it.',
  );
}

function checkNumbers(header: BatchHeader): void {
  const { baseOffset, baseTimestamp, maxTimestamp, producerId } = header;
  if (!Number.isNaN(baseOffset + baseTimestamp + maxTimestamp + producerId)) return;
  throw corrupt(baseOffset, 'a 64-bit number in its header is beyond 2^53');
}

function wrongMagic(magic: number, baseOffset: number): KafkaError {
  if (magic < 0 || magic > MAGIC) return corrupt(baseOffset, `its format (magic) is ${magic}`);
  return new KafkaError(
    'UNSUPPORTED_FOR_MESSAGE_FORMAT',
    `Reading the record batch at offset ${baseOffset}: it has message format ${magic}, ` +
      'from before Kafka 0.11, which Kafka 4 does not have any more either. ' +
      'Rewrite the topic with a newer broker first.',
  );
}

function wrongCompression(attributes: number, baseOffset: number): KafkaError {
  return new KafkaError(
    'UNSUPPORTED_COMPRESSION_TYPE',
    `Reading the record batch at offset ${baseOffset}: its compression ` +
      `${attributes & ATTRIBUTE.compressionMask} is not one of ${COMPRESSION_TYPES.join(', ')}.`,
  );
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
