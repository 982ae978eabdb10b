import type { Header } from '../data/headers.ts';
import type { Schema } from '../data/schema.ts';
import type { SourceMap, SourceRecord } from './source-record.ts';

/** What a source record is made of; only `topic` and `value` are usual in every connector. */
export interface SourceRecordInit {
  readonly topic: string;
  /** `null` (default) lets the producer choose. */
  readonly kafkaPartition?: number | null;
  readonly keySchema?: Schema | null;
  readonly key?: unknown;
  readonly valueSchema?: Schema | null;
  readonly value?: unknown;
  /** Milliseconds since the epoch; `null` (default) lets the producer set it. */
  readonly timestamp?: number | null;
  readonly headers?: readonly Header[];
  readonly sourcePartition?: SourceMap | null;
  readonly sourceOffset?: SourceMap | null;
}

const NO_HEADERS: readonly Header[] = Object.freeze([]);

/** Makes a source record; all of them have one shape. Mirrors `new SourceRecord(...)`. */
export function newSourceRecord(init: SourceRecordInit): SourceRecord {
  return {
    sourcePartition: init.sourcePartition ?? null,
    sourceOffset: init.sourceOffset ?? null,
    topic: init.topic,
    kafkaPartition: init.kafkaPartition ?? null,
    keySchema: init.keySchema ?? null,
    key: init.key ?? null,
    valueSchema: init.valueSchema ?? null,
    value: init.value ?? null,
    timestamp: init.timestamp ?? null,
    headers: init.headers ?? NO_HEADERS,
  };
}
