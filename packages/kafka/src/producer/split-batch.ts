import type { Compressions } from '../batch/compression/compressions.ts';
import { readBatchHeader } from '../batch/batch-header.ts';
import { decodeRecords } from '../batch/decode-records.ts';
import { BATCH } from '../batch/batch-format.ts';
import { RecordBatchBuilder, recordSizeMax } from '../batch/record-batch-builder.ts';
import { OutgoingBatch } from './outgoing-batch.ts';

/**
 * Cuts a batch that the broker found too large into batches of at most `batchSize` bytes, plain;
 * one that is smaller already (the broker's limit is lower than `batch.size`) into halves. Same
 * records, same order, same tokens.
 */
export function splitBatch(
  batch: OutgoingBatch,
  batchSize: number,
  compressions: Compressions,
): readonly OutgoingBatch[] {
  const { bytes, queue } = batch;
  const header = bytes === null ? null : readBatchHeader(bytes);
  if (bytes === null || header === null) throw new Error('Only a batch that was sent can be split');
  const records = decodeRecords(queue.topic, queue.partition, bytes, header, compressions);
  const half = Math.ceil(records.count / 2);
  const parts: OutgoingBatch[] = [];
  let builder = new RecordBatchBuilder();
  let tokens: number[] = [];
  const finish = (): void => {
    if (tokens.length > 0) parts.push(new OutgoingBatch(queue, builder, batch.createdMs, tokens));
    builder = new RecordBatchBuilder();
    tokens = [];
  };
  for (let i = 0; i < records.count; i++) {
    const [key, value, headers] = [records.key(i), records.value(i), records.headers(i)];
    const size = builder.sizeInBytes + recordSizeMax(key, value, headers);
    const isFull = size > Math.max(batchSize, BATCH.records) || tokens.length >= half;
    if (isFull && tokens.length > 0) finish();
    builder.append(records.timestamp(i), key, value, headers);
    tokens.push(batch.tokens[i] ?? 0);
  }
  finish();
  for (const part of parts) part.isOutcomeOpen = batch.isOutcomeOpen;
  return parts;
}
