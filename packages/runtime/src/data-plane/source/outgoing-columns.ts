import type { SourceRecord } from '@sluice/api';
import type { ColumnProducer } from '@sluice/kafka';
import type { ConvertedBatch } from './source-batch.ts';
import type { SubmittedRecords } from './submitted-records.ts';

type OutgoingColumns = Parameters<ColumnProducer['appendColumns']>[0];

const NO_TIMESTAMP = -1;

/**
 * The records of a batch from `from` up to `to`, all of one topic, as the producer takes them.
 * Submits each: the tokens are in the columns, in order.
 */
export function outgoingColumns(
  batch: ConvertedBatch,
  topic: string,
  from: number,
  to: number,
  submitted: SubmittedRecords,
): OutgoingColumns {
  const { records, polled, keys, values, headers } = batch;
  const count = to - from;
  const isWhole = count === records.length;
  const tokens: number[] = [];
  for (let at = 0; at < count; at++) {
    const record = records[from + at];
    const original = polled[from + at];
    if (record === undefined || original === undefined) continue;
    tokens.push(submitted.submit(original, record.timestamp ?? NO_TIMESTAMP));
  }
  return {
    topic,
    count,
    partitions: partitionsOf(records, from, to),
    keys: isWhole ? keys : keys.slice(from, to),
    values: isWhole ? values : values.slice(from, to),
    headers: isWhole || headers === null ? headers : headers.slice(from, to),
    timestamps: timestampsOf(records, from, to),
    tokens,
  };
}

/** `null` when the partitioner decides for all of them, as it nearly always does. */
function partitionsOf(
  records: readonly SourceRecord[],
  from: number,
  to: number,
): readonly (number | null)[] | null {
  let found: (number | null)[] | null = null;
  for (let at = from; at < to; at++) {
    const partition = records[at]?.kafkaPartition ?? null;
    if (partition !== null) found ??= Array.from({ length: to - from }, () => null);
    if (found !== null) found[at - from] = partition;
  }
  return found;
}

/** `null` when none of them has one. */
function timestampsOf(
  records: readonly SourceRecord[],
  from: number,
  to: number,
): readonly (number | null)[] | null {
  let found: (number | null)[] | null = null;
  for (let at = from; at < to; at++) {
    const timestamp = records[at]?.timestamp ?? null;
    if (timestamp !== null) found ??= Array.from({ length: to - from }, () => null);
    if (found !== null) found[at - from] = timestamp;
  }
  return found;
}
