import {
  DATE_LOGICAL_NAME,
  DataError,
  DECIMAL_LOGICAL_NAME,
  Decimal,
  dateToDays,
  decimalText,
  decimalToBytes,
  getOwn,
  isInt64,
  isPlainObject,
  javaClassOf,
  jsonDouble,
  jsonFloat,
  quoteJson,
  type Schema,
  stringifyJson,
  TIME_LOGICAL_NAME,
  TIMESTAMP_LOGICAL_NAME,
  timestampToMillis,
  timeToMillis,
} from '@sluice/api';
import type { JsonFormat } from './json-converter-config.ts';

/** Writes a value of one schema as JSON text. */
export type JsonWriter = (value: unknown) => string;

/**
 * Compiles a schema to a function that writes its values, so that nothing about the schema is
 * looked up per value. Without a schema the value's own kind decides.
 */
export function compileJsonWriter(schema: Schema | null, format: JsonFormat): JsonWriter {
  if (schema === null) return stringifyJson;
  const write = writerOf(schema, format);
  const writeNull = nullWriterOf(schema, format, write);
  return (value) => (value === null || value === undefined ? writeNull() : write(value));
}

function nullWriterOf(schema: Schema, format: JsonFormat, write: JsonWriter): () => string {
  const { defaultValue } = schema;
  if (defaultValue !== undefined && format.replacesNullWithDefault)
    return () => write(defaultValue);
  if (schema.isOptional) return () => 'null';
  return () => {
    throw new DataError(
      'Conversion error: null value for field that is required and has no default value',
    );
  };
}

function writerOf(schema: Schema, format: JsonFormat): JsonWriter {
  switch (schema.name) {
    case DECIMAL_LOGICAL_NAME:
      return decimalWriter(schema, format);
    case DATE_LOGICAL_NAME:
      return dateWriter('Date', (value) => dateToDays(schema, value));
    case TIME_LOGICAL_NAME:
      return dateWriter('Time', (value) => timeToMillis(schema, value));
    case TIMESTAMP_LOGICAL_NAME:
      return dateWriter('Timestamp', (value) => timestampToMillis(schema, value));
    default:
      return typeWriter(schema, format);
  }
}

function decimalWriter(schema: Schema, format: JsonFormat): JsonWriter {
  return (value) => {
    if (!(value instanceof Decimal)) {
      throw new DataError(
        `Invalid type for Decimal, expected BigDecimal but was class ${javaClassOf(value)}`,
      );
    }
    if (format.isDecimalNumeric) return decimalText(value);
    return base64(decimalToBytes(schema, value));
  };
}

function dateWriter(what: string, numberOf: (value: Date) => number): JsonWriter {
  return (value) => {
    if (value instanceof Date) return String(numberOf(value));
    throw new DataError(
      `Invalid type for ${what}, expected Date but was class ${javaClassOf(value)}`,
    );
  };
}

function typeWriter(schema: Schema, format: JsonFormat): JsonWriter {
  switch (schema.type) {
    case 'INT8':
    case 'INT16':
    case 'INT32':
      return (value) => (Number.isInteger(value) ? String(value) : fail(schema, value));
    case 'INT64':
      return (value) => (isInt64(value) ? String(value) : fail(schema, value));
    case 'FLOAT32':
      return (value) => jsonFloat(numberOf(schema, value));
    case 'FLOAT64':
      return (value) => jsonDouble(numberOf(schema, value));
    case 'BOOLEAN':
      return (value) => (typeof value === 'boolean' ? String(value) : fail(schema, value));
    case 'STRING':
      return (value) => (typeof value === 'string' ? quoteJson(value) : fail(schema, value));
    case 'BYTES':
      return (value) => (value instanceof Uint8Array ? base64(value) : fail(schema, value));
    case 'ARRAY':
      return arrayWriter(schema, format);
    case 'MAP':
      return mapWriter(schema, format);
    case 'STRUCT':
      return structWriter(schema, format);
  }
}

function arrayWriter(schema: Schema, format: JsonFormat): JsonWriter {
  const writeItem = compileJsonWriter(schema.valueSchema, format);
  return (value) =>
    Array.isArray(value) ? `[${value.map(writeItem).join(',')}]` : fail(schema, value);
}

function mapWriter(schema: Schema, format: JsonFormat): JsonWriter {
  const writeKey = compileJsonWriter(schema.keySchema, format);
  const writeValue = compileJsonWriter(schema.valueSchema, format);
  const isObject = schema.keySchema?.type === 'STRING';
  return (value) => {
    if (!(value instanceof Map)) return fail(schema, value);
    const entries = Array.from(value, ([key, member]) => {
      return isObject
        ? `${memberName(key, writeKey)}:${writeValue(member)}`
        : `[${writeKey(key)},${writeValue(member)}]`;
    });
    return isObject ? `{${entries.join(',')}}` : `[${entries.join(',')}]`;
  };
}

/** A null key, where the schema allows one, becomes the name "null", as in Java. */
function memberName(key: unknown, writeKey: JsonWriter): string {
  const text = writeKey(key);
  return text.startsWith('"') ? text : `"${text}"`;
}

function structWriter(schema: Schema, format: JsonFormat): JsonWriter {
  const members = schema.fields.map((field, index) => ({
    name: field.name,
    head: `${index === 0 ? '{' : ','}${quoteJson(field.name)}:`,
    write: compileJsonWriter(field.schema, format),
  }));
  if (members.length === 0) return (value) => (isPlainObject(value) ? '{}' : fail(schema, value));
  return (value) => {
    if (!isPlainObject(value)) return fail(schema, value);
    let text = '';
    for (const { name, head, write } of members) text += head + write(getOwn(value, name));
    return `${text}}`;
  };
}

function base64(bytes: Uint8Array): string {
  return `"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}"`;
}

/** A number, or a box around one. */
function numberOf(schema: Schema, value: unknown): number {
  const number: unknown = typeof value === 'object' ? value?.valueOf() : value;
  return typeof number === 'number' ? number : fail(schema, value);
}

function fail(schema: Schema, value: unknown): never {
  throw new DataError(`Invalid type for ${schema.type}: class ${javaClassOf(value)}`);
}
