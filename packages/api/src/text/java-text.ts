import { Float32, Float64, isInt64Number } from '../data/boxed-float.ts';
import { Decimal } from '../data/decimal.ts';
import type { Schema } from '../data/schema.ts';
import { getOwn } from '../data/struct.ts';
import { DataError } from '../errors/data-error.ts';
import { dateText } from './date-text.ts';
import { decimalText } from './decimal-text.ts';
import { doubleText, floatText } from './float-text.ts';

/**
 * A value as Java's `toString` prints it: `Struct{a=1,b=x}`, `{k=v}`, `[1, 2]`, `1.0`. The schema
 * tells structs from maps and floats from integers; without one the value's own kind decides.
 * Bytes, for which Java prints an address, print as base64.
 */
export function javaText(value: unknown, schema: Schema | null = null): string {
  if (typeof value === 'string') return value;
  try {
    return textOf(value, schema);
  } catch (cause) {
    throw cause instanceof RangeError ? tooDeep(cause) : cause;
  }
}

/** For a value that is nested deeper than the stack reaches. */
export function tooDeep(cause: RangeError): DataError {
  return new DataError('The value is nested too deep to be written as text', { cause });
}

function textOf(value: unknown, schema: Schema | null): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return numberText(value, schema);
    case 'object':
      return value === null ? 'null' : objectText(value, schema);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'undefined':
      return 'null';
    default:
      return typeof value;
  }
}

function numberText(value: number, schema: Schema | null): string {
  if (schema?.type === 'FLOAT32') return floatText(value);
  if (schema?.type === 'FLOAT64' || (schema === null && !isInt64Number(value))) {
    return doubleText(value);
  }
  return String(value);
}

function objectText(value: object, schema: Schema | null): string {
  if (Array.isArray(value)) {
    return `[${value.map((item) => textOf(item, schema?.valueSchema ?? null)).join(', ')}]`;
  }
  if (value instanceof Float64) return doubleText(value.value);
  if (value instanceof Float32) return floatText(value.value);
  if (value instanceof Decimal) return decimalText(value);
  if (value instanceof Date) return dateText(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Map) {
    const entries = Array.from(value, ([key, member]) => {
      return `${textOf(key, schema?.keySchema ?? null)}=${textOf(member, schema?.valueSchema ?? null)}`;
    });
    return `{${entries.join(', ')}}`;
  }
  if (schema?.type === 'STRUCT') return structText(value, schema);
  const entries = Object.entries(value).map(([key, member]) => `${key}=${textOf(member, null)}`);
  return `{${entries.join(', ')}}`;
}

function structText(value: object, schema: Schema): string {
  const members = schema.fields.flatMap((field) => {
    const member = getOwn(value, field.name) ?? null;
    return member === null ? [] : [`${field.name}=${textOf(member, field.schema)}`];
  });
  return `Struct{${members.join(',')}}`;
}
