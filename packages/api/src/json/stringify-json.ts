import { Float32, Float64, isInt64Number } from '../data/boxed-float.ts';
import { Decimal } from '../data/decimal.ts';
import { javaClassOf } from '../data/java-class.ts';
import { DataError } from '../errors/data-error.ts';
import { doubleText, floatText } from '../text/float-text.ts';
import { escapeAsJava } from './escape-json.ts';
import { isPlainJson } from './plain-json.ts';
import { quoteJson } from './quote-json.ts';

/** As deep as Java's JSON writer goes. */
const DEPTH_MAX = 1000;

/**
 * Schemaless data as JSON, the text that Java's JsonConverter writes: `1.0` for a whole FLOAT64,
 * base64 for bytes, `"NaN"` in quotes. A `Map` with a key that is no string becomes pairs.
 *
 * @throws DataError for values that have no schemaless form (Date, Decimal), or nest too deep
 */
export function stringifyJson(value: unknown): string {
  // Native where that gives the same text: four times faster.
  return isPlainJson(value) ? escapeAsJava(JSON.stringify(value)) : textOf(value, 0);
}

function textOf(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quoteJson(value);
    case 'number':
      return isInt64Number(value) ? String(value) : jsonDouble(value);
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? 'null' : objectText(value, depth);
    case 'undefined':
      return 'null';
    default:
      throw noSchemaType(value);
  }
}

function objectText(value: object, depth: number): string {
  if (depth >= DEPTH_MAX) {
    throw new DataError(`Value is nested deeper than ${DEPTH_MAX} levels, too deep for JSON`);
  }
  if (Array.isArray(value)) return `[${value.map((item) => textOf(item, depth + 1)).join(',')}]`;
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`;
  if (value instanceof Float64) return jsonDouble(value.value);
  if (value instanceof Float32) return jsonFloat(value.value);
  if (value instanceof Map) return mapText(value, depth + 1);
  if (value instanceof Date || value instanceof Decimal) throw noSchemaType(value);
  const members = Object.entries(value).map(([key, member]) => {
    return `${quoteJson(key)}:${textOf(member, depth + 1)}`;
  });
  return `{${members.join(',')}}`;
}

function mapText(map: ReadonlyMap<unknown, unknown>, depth: number): string {
  const entries = [...map];
  if (entries.every(([key]) => typeof key === 'string')) {
    const members = entries.map(([key, value]) => {
      return `${quoteJson(String(key))}:${textOf(value, depth)}`;
    });
    return `{${members.join(',')}}`;
  }
  const pairs = entries.map(([key, value]) => `[${textOf(key, depth)},${textOf(value, depth)}]`);
  return `[${pairs.join(',')}]`;
}

/** A FLOAT64 in JSON; what is no number in JSON stands in quotes. */
export function jsonDouble(value: number): string {
  return Number.isFinite(value) ? doubleText(value) : `"${value}"`;
}

/** A FLOAT32 in JSON. */
export function jsonFloat(value: number): string {
  const float = Math.fround(value);
  return Number.isFinite(float) ? floatText(float) : `"${float}"`;
}

function noSchemaType(value: unknown): DataError {
  return new DataError(
    `Java class class ${javaClassOf(value)} does not have corresponding schema type.`,
  );
}
