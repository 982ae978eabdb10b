import type { RecordHeader } from '@sluice/kafka';
import type { SourceRecord } from '@sluice/api';
import type { Stage } from './stage.ts';

/** A record as it was consumed, bytes untouched: what a dead letter carries. */
export interface ConsumedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** -1 when it has none. */
  readonly timestamp: number;
  readonly timestampType: 'NoTimestampType' | 'CreateTime' | 'LogAppendTime';
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

/** Which record failed: one polled from a source task, or one consumed from Kafka. */
export type FailedRecord =
  | { readonly type: 'source'; readonly record: SourceRecord }
  | { readonly type: 'sink'; readonly record: ConsumedRecord };

/** One failed operation on one record. Mirrors `ProcessingContext`. */
export interface ErrorContext {
  readonly stage: Stage;
  /** The class that failed, as users name it. */
  readonly className: string;
  readonly error: Error;
  readonly failed: FailedRecord;
}

/** Where the record is from, for people: `orders-0@42` or the source partition and offset. */
export function describeRecord(failed: FailedRecord): string {
  if (failed.type === 'sink') {
    const { topic, partition, offset } = failed.record;
    return `record ${topic}-${partition}@${offset}`;
  }
  const { topic, sourcePartition, sourceOffset } = failed.record;
  return (
    `record for topic ${topic} from source partition ${describe(sourcePartition)} ` +
    `at source offset ${describe(sourceOffset)}`
  );
}

function describe(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'bigint' ? each.toString() : each,
  );
}
