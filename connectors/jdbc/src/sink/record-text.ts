import type { SinkRecord } from '@sluice/api';

/** Where a record is, for errors. */
export function recordText(record: SinkRecord): string {
  const { topic, kafkaPartition, kafkaOffset, timestamp } = record;
  return (
    `record at (topic='${topic}',partition=${kafkaPartition},offset=${kafkaOffset},` +
    `timestamp=${timestamp})`
  );
}
