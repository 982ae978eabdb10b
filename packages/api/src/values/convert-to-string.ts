import { Float32, Float64, isInt64Number } from '../data/boxed-float.ts';
import { Decimal } from '../data/decimal.ts';
import type { Schema } from '../data/schema.ts';
import { getOwn } from '../data/struct.ts';
import { DataError } from '../errors/data-error.ts';
import { decimalText } from '../text/decimal-text.ts';
import { doubleText, floatText } from '../text/float-text.ts';
import { tooDeep } from '../text/java-text.ts';
import { temporalText } from './temporal-text.ts';

/**
 * A value as text that `parseString` can read: nested strings in quotes, bytes as base64, maps as
 * `{k:v}`, structs as `{"field":v}` with nulls. Null stays null. Mirrors `Values.convertToString`.
 */
export function convertToString(schema: Schema | null, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  try {
    return textOf(value, schema, false);
  } catch (cause) {
    throw cause instanceof RangeError ? tooDeep(cause) : cause;
  }
}

function textOf(value: unknown, schema: Schema | null, isEmbedded: boolean): string {
  switch (typeof value) {
    case 'string':
      return isEmbedded ? quoted(value) : value;
    case 'number':
      return numberText(value, schema);
    case 'object':
      return value === null ? 'null' : objectText(value, schema, isEmbedded);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'undefined':
      return 'null';
    default:
      throw new DataError(`Failed to serialize unexpected value type ${typeof value}`);
  }
}

function numberText(value: number, schema: Schema | null): string {
  if (schema?.type === 'FLOAT32') return floatText(value);
  const isDouble = schema === null ? !isInt64Number(value) : schema.type === 'FLOAT64';
  return isDouble ? doubleText(value) : String(value);
}

function objectText(value: object, schema: Schema | null, isEmbedded: boolean): string {
  if (Array.isArray(value)) {
    return `[${value.map((item) => textOf(item, schema?.valueSchema ?? null, true)).join(',')}]`;
  }
  if (value instanceof Float64) return doubleText(value.value);
  if (value instanceof Float32) return floatText(value.value);
  if (value instanceof Decimal) return decimalText(value);
  if (value instanceof Date) return temporalText(value);
  if (value instanceof Uint8Array) {
    const text = Buffer.from(value).toString('base64');
    return isEmbedded ? `"${text}"` : text;
  }
  return `{${membersText(value, schema).join(',')}}`;
}

function membersText(value: object, schema: Schema | null): readonly string[] {
  if (value instanceof Map) {
    return Array.from(value, ([key, member]) => {
      const keyText = textOf(key, schema?.keySchema ?? null, true);
      return `${keyText}:${textOf(member, schema?.valueSchema ?? null, true)}`;
    });
  }
  if (schema?.type === 'STRUCT') {
    return schema.fields.map((field) => {
      const member = getOwn(value, field.name) ?? field.schema.defaultValue ?? null;
      return `${quoted(field.name)}:${textOf(member, field.schema, true)}`;
    });
  }
  return Object.entries(value).map(
    ([key, member]) => `${quoted(key)}:${textOf(member, null, true)}`,
  );
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
