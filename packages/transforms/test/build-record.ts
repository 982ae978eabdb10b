import {
  newSinkRecord,
  newSourceRecord,
  type Schema,
  type SinkRecord,
  type SourceRecord,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { deepFreeze } from './recording.ts';

/** A frozen sink record with this value. */
export function aRecord(schema: Schema | null, value: unknown): SinkRecord {
  return deepFreeze(
    newSinkRecord({
      topic: 'orders',
      kafkaPartition: 2,
      kafkaOffset: 7,
      timestamp: 1_700_000_000_123,
      valueSchema: schema,
      value,
    }),
  );
}

/** A frozen source record with this value. */
export function aSourceRecord(schema: Schema | null, value: unknown): SourceRecord {
  return deepFreeze(newSourceRecord({ topic: 'orders', valueSchema: schema, value }));
}

/** A transformation with its config. */
export function configured(
  plugin: TransformationPlugin,
  props: Readonly<Record<string, string>>,
): Transformation {
  const transformation = plugin.create();
  transformation.configure(props);
  return transformation;
}
