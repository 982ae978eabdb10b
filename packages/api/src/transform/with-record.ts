import type { Header } from '../data/headers.ts';
import type { Schema } from '../data/schema.ts';
import type { SinkRecord } from '../sink/sink-record.ts';
import type { SourceRecord } from '../source/source-record.ts';
import type { AnyRecord } from './transformation.ts';

/** What a transformation may change; what is left out stays as it is. */
export interface RecordChanges {
  readonly topic?: string;
  readonly kafkaPartition?: number | null;
  readonly keySchema?: Schema | null;
  readonly key?: unknown;
  readonly valueSchema?: Schema | null;
  readonly value?: unknown;
  readonly timestamp?: number | null;
  readonly headers?: readonly Header[];
}

/**
 * A copy of a record with some of its parts changed. Where a sink record was read from (the
 * `original*` fields, the offset) and where a source record came from always stay.
 * A `kafkaPartition` of null leaves a sink record's partition as it is.
 * Mirrors `ConnectRecord.newRecord`.
 */
export function withRecord(record: SourceRecord, changes: RecordChanges): SourceRecord;
export function withRecord(record: SinkRecord, changes: RecordChanges): SinkRecord;
export function withRecord<R extends AnyRecord>(record: R, changes: RecordChanges): R;
export function withRecord(record: AnyRecord, changes: RecordChanges): AnyRecord {
  return 'kafkaOffset' in record ? withSink(record, changes) : withSource(record, changes);
}

function withSource(record: SourceRecord, changes: RecordChanges): SourceRecord {
  return {
    sourcePartition: record.sourcePartition,
    sourceOffset: record.sourceOffset,
    topic: changes.topic ?? record.topic,
    kafkaPartition: pick(changes.kafkaPartition, record.kafkaPartition),
    keySchema: pick(changes.keySchema, record.keySchema),
    key: pick(changes.key, record.key),
    valueSchema: pick(changes.valueSchema, record.valueSchema),
    value: pick(changes.value, record.value),
    timestamp: pick(changes.timestamp, record.timestamp),
    headers: changes.headers ?? record.headers,
  };
}

function withSink(record: SinkRecord, changes: RecordChanges): SinkRecord {
  return {
    topic: changes.topic ?? record.topic,
    kafkaPartition: changes.kafkaPartition ?? record.kafkaPartition,
    keySchema: pick(changes.keySchema, record.keySchema),
    key: pick(changes.key, record.key),
    valueSchema: pick(changes.valueSchema, record.valueSchema),
    value: pick(changes.value, record.value),
    timestamp: pick(changes.timestamp, record.timestamp),
    headers: changes.headers ?? record.headers,
    kafkaOffset: record.kafkaOffset,
    timestampType: record.timestampType,
    originalTopic: record.originalTopic,
    originalKafkaPartition: record.originalKafkaPartition,
    originalKafkaOffset: record.originalKafkaOffset,
  };
}

/** `undefined` means "not mentioned"; null is a value. */
function pick<T>(change: T | undefined, present: T): T {
  return change === undefined ? present : change;
}
