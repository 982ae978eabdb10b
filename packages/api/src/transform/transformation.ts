import type { PluginDefinition, Props } from '../connector.ts';
import type { PluginLogging } from '../logging.ts';
import type { Monitorable } from '../plugin-metrics.ts';
import type { SinkRecord } from '../sink/sink-record.ts';
import type { SourceRecord } from '../source/source-record.ts';

/** A record on either side. */
export type AnyRecord = SourceRecord | SinkRecord;

/** Changes one record at a time; `null` drops it. Mirrors `Transformation`. */
export interface Transformation extends PluginLogging, Monitorable {
  configure(props: Props): void;
  apply<R extends AnyRecord>(record: R): R | null;
  close?(): void;
}

/** Answers whether a transformation is to be applied. Mirrors `Predicate`. */
export interface Predicate extends PluginLogging, Monitorable {
  configure(props: Props): void;
  test(record: AnyRecord): boolean;
  close?(): void;
}

export interface TransformationPlugin extends PluginDefinition<Transformation> {
  readonly type: 'transformation';
}
export interface PredicatePlugin extends PluginDefinition<Predicate> {
  readonly type: 'predicate';
}
