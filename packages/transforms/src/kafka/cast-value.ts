import {
  DATE_LOGICAL_NAME,
  DataError,
  Decimal,
  Float32,
  Float64,
  TIMESTAMP_LOGICAL_NAME,
  TIME_LOGICAL_NAME,
  dateToDays,
  decimalText,
  doubleText,
  float64,
  floatText,
  int64,
  isInt64Number,
  timeToMillis,
  timestampToMillis,
  type Int64,
  type Schema,
  type SchemaType,
} from '@sluice/api';
import { javaClassText } from '../record/java-class-name.ts';
import { castFloat, castNumber, type IntegerType } from './cast-number.ts';
import { isoDateText } from './iso-date-text.ts';
import { parseJavaFloat, parseJavaInteger } from './parse-java-number.ts';

/** What a value can be cast to. */
export type CastTarget = Exclude<SchemaType, 'BYTES' | 'ARRAY' | 'MAP' | 'STRUCT'>;

/** In Java's order, which its messages print. */
export const CAST_TARGETS: readonly CastTarget[] = [
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FLOAT32',
  'FLOAT64',
  'BOOLEAN',
  'STRING',
];
/** From narrow to wide. */
const INTEGERS: readonly SchemaType[] = ['INT8', 'INT16', 'INT32', 'INT64'];
const CAST_SOURCES: readonly SchemaType[] = [...CAST_TARGETS, 'BYTES'];

/** Changes a value to another type; null stays null. */
export type Caster = (value: unknown) => unknown;

/**
 * The cast from one schema to a type, or from schemaless data. What comes out fits the type's
 * schema, or, from schemaless data, says by itself whether it is a float.
 *
 * The caster throws a DataError when the value can't be cast.
 */
export function casterTo(schema: Schema | null, target: CastTarget): Caster {
  const cast = conversionTo(target);
  if (schema === null) return schemalessCaster(target, cast);
  if (!CAST_SOURCES.includes(schema.type)) {
    return (value) => (value === null ? null : requireSource(schema.type));
  }
  if (isSameNumber(schema, target)) return (value) => value;
  return (value) => {
    if (value === null) return null;
    return cast(target === 'STRING' ? value : encodeLogical(schema, value), schema);
  };
}

function schemalessCaster(target: CastTarget, cast: Conversion): Caster {
  return (value) => {
    if (value === null) return null;
    // An integer stays what it is in the widest type of integers: the usual cast of ids.
    if (target === 'INT64' && typeof value === 'number' && isInt64Number(value)) return value;
    // Numbers and text can all be cast; what else there is has to be asked.
    if (typeof value !== 'number' && typeof value !== 'string')
      requireSource(schemalessType(value));
    return boxed(cast(value, null), target);
  };
}

/** Nothing to do for a value that is of the type already, or is written the same way in it. */
function isSameNumber(source: Schema, target: CastTarget): boolean {
  if (source.name !== null) return false;
  const width = INTEGERS.indexOf(source.type);
  return source.type === target || (width >= 0 && INTEGERS.indexOf(target) > width);
}

/** Of values that are not null, dates encoded; the schema says what a number is. */
type Conversion = (value: unknown, schema: Schema | null) => unknown;

/** Chosen once per field, not per record. */
function conversionTo(target: CastTarget): Conversion {
  switch (target) {
    case 'INT8':
    case 'INT16':
    case 'INT32':
    case 'INT64':
      return (value, schema) => toInteger(value, target, schema);
    case 'FLOAT32':
      return (value, schema) => toFloat(value, true, schema);
    case 'FLOAT64':
      return (value, schema) => toFloat(value, false, schema);
    case 'BOOLEAN':
      return toBoolean;
    default:
      return toText;
  }
}

function toInteger(value: unknown, target: IntegerType, schema: Schema | null): unknown {
  if (typeof value === 'string') {
    return parseJavaInteger(value, target) ?? outOfRange(value);
  }
  if (typeof value === 'boolean') return value ? 1 : 0;
  return numberToInteger(value, target, schema);
}

function numberToInteger(value: unknown, target: IntegerType, schema: Schema | null): Int64 {
  const number = numberOf(value, schema);
  return typeof number === 'number' && isFloat(value, schema)
    ? castFloat(number, target)
    : castNumber(number, target);
}

