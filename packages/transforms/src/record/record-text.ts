import { javaText, type AnyRecord, type Header, type Schema } from '@sluice/api';
import { isSinkRecord } from './requirements.ts';

/** A record as Java's `toString` prints it, which some error texts hold. */
export function recordText(record: AnyRecord): string {
  const common =
    `ConnectRecord{topic='${record.topic}', kafkaPartition=${record.kafkaPartition}, ` +
    `key=${javaText(record.key, record.keySchema)}, keySchema=${schemaText(record.keySchema)}, ` +
    `value=${javaText(record.value, record.valueSchema)}, ` +
    `valueSchema=${schemaText(record.valueSchema)}, timestamp=${record.timestamp}, ` +
    `headers=${headersText(record.headers)}}`;
  if (isSinkRecord(record)) {
    return (
      `SinkRecord{kafkaOffset=${record.kafkaOffset}, timestampType=${record.timestampType}, ` +
      `originalTopic=${record.originalTopic}, ` +
      `originalKafkaPartition=${record.originalKafkaPartition}, ` +
      `originalKafkaOffset=${record.originalKafkaOffset}} ${common}`
    );
  }
  return (
    `SourceRecord{sourcePartition=${javaText(record.sourcePartition)}, ` +
    `sourceOffset=${javaText(record.sourceOffset)}} ${common}`
  );
}

function schemaText(schema: Schema | null): string {
  if (schema === null) return 'null';
  return schema.name === null ? `Schema{${schema.type}}` : `Schema{${schema.name}:${schema.type}}`;
}

function headersText(headers: readonly Header[]): string {
  const items = headers.map(({ key, schema, value }) => {
    const text = javaText(value, schema);
    return `ConnectHeader(key=${key}, value=${text}, schema=${schemaText(schema)})`;
  });
  return `ConnectHeaders(headers=${items.length === 0 ? '' : `[${items.join(', ')}]`})`;
}
