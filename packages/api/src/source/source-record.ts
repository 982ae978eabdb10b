import type { ConnectRecord } from '../data/connect-record.ts';

/** A source partition or offset: string keys, primitive values, written in this key order. */
export type SourceMap = Readonly<Record<string, unknown>>;

/** What a source task emits. Mirrors `org.apache.kafka.connect.source.SourceRecord`. */
export interface SourceRecord extends ConnectRecord {
  readonly sourcePartition: SourceMap | null;
  readonly sourceOffset: SourceMap | null;
}
