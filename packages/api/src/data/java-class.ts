import { Float32, Float64, isInt64Number } from './boxed-float.ts';
import { Decimal } from './decimal.ts';
import type { Schema } from './schema.ts';

const INT32_MAX = 0x7fffffff;

/** The classes of values that a schema of that type describes, where it alone tells. */
const NUMBER_CLASSES: ReadonlyMap<string, string> = new Map([
  ['INT8', 'java.lang.Byte'],
  ['INT16', 'java.lang.Short'],
  ['INT32', 'java.lang.Integer'],
  ['INT64', 'java.lang.Long'],
  ['FLOAT32', 'java.lang.Float'],
  ['FLOAT64', 'java.lang.Double'],
]);

/**
 * The Java class that a value stands for, as Java's error texts name it. One number stands for
 * several Java classes: the value's schema tells which, else the one is given that Java code would
 * most naturally have.
 */
export function javaClassOf(value: unknown, schema: Schema | null = null): string {
  switch (typeof value) {
    case 'string':
      return 'java.lang.String';
    case 'boolean':
      return 'java.lang.Boolean';
    case 'bigint':
      return 'java.lang.Long';
    case 'number':
      return NUMBER_CLASSES.get(schema?.type ?? '') ?? javaClassOfNumber(value);
    default:
      return javaClassOfObject(value, schema);
  }
}

function javaClassOfNumber(value: number): string {
  if (!isInt64Number(value)) return 'java.lang.Double';
  return Math.abs(value) <= INT32_MAX ? 'java.lang.Integer' : 'java.lang.Long';
}

function javaClassOfObject(value: unknown, schema: Schema | null): string {
  if (value instanceof Uint8Array) return '[B';
  if (value instanceof Date) return 'java.util.Date';
  if (value instanceof Decimal) return 'java.math.BigDecimal';
  if (value instanceof Float64) return 'java.lang.Double';
  if (value instanceof Float32) return 'java.lang.Float';
  if (Array.isArray(value)) return 'java.util.ArrayList';
  return schema?.type === 'STRUCT'
    ? 'org.apache.kafka.connect.data.Struct'
    : 'java.util.LinkedHashMap';
}
