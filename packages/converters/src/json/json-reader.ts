import {
  bytesToDecimal,
  DATE_LOGICAL_NAME,
  DataError,
  DECIMAL_LOGICAL_NAME,
  daysToDate,
  type Field,
  millisToTime,
  millisToTimestamp,
  type Schema,
  TIME_LOGICAL_NAME,
  TIMESTAMP_LOGICAL_NAME,
  validateValue,
} from '@sluice/api';
import type { JsonFormat } from './json-converter-config.ts';
import {
  base64Bytes,
  isJsonObject,
  type JsonReader,
  NeedsExactNumbers,
  nodeTypeOf,
} from './json-node.ts';
import { JsonNumber } from './json-number.ts';
import { compileStructReader } from './struct-reader.ts';

const INT32_MAX = 2 ** 31 - 1;

/**
 * Compiles a schema to a function that reads its values from parsed JSON. Where JSON holds another
 * kind than the schema says, Java's lenient readings hold: text for a number is 0, a number for
 * text is null.
 *
 * The readers throw {@link NeedsExactNumbers} when a `number` may have lost what the text said.
 */
export function compileJsonReader(schema: Schema, format: JsonFormat): JsonReader {
  const read = logicalReader(schema) ?? typeReader(schema, format);
  const { defaultValue } = schema;
  return (json) => {
    if (json !== null && json !== undefined) return read(json);
    if (defaultValue !== undefined && format.replacesNullWithDefault) return defaultValue;
    if (schema.isOptional) return null;
    throw new DataError(`Invalid null value for required ${schema.type} field`);
  };
}

function logicalReader(schema: Schema): JsonReader | null {
  switch (schema.name) {
    case DECIMAL_LOGICAL_NAME:
      return (json) => readDecimal(schema, json);
    case DATE_LOGICAL_NAME:
      return (json) => daysToDate(schema, readInt32(json, 'Date'));
    case TIME_LOGICAL_NAME:
      return (json) => millisToTime(schema, readInt32(json, 'Time'));
    case TIMESTAMP_LOGICAL_NAME:
      return (json) => millisToTimestamp(schema, readIntegral(json));
    default:
      return null;
  }
}

function readDecimal(schema: Schema, json: unknown): unknown {
  if (typeof json === 'number') throw new NeedsExactNumbers();
  if (json instanceof JsonNumber) return json.toDecimal();
  if (typeof json === 'string') {
    const bytes = base64Bytes(json);
    if (bytes === null) throw new DataError('Invalid bytes for Decimal field');
    try {
      return bytesToDecimal(schema, bytes);
    } catch (cause) {
      throw new DataError('Invalid bytes for Decimal field', { cause });
    }
  }
  throw new DataError(
    'Invalid type for Decimal, underlying representation should be numeric or bytes but was ' +
      nodeTypeOf(json),
  );
}

function readInt32(json: unknown, what: string): number {
  const number = json instanceof JsonNumber && json.isIntegral ? Number(json.text) : json;
  if (typeof number === 'number' && Number.isInteger(number) && Math.abs(number) <= INT32_MAX + 1) {
    if (number <= INT32_MAX) return number + 0;
  }
  throw new DataError(
    `Invalid type for ${what}, underlying representation should be integer but was ` +
      nodeTypeOf(json),
  );
}

function readIntegral(json: unknown): number | bigint {
  if (typeof json === 'number') {
    if (Number.isSafeInteger(json)) return json;
    throw new NeedsExactNumbers();
  }
  if (json instanceof JsonNumber && json.isIntegral) return json.toInt64();
  throw new DataError(
    'Invalid type for Timestamp, underlying representation should be integral but was ' +
      nodeTypeOf(json),
  );
}

function typeReader(schema: Schema, format: JsonFormat): JsonReader {
  switch (schema.type) {
    case 'INT8':
      return intReader(8);
    case 'INT16':
      return intReader(16);
    case 'INT32':
      return intReader(32);
    case 'INT64':
      return readInt64;
    case 'FLOAT32':
      return (json) => Math.fround(readDouble(json));
    case 'FLOAT64':
      return readDouble;
    case 'BOOLEAN':
      return (json) => json === true;
    case 'STRING':
      return (json) => (typeof json === 'string' ? json : null);
    case 'BYTES':
      return readBytes;
    case 'ARRAY':
      return arrayReader(schema, format);
    case 'MAP':
      return mapReader(schema, format);
    case 'STRUCT':
    default:
      return structReader(schema, format);
  }
}

