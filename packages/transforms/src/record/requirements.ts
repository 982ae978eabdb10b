import {
  DataError,
  isPlainObject,
  type AnyRecord,
  type Schema,
  type SinkRecord,
} from '@sluice/api';
import { javaClassName } from './java-class-name.ts';
import type { PlainObject } from './plain-object.ts';

export type { PlainObject } from './plain-object.ts';

/**
 * Whether a value is a plain object. What almost every record is made of is recognised by its
 * prototype alone; only the rest is asked for the brands of Connect's value classes.
 */
export function isObjectValue(value: unknown): value is PlainObject {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || isPlainObject(value);
}

/**
 * The value as a schemaless map.
 *
 * @param purpose what the caller is about to do, for the error text
 * @throws DataError when it is something else, or null
 */
export function requireMap(value: unknown, purpose: string): PlainObject {
  if (isObjectValue(value)) return value;
  throw new DataError(
    `Only Map objects supported in absence of schema for [${purpose}], ` +
      `found: ${javaClassName(value, null)}`,
  );
}

/**
 * The value as a struct of its schema.
 *
 * @throws DataError when the schema describes no struct, or the value is null
 */
export function requireStruct(value: unknown, schema: Schema, purpose: string): PlainObject {
  if (schema.type === 'STRUCT' && isObjectValue(value)) return value;
  throw new DataError(
    `Only Struct objects supported for [${purpose}], found: ${javaClassName(value, schema)}`,
  );
}

/** As {@link requireStruct}, but null passes. */
export function requireStructOrNull(
  value: unknown,
  schema: Schema,
  purpose: string,
): PlainObject | null {
  return value === null ? null : requireStruct(value, schema, purpose);
}

/** As {@link requireMap}, but null passes. */
export function requireMapOrNull(value: unknown, purpose: string): PlainObject | null {
  return value === null || value === undefined ? null : requireMap(value, purpose);
}

/** Whether the record was read from Kafka, and so has an offset. */
export function isSinkRecord(record: AnyRecord): record is SinkRecord {
  return 'kafkaOffset' in record;
}

/** @throws DataError for a source record */
export function requireSinkRecord(record: AnyRecord, purpose: string): SinkRecord {
  if (isSinkRecord(record)) return record;
  throw new DataError(
    `Only SinkRecord supported for [${purpose}], ` +
      'found: org.apache.kafka.connect.source.SourceRecord',
  );
}

/** @throws DataError when there is no schema */
export function requireSchema(schema: Schema | null, purpose: string): Schema {
  if (schema !== null) return schema;
  throw new DataError(`Schema required for [${purpose}]`);
}
