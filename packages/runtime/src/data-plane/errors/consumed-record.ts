import type { RecordColumns } from '@sluice/kafka';
import type { ConsumedRecord } from './error-context.ts';

/** One row of the columns as an object, for error reports: made only for records that fail. */
export function consumedRecord(columns: RecordColumns, row: number): ConsumedRecord {
  return {
    topic: columns.topic,
    partition: columns.partition,
    offset: columns.offset(row),
    timestamp: columns.timestamp(row),
    timestampType: columns.timestampType(row),
    key: columns.key(row),
    value: columns.value(row),
    headers: columns.headers(row),
  };
}