function intReader(bits: 8 | 16 | 32): JsonReader {
  const max = 2 ** (bits - 1) - 1;
  return (json) => {
    if (typeof json === 'number') {
      if (Number.isInteger(json) && json <= max && json >= -max - 1) return json + 0;
      throw new NeedsExactNumbers();
    }
    return json instanceof JsonNumber ? json.toInt(bits) : 0;
  };
}

function readInt64(json: unknown): unknown {
  if (typeof json === 'number') {
    if (Number.isSafeInteger(json)) return json + 0;
    throw new NeedsExactNumbers();
  }
  return json instanceof JsonNumber ? json.toInt64() : 0;
}

/** What is no number in JSON was written as text; Java reads that back as 0, we as it was meant. */
function readDouble(json: unknown): number {
  if (typeof json === 'number') return json + 0;
  if (json instanceof JsonNumber) return json.toDouble();
  switch (json) {
    case 'NaN':
      return Number.NaN;
    case 'Infinity':
      return Number.POSITIVE_INFINITY;
    case '-Infinity':
      return Number.NEGATIVE_INFINITY;
    default:
      return 0;
  }
}

function readBytes(json: unknown): Uint8Array | null {
  if (typeof json !== 'string') return null;
  const bytes = base64Bytes(json);
  if (bytes === null) throw new DataError('Invalid bytes field');
  return bytes;
}

function arrayReader(schema: Schema, format: JsonFormat): JsonReader {
  const readItem = itemReader(schema.valueSchema, format);
  return (json) => {
    if (Array.isArray(json)) return json.map((item) => readItem(item));
    // Java walks a node's children, and an object has some too.
    return isJsonObject(json) ? Object.values(json).map((item) => readItem(item)) : [];
  };
}

function mapReader(schema: Schema, format: JsonFormat): JsonReader {
  const readKey = itemReader(schema.keySchema, format);
  const readValue = itemReader(schema.valueSchema, format);
  if (schema.keySchema?.type === 'STRING') {
    return (json) => {
      if (!isJsonObject(json))
        throw wrongMap('string fields should be encoded as JSON objects', json);
      return new Map(Object.entries(json).map(([key, value]) => [key, readValue(value)]));
    };
  }
  return (json) => {
    if (!Array.isArray(json)) {
      throw wrongMap('non-string fields should be encoded as JSON array of tuples', json);
    }
    return new Map(json.map((pair) => readPair(pair, readKey, readValue)));
  };
}

function readPair(
  pair: unknown,
  readKey: JsonReader,
  readValue: JsonReader,
): readonly [unknown, unknown] {
  if (!Array.isArray(pair)) {
    throw new DataError(`Found invalid map entry instead of array tuple: ${nodeTypeOf(pair)}`);
  }
  if (pair.length !== 2) {
    throw new DataError(`Found invalid map entry, expected length 2 but found :${pair.length}`);
  }
  return [readKey(pair[0]), readValue(pair[1])];
}

function wrongMap(rule: string, json: unknown): DataError {
  return new DataError(`Maps with ${rule}, but found ${nodeTypeOf(json)}`);
}

function itemReader(schema: Schema | null, format: JsonFormat): JsonReader {
  if (schema !== null) return compileJsonReader(schema, format);
  return () => {
    throw new DataError('Unknown schema type: null');
  };
}

function structReader(schema: Schema, format: JsonFormat): JsonReader {
  const members = schema.fields.map((field) => {
    const read = compileJsonReader(field.schema, format);
    return needsCheck(field.schema) ? checkedReader(field, read) : read;
  });
  const read = compileStructReader(schema, members);
  return (json) => {
    if (isJsonObject(json)) return read(json);
    throw new DataError(`Structs should be encoded as JSON objects, but found ${nodeTypeOf(json)}`);
  };
}

/** Whether a reader may accept what Java refuses to put into a struct. */
function needsCheck(schema: Schema): boolean {
  if (schema.name !== null) return false;
  return ['STRING', 'BYTES', 'ARRAY', 'MAP'].includes(schema.type);
}

/** A null that came of another kind of JSON, or an element of that sort. */
function checkedReader(field: Field, read: JsonReader): JsonReader {
  const isNested = field.schema.type === 'ARRAY' || field.schema.type === 'MAP';
  return (json) => {
    const value = read(json);
    if (value === null || isNested) validateValue(field.schema, value, field.name);
    return value;
  };
}
