import { readBatchHeader } from '../../batch/batch-header.ts';
import { readInt64 } from '../../batch/int64-bytes.ts';
import {
  ATTRIBUTE,
  BATCH,
  COMPRESSION_TYPES,
  type CompressionType,
  LOG_OVERHEAD_BYTES,
  MAGIC,
} from '../../batch/batch-format.ts';
import { KafkaError } from '../../errors/kafka-error.ts';

/** What the whole batches of a fetched record set are, at a glance: no object per batch, nothing unpacked. */
export interface BatchScan {
  /** The offset behind the last whole batch; -1 when there is none. */
  readonly nextOffset: number;
  /** The leader epoch of the last whole batch. */
  readonly leaderEpoch: number;
  /** As the batches say; a damaged one may say anything. */
  readonly recordCount: number;
  readonly compressions: readonly CompressionType[];
}

/**
 * Scans up to the first batch that is not whole, or not of the current format: reading it properly will say what is
 * wrong with it.
 */
export function scanBatches(bytes: Buffer): BatchScan {
  const compressions: CompressionType[] = [];
  let nextOffset = -1;
  let leaderEpoch = -1;
  let recordCount = 0;
  let at = 0;
  while (bytes.length - at >= BATCH.records) {
    const size = bytes.readInt32BE(at + BATCH.length) + LOG_OVERHEAD_BYTES;
    if (size < BATCH.records || size > bytes.length - at) break;
    if (bytes.readInt8(at + BATCH.magic) !== MAGIC) break;
    const attributes = bytes.readInt16BE(at + BATCH.attributes);
    const compression = COMPRESSION_TYPES[attributes & ATTRIBUTE.compressionMask];
    if (compression === undefined) break;
    if (!compressions.includes(compression)) compressions.push(compression);
    nextOffset =
      readInt64(bytes, at + BATCH.baseOffset) + bytes.readInt32BE(at + BATCH.lastOffsetDelta) + 1;
    leaderEpoch = bytes.readInt32BE(at + BATCH.leaderEpoch);
    recordCount += Math.max(bytes.readInt32BE(at + BATCH.recordCount), 0);
    at += size;
  }
  return { nextOffset, leaderEpoch, recordCount, compressions };
}

/** Why a record set without a whole batch can't be read. @throws KafkaError `CORRUPT_MESSAGE` when its batch is damaged */
export function noWholeBatch(records: Buffer, name: string): KafkaError {
  // Says what is wrong with the batch, if anything is.
  readBatchHeader(records, 0);
  return new KafkaError(
    'RECORD_TOO_LARGE',
    `the broker sent ${records.length} bytes of ${name} that hold no whole batch. ` +
      'Raise "max.partition.fetch.bytes" above the largest batch of the topic.',
  );
}
