import {
  DATE_LOGICAL_NAME,
  DataError,
  DECIMAL_LOGICAL_NAME,
  Decimal,
  dateToDays,
  decimalText,
  decimalToBytes,
  isInt64,
  isPlainFraction,
  javaClassOf,
  jsonDouble,
  jsonFloat,
  rawJson,
  type Schema,
  TIME_LOGICAL_NAME,
  TIMESTAMP_LOGICAL_NAME,
  timestampToMillis,
  timeToMillis,
} from '@sluice/api';
import type { JsonFormat } from './json-converter-config.ts';

const INT8_MAX = 0x7f;
const INT16_MAX = 0x7fff;
const INT32_MAX = 0x7fff_ffff;

/** Gives what `JSON.stringify` writes as Java would write the value. */
export type Jsonable = (value: unknown) => unknown;

/** For values that are neither null nor collections; `null` when the schema is of a collection. */
export function scalarJsonable(schema: Schema, format: JsonFormat): Jsonable | null {
  switch (schema.name) {
    case DECIMAL_LOGICAL_NAME:
      return (value) => decimalJsonable(schema, format, value);
    case DATE_LOGICAL_NAME:
      return (value) => dateToDays(schema, requireDate('Date', value));
    case TIME_LOGICAL_NAME:
      return (value) => timeToMillis(schema, requireDate('Time', value));
    case TIMESTAMP_LOGICAL_NAME:
      return (value) => timestampToMillis(schema, requireDate('Timestamp', value));
    default:
      return typeJsonable(schema);
  }
}

function decimalJsonable(schema: Schema, format: JsonFormat, value: unknown): unknown {
  if (!(value instanceof Decimal)) {
    throw new DataError(
      `Invalid type for Decimal, expected BigDecimal but was class ${javaClassOf(value)}`,
    );
  }
  if (format.isDecimalNumeric) return rawJson(decimalText(value));
  return base64(decimalToBytes(schema, value));
}

function requireDate(what: string, value: unknown): Date {
  if (value instanceof Date) return value;
  throw new DataError(
    `Invalid type for ${what}, expected Date but was class ${javaClassOf(value)}`,
  );
}

function typeJsonable(schema: Schema): Jsonable | null {
  switch (schema.type) {
    case 'INT8':
      return (value) => (isIntegerUpTo(INT8_MAX, value) ? value + 0 : invalidType(schema, value));
    case 'INT16':
      return (value) => (isIntegerUpTo(INT16_MAX, value) ? value + 0 : invalidType(schema, value));
    case 'INT32':
      return (value) => (isIntegerUpTo(INT32_MAX, value) ? value + 0 : invalidType(schema, value));
    case 'INT64':
      return (value) => int64Jsonable(schema, value);
    case 'FLOAT32':
      return (value) => numberJsonable(jsonFloat(numberOf(schema, value)));
    case 'FLOAT64':
      return (value) => {
        return isPlainFraction(value) ? value : numberJsonable(jsonDouble(numberOf(schema, value)));
      };
    case 'BOOLEAN':
      return (value) => (typeof value === 'boolean' ? value : invalidType(schema, value));
    case 'STRING':
      return (value) => (typeof value === 'string' ? value : invalidType(schema, value));
    case 'BYTES':
      return (value) => (value instanceof Uint8Array ? base64(value) : invalidType(schema, value));
    default:
      return null;
  }
}

/** What does not fit would come back as another number: Java can't have it, and we must not. */
function isIntegerUpTo(max: number, value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value <= max && value >= -max - 1;
}

function int64Jsonable(schema: Schema, value: unknown): unknown {
  if (!isInt64(value)) return invalidType(schema, value);
  return typeof value === 'number' ? value : rawJson(String(value));
}

/** Text as Java writes it: a number, or what is none in quotes. */
function numberJsonable(text: string): unknown {
  return text.startsWith('"') ? text.slice(1, -1) : rawJson(text);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** A number, or a box around one. */
function numberOf(schema: Schema, value: unknown): number {
  const number: unknown = typeof value === 'object' ? value?.valueOf() : value;
  return typeof number === 'number' ? number : invalidType(schema, value);
}

/** @throws DataError with Java's text */
export function invalidType(schema: Schema, value: unknown): never {
  throw new DataError(`Invalid type for ${schema.type}: class ${javaClassOf(value)}`);
}

/** The value to write for null: a default, or null itself. @throws DataError where neither may be */
export function valueForNull(schema: Schema, format: JsonFormat): unknown {
  if (schema.defaultValue !== undefined && format.replacesNullWithDefault) {
    return schema.defaultValue;
  }
  if (schema.isOptional) return null;
  throw new DataError(
    'Conversion error: null value for field that is required and has no default value',
  );
}
