import type { Header } from '../data/headers.ts';
import type { Schema } from '../data/schema.ts';
import type { SinkRecord } from './sink-record.ts';

/** What a sink record is made of. */
export interface SinkRecordInit {
  readonly topic: string;
  readonly kafkaPartition: number;
  readonly kafkaOffset: number;
  readonly keySchema?: Schema | null;
  readonly key?: unknown;
  readonly valueSchema?: Schema | null;
  readonly value?: unknown;
  /** Milliseconds since the epoch. */
  readonly timestamp?: number | null;
  /** Default: `NoTimestampType`. */
  readonly timestampType?: SinkRecord['timestampType'];
  readonly headers?: readonly Header[];
  /** Default: `topic`. */
  readonly originalTopic?: string;
  /** Default: `kafkaPartition`. */
  readonly originalKafkaPartition?: number;
  /** Default: `kafkaOffset`. */
  readonly originalKafkaOffset?: number;
}

const NO_HEADERS: readonly Header[] = Object.freeze([]);

/** Makes a sink record; all of them have one shape. Mirrors `new SinkRecord(...)`. */
export function newSinkRecord(init: SinkRecordInit): SinkRecord {
  return {
    topic: init.topic,
    kafkaPartition: init.kafkaPartition,
    keySchema: init.keySchema ?? null,
    key: init.key ?? null,
    valueSchema: init.valueSchema ?? null,
    value: init.value ?? null,
    timestamp: init.timestamp ?? null,
    headers: init.headers ?? NO_HEADERS,
    kafkaOffset: init.kafkaOffset,
    timestampType: init.timestampType ?? 'NoTimestampType',
    originalTopic: init.originalTopic ?? init.topic,
    originalKafkaPartition: init.originalKafkaPartition ?? init.kafkaPartition,
    originalKafkaOffset: init.originalKafkaOffset ?? init.kafkaOffset,
  };
}
