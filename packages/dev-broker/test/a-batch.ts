import { NO_STAMP, RecordBatchBuilder, type BatchStamp } from '@sluice/kafka/batch';

/** What a test wants in a batch; everything has a default. */
export interface BatchWish {
  /** Values of the records. Default: one record, `v`. */
  readonly values?: readonly string[];
  readonly key?: string;
  readonly timestamp?: number;
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly isTransactional?: boolean;
}

/** Some moment, so that tests need no clock. */
export const A_MOMENT = 1_700_000_000_000;

/** A record batch as a producer sends it, uncompressed. A new buffer at every call. */
export function aBatch(wish: BatchWish = {}): Buffer {
  const { values = ['v'], timestamp = A_MOMENT } = wish;
  const builder = new RecordBatchBuilder();
  const key = wish.key === undefined ? null : Buffer.from(wish.key);
  for (const value of values) builder.append(timestamp, key, Buffer.from(value), []);
  const stamp: BatchStamp =
    wish.producerId === undefined
      ? NO_STAMP
      : {
          producerId: wish.producerId,
          producerEpoch: wish.producerEpoch ?? 0,
          baseSequence: wish.baseSequence ?? 0,
          isTransactional: wish.isTransactional ?? false,
        };
  return Buffer.from(builder.finish(stamp, null));
}
