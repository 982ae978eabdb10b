import { ATTRIBUTE, BATCH } from './batch-format.ts';
import { RecordBatchBuilder, writeBatchHeader, type BatchStamp } from './record-batch-builder.ts';

/**
 * What a control batch says: how a transaction of its producer ended; `other` is for brokers among
 * themselves.
 */
export type ControlType = 'abort' | 'commit' | 'other';

const MARKER_TYPES: readonly ControlType[] = ['abort', 'commit'];

/** Reads the type from the key of a control record: two 16-bit numbers, version and type. */
export function controlType(key: Buffer | null): ControlType {
  if (key === null || key.length < 4) return 'other';
  return MARKER_TYPES[key.readInt16BE(2)] ?? 'other';
}

/** The batch that ends a transaction, as a broker writes it. */
export function buildEndMarker(
  type: 'abort' | 'commit',
  stamp: BatchStamp,
  timestamp: number,
  coordinatorEpoch: number,
): Buffer {
  const key = Buffer.alloc(4);
  key.writeInt16BE(MARKER_TYPES.indexOf(type), 2);
  const value = Buffer.alloc(6);
  value.writeInt32BE(coordinatorEpoch, 2);
  const builder = new RecordBatchBuilder(Buffer.allocUnsafe(BATCH.records + 64));
  builder.append(timestamp, key, value, []);
  const batch = builder.finish(stamp, null);
  writeBatchHeader(batch, {
    attributes: ATTRIBUTE.control | ATTRIBUTE.transactional,
    recordCount: 1,
    baseTimestamp: timestamp,
    maxTimestamp: timestamp,
    stamp,
  });
  return batch;
}