function isFloat(value: unknown, schema: Schema | null): boolean {
  if (schema !== null) return schema.type === 'FLOAT64' || schema.type === 'FLOAT32';
  return typeof value !== 'number' || !isInt64Number(value);
}

function toFloat(value: unknown, isSingle: boolean, schema: Schema | null): number {
  if (typeof value === 'string') return parseJavaFloat(value, isSingle) ?? outOfRange(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = numberOf(value, schema);
  if (number instanceof Decimal) return decimalToFloat(number, isSingle);
  if (typeof number === 'bigint') return bigintToFloat(number, isSingle);
  return isSingle ? Math.fround(number) : number;
}

function toBoolean(value: unknown, schema: Schema | null): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value.toLowerCase() === 'true';
  return numberToInteger(value, 'INT64', schema) !== 0;
}

function toText(value: unknown, schema: Schema | null): string {
  if (typeof value === 'number') return numberText(value, schema);
  if (typeof value === 'string') return value;
  if (value instanceof Date) return isoDateText(value);
  if (value instanceof Decimal) return decimalText(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Float32 || schema?.type === 'FLOAT32') return floatText(Number(value));
  if (value instanceof Float64 || schema?.type === 'FLOAT64') return doubleText(Number(value));
  return String(value);
}

function numberText(value: number, schema: Schema | null): string {
  switch (schema?.type) {
    case 'FLOAT32':
      return floatText(value);
    case 'FLOAT64':
      return doubleText(value);
    case undefined:
      return isInt64Number(value) ? String(value) : doubleText(value);
    default:
      return String(value);
  }
}

/** @throws DataError for what is no number */
function numberOf(value: unknown, schema: Schema | null): number | bigint | Decimal {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Float64 || value instanceof Float32) return value.value;
  if (value instanceof Decimal) return value;
  throw new DataError(`Unexpected type in Cast transformation: ${javaClassText(value, schema)}`);
}

/** Dates as the integers that stand for them. */
function encodeLogical(schema: Schema, value: unknown): unknown {
  if (!(value instanceof Date)) return value;
  switch (schema.name) {
    case DATE_LOGICAL_NAME:
      return dateToDays(schema, value);
    case TIME_LOGICAL_NAME:
      return timeToMillis(schema, value);
    case TIMESTAMP_LOGICAL_NAME:
      return int64(timestampToMillis(schema, value));
    default:
      return value;
  }
}

/** Schemaless floats carry their type with them. */
function boxed(value: unknown, target: CastTarget): unknown {
  if (typeof value !== 'number') return value;
  if (target === 'FLOAT64') return float64(value);
  return target === 'FLOAT32' ? new Float32(value) : value;
}

/** The type that Java sees in a schemaless value. @throws DataError for one it doesn't know */
function schemalessType(value: unknown): SchemaType {
  switch (typeof value) {
    case 'string':
      return 'STRING';
    case 'boolean':
      return 'BOOLEAN';
    case 'bigint':
      return 'INT64';
    case 'number':
      return isInt64Number(value) ? 'INT64' : 'FLOAT64';
    default:
      break;
  }
  if (value instanceof Float64) return 'FLOAT64';
  if (value instanceof Float32) return 'FLOAT32';
  if (value instanceof Uint8Array) return 'BYTES';
  if (Array.isArray(value)) return 'ARRAY';
  if (value instanceof Date || value instanceof Decimal) {
    throw new DataError(
      `Cast transformation was passed a value of type ${javaClassText(value, null)} ` +
        "which is not supported by Connect's data API",
    );
  }
  return 'MAP';
}

function requireSource(type: SchemaType): void {
  if (CAST_SOURCES.includes(type)) return;
  throw new DataError(
    `Cast transformation does not support casting from ${type}; ` +
      `supported types are [${CAST_SOURCES.join(', ')}]`,
  );
}

function outOfRange(value: string): never {
  throw new DataError(`Value (${value}) was out of range for requested data type`);
}

function decimalToFloat(value: Decimal, isSingle: boolean): number {
  const text = decimalText(value);
  return parseJavaFloat(text, isSingle) ?? Number.NaN;
}

/** A bigint goes to 32 bits in one step: rounded to 64 first, it could be rounded twice. */
function bigintToFloat(value: bigint, isSingle: boolean): number {
  if (!isSingle) return Number(value);
  return parseJavaFloat(value.toString(), true) ?? Number.NaN;
}
