import { bigintToBytes } from '../data/bigint-bytes.ts';
import { Decimal } from '../data/decimal.ts';
import { bytesToDecimal, decimalSchema, decimalToBytes } from '../data/decimal-schema.ts';
import {
  DATE_LOGICAL_NAME,
  DECIMAL_LOGICAL_NAME,
  TIME_LOGICAL_NAME,
  TIMESTAMP_LOGICAL_NAME,
} from '../data/logical-names.ts';
import type { Schema } from '../data/schema.ts';
import { isPlainObject } from '../data/validate-value.ts';
import { DataError } from '../errors/data-error.ts';
import { parseDecimal } from '../text/decimal-text.ts';
import { doubleText } from '../text/float-text.ts';
import {
  asLong,
  convertToByte,
  convertToDouble,
  convertToFloat,
  convertToInteger,
  convertToLong,
  convertToShort,
  isNull,
  isNumeric,
  unableToConvert,
} from './convert-numbers.ts';
import { convertToDate, convertToTime, convertToTimestamp } from './convert-temporals.ts';
import { convertToString } from './convert-to-string.ts';
import { parseString } from './parse-string.ts';

/** A value as boolean: text by its meaning, numbers by being other than zero. Null stays null. */
export function convertToBoolean(schema: Schema | null, value: unknown): boolean | null {
  if (isNull(value)) return null;
  if (typeof value === 'boolean') return value;
  const parsed = typeof value === 'string' ? parseString(value).value : null;
  return typeof parsed === 'boolean' ? parsed : asLong(schema, value) !== 0n;
}

/** A value as list, text included. @throws DataError for null and for anything else */
export function convertToList(schema: Schema | null, value: unknown): readonly unknown[] {
  const list = requireValue(value);
  if (Array.isArray(list)) return list;
  throw unableToConvert(sourceSchema(schema, value), list, 'Schema{ARRAY}');
}

/** A value as map, text included: a `Map`, or the plain object of schemaless data. */
export function convertToMap(
  schema: Schema | null,
  value: unknown,
): ReadonlyMap<unknown, unknown> | Readonly<Record<string, unknown>> {
  const map = requireValue(value);
  // Under a STRUCT's schema a plain object is no map.
  if (map instanceof Map || (isPlainObject(map) && schema?.type !== 'STRUCT')) return map;
  throw unableToConvert(sourceSchema(schema, value), map, 'Schema{MAP}');
}

/** A struct as it is. @throws DataError for anything else; without schema an object is a map */
export function convertToStruct(
  schema: Schema | null,
  value: unknown,
): Readonly<Record<string, unknown>> {
  if (isPlainObject(value) && schema?.type === 'STRUCT') return value;
  if (isNull(value)) throw nullValue();
  throw unableToConvert(schema, value, 'Schema{STRUCT}');
}

/** A value as decimal; numbers that are none yet go by way of a double. `scale` is for bytes. */
export function convertToDecimal(schema: Schema | null, value: unknown, scale: number): Decimal {
  if (isNull(value)) throw nullValue();
  return decimalOf(schema, decimalSchema(scale), value);
}

function decimalOf(schema: Schema | null, toSchema: Schema, value: unknown): Decimal {
  if (value instanceof Decimal) return value;
  if (value instanceof Uint8Array) return bytesToDecimal(toSchema, value);
  const text = isNumeric(value) ? doubleText(Number(value)) : value;
  const decimal = typeof text === 'string' ? parseDecimal(text) : null;
  if (decimal === null) throw unableToConvert(schema, value, String(toSchema));
  return decimal;
}

/**
 * A value in the form that a schema asks for. Mirrors `Values.convertTo`.
 *
 * @param fromSchema describes the value as it is, `null` when nothing does
 */
export function convertTo(toSchema: Schema, fromSchema: Schema | null, value: unknown): unknown {
  if (isNull(value)) {
    if (toSchema.isOptional) return null;
    throw nullValue();
  }
  switch (toSchema.type) {
    case 'BYTES':
      return toSchema.name === DECIMAL_LOGICAL_NAME
        ? decimalOf(fromSchema, toSchema, value)
        : bytesOf(fromSchema, toSchema, value);
    case 'STRING':
      return convertToString(fromSchema, value);
    case 'BOOLEAN':
      return convertToBoolean(fromSchema, value);
    case 'INT8':
      return convertToByte(fromSchema, value);
    case 'INT16':
      return convertToShort(fromSchema, value);
    case 'INT32':
      if (toSchema.name === DATE_LOGICAL_NAME) return convertToDate(fromSchema, value);
      if (toSchema.name === TIME_LOGICAL_NAME) return convertToTime(fromSchema, value);
      return convertToInteger(fromSchema, value);
    case 'INT64':
      return toSchema.name === TIMESTAMP_LOGICAL_NAME
        ? convertToTimestamp(fromSchema, value)
        : convertToLong(fromSchema, value);
    case 'FLOAT32':
      return convertToFloat(fromSchema, value);
    case 'FLOAT64':
      return convertToDouble(fromSchema, value);
    case 'ARRAY':
      return convertToList(fromSchema, value);
    case 'MAP':
      return convertToMap(fromSchema, value);
    case 'STRUCT':
    default:
      return convertToStruct(fromSchema, value);
  }
}

function bytesOf(schema: Schema | null, toSchema: Schema, value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value instanceof Decimal) {
    return toSchema.parameters === null
      ? bigintToBytes(value.unscaled)
      : decimalToBytes(toSchema, value);
  }
  throw unableToConvert(schema, value, String(toSchema));
}

/** What describes a value after text has been read: of that, the text itself says what it is. */
function sourceSchema(schema: Schema | null, value: unknown): Schema | null {
  return typeof value === 'string' ? parseString(value).schema : schema;
}

function requireValue(value: unknown): unknown {
  if (isNull(value)) throw nullValue();
  return typeof value === 'string' ? parseString(value).value : value;
}

function nullValue(): DataError {
  return new DataError('Unable to convert a null value to a schema that requires a value');
}
