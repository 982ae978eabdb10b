import { ATTRIBUTE, BATCH } from './batch-format.ts';
import type { BatchHeader } from './batch-header.ts';
import { writeInt64 } from './int64-bytes.ts';
import { writeChecksum } from './record-batch-builder.ts';

/**
 * What a broker does to a batch that it appends: its place in the log. Outside the checksum, so
 * nothing is recomputed.
 */
export function placeBatch(
  bytes: Buffer,
  header: BatchHeader,
  baseOffset: number,
  leaderEpoch: number,
): void {
  writeInt64(bytes, header.position + BATCH.baseOffset, baseOffset);
  bytes.writeInt32BE(leaderEpoch, header.position + BATCH.leaderEpoch);
}

/**
 * Marks a batch with the time of appending (`message.timestamp.type=LogAppendTime`), and its new
 * checksum.
 */
export function setLogAppendTime(bytes: Buffer, header: BatchHeader, timestamp: number): void {
  const batch = bytes.subarray(header.position, header.position + header.sizeInBytes);
  const attributes = batch.readInt16BE(BATCH.attributes) | ATTRIBUTE.logAppendTime;
  batch.writeInt16BE(attributes, BATCH.attributes);
  writeInt64(batch, BATCH.maxTimestamp, timestamp);
  writeChecksum(batch);
}
