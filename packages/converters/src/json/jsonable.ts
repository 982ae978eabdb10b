import { type Schema, setOwn } from '@sluice/api';
import type { JsonFormat } from './json-converter-config.ts';
import { invalidType, type Jsonable, scalarJsonable, valueForNull } from './scalar-jsonable.ts';
import { structJsonable } from './struct-jsonable.ts';

/** Thrown for a value that has to be written piece by piece; never leaves the converter. */
export class NotPlain extends Error {}

/** Names that JavaScript moves to the front of an object. */
const INDEX = /^(?:0|[1-9][0-9]*)$/;

/** `null` for a schema whose values have to be written piece by piece. */
export function compileJsonable(schema: Schema, format: JsonFormat): Jsonable | null {
  const convert = scalarJsonable(schema, format) ?? collectionJsonable(schema, format);
  if (convert === null) return null;
  return (value) => {
    if (value !== null && value !== undefined) return convert(value);
    const instead = valueForNull(schema, format);
    return instead === null ? null : convert(instead);
  };
}

function collectionJsonable(schema: Schema, format: JsonFormat): Jsonable | null {
  switch (schema.type) {
    case 'ARRAY':
      return arrayJsonable(schema, format);
    case 'MAP':
      return mapJsonable(schema, format);
    default:
      return structOrNull(schema, format);
  }
}

function structOrNull(schema: Schema, format: JsonFormat): Jsonable | null {
  if (schema.fields.some((field) => INDEX.test(field.name))) return null;
  const members: Jsonable[] = [];
  for (const field of schema.fields) {
    const member = compileJsonable(field.schema, format);
    if (member === null) return null;
    members.push(member);
  }
  return structJsonable(schema, members);
}

function arrayJsonable(schema: Schema, format: JsonFormat): Jsonable | null {
  const item = schema.valueSchema === null ? null : compileJsonable(schema.valueSchema, format);
  if (item === null) return null;
  return (value) =>
    Array.isArray(value) ? value.map((each) => item(each)) : invalidType(schema, value);
}

function mapJsonable(schema: Schema, format: JsonFormat): Jsonable | null {
  const { keySchema, valueSchema } = schema;
  const key = keySchema === null ? null : compileJsonable(keySchema, format);
  const member = valueSchema === null ? null : compileJsonable(valueSchema, format);
  if (key === null || member === null) return null;
  if (keySchema?.type !== 'STRING') {
    return (value) => Array.from(entriesOf(schema, value), ([k, v]) => [key(k), member(v)]);
  }
  return (value) => {
    const object = {};
    for (const [k, v] of entriesOf(schema, value)) {
      // A null key, where the schema allows one, becomes the name "null", as in Java.
      const name = String(key(k));
      if (INDEX.test(name)) throw new NotPlain();
      setOwn(object, name, member(v));
    }
    return object;
  };
}

function entriesOf(schema: Schema, value: unknown): ReadonlyMap<unknown, unknown> {
  return value instanceof Map ? value : invalidType(schema, value);
}
