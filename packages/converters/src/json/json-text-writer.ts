import {
  escapeAsJava,
  getOwn,
  hasMembers,
  isPlainObject,
  quoteJson,
  type Schema,
  stringifyJson,
} from '@sluice/api';
import type { JsonFormat } from './json-converter-config.ts';
import { invalidType, scalarJsonable, valueForNull } from './scalar-jsonable.ts';
import { rejectUnknown } from './struct-jsonable.ts';

/** Writes a value of one schema as JSON text. */
export type JsonWriter = (value: unknown) => string;

/**
 * Compiles a schema to a function that puts the text of its values together piece by piece, members
 * in their own order whatever their names are. Without a schema the value's own kind decides.
 */
export function compileJsonTextWriter(schema: Schema | null, format: JsonFormat): JsonWriter {
  if (schema === null) return stringifyJson;
  const write = scalarWriter(schema, format) ?? collectionWriter(schema, format);
  return (value) => {
    if (value !== null && value !== undefined) return write(value);
    const instead = valueForNull(schema, format);
    return instead === null ? 'null' : write(instead);
  };
}

function scalarWriter(schema: Schema, format: JsonFormat): JsonWriter | null {
  const convert = scalarJsonable(schema, format);
  return convert === null ? null : (value) => escapeAsJava(JSON.stringify(convert(value)));
}

function collectionWriter(schema: Schema, format: JsonFormat): JsonWriter {
  switch (schema.type) {
    case 'ARRAY':
      return arrayWriter(schema, format);
    case 'MAP':
      return mapWriter(schema, format);
    default:
      return structWriter(schema, format);
  }
}

function arrayWriter(schema: Schema, format: JsonFormat): JsonWriter {
  const writeItem = compileJsonTextWriter(schema.valueSchema, format);
  return (value) => {
    if (!Array.isArray(value)) return invalidType(schema, value);
    return `[${value.map((item) => writeItem(item)).join(',')}]`;
  };
}

function mapWriter(schema: Schema, format: JsonFormat): JsonWriter {
  const writeKey = compileJsonTextWriter(schema.keySchema, format);
  const writeValue = compileJsonTextWriter(schema.valueSchema, format);
  const isObject = schema.keySchema?.type === 'STRING';
  return (value) => {
    if (!(value instanceof Map)) return invalidType(schema, value);
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
  const names = schema.fields.map((field) => field.name);
  const members = schema.fields.map((field) => ({
    name: field.name,
    head: `${quoteJson(field.name)}:`,
    write: compileJsonTextWriter(field.schema, format),
  }));
  return (value) => {
    if (!isPlainObject(value)) return invalidType(schema, value);
    if (!hasMembers(value, names)) rejectUnknown(schema, value);
    const texts = members.map(({ name, head, write }) => head + write(getOwn(value, name)));
    return `{${texts.join(',')}}`;
  };
}
