import { isDeepStrictEqual } from 'node:util';
import {
  type Fields,
  holds,
  isFields,
  type SchemaField,
  type SchemaType,
} from './message-schema.ts';

/** Java's Long.MAX_VALUE after JSON.parse. */
const LONG_MAX_AS_PARSED = 2 ** 63;

const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

/**
 * A decoded message in the form that Java's JSON converters give it: the fields that the version
 * has, tagged ones only where they differ from their default, record sets by their size.
 */
export function toJavaJson(
  fields: readonly SchemaField[],
  value: unknown,
  version: number,
): Fields {
  if (!isFields(value)) throw new Error('a struct is no object');
  const json: Record<string, unknown> = {};
  for (const field of fields) {
    if (!(field.name in value)) throw new Error(`the field ${field.name} is missing`);
    if (!holds(field.versions, version)) continue;
    const content = value[field.name];
    if (field.tag !== null && isDeepStrictEqual(content, defaultOf(field))) continue;
    if (field.type === 'records' && Buffer.isBuffer(content)) {
      json[`${field.name}SizeInBytes`] = content.length;
    } else {
      json[field.name] = content === null ? null : jsonValue(field, content, version);
    }
  }
  return json;
}

function jsonValue(type: SchemaType, value: unknown, version: number): unknown {
  if (type.element !== undefined) {
    const { element } = type;
    if (!Array.isArray(value)) throw new Error('an array is no array');
    return value.map((item) => jsonValue(element, item, version));
  }
  if (type.fields !== undefined) return toJavaJson(type.fields, value, version);
  if (Buffer.isBuffer(value)) return value.toString('base64');
  return value === Infinity ? LONG_MAX_AS_PARSED : value;
}

/** What a field holds in versions that lack it. */
export function defaultOf(field: SchemaField): unknown {
  if (field.default === null || typeof field.default === 'boolean') return field.default;
  switch (field.type) {
    case 'array':
      return [];
    case 'struct':
      return Object.fromEntries((field.fields ?? []).map((part) => [part.name, defaultOf(part)]));
    case 'bytes':
    case 'records':
      return Buffer.alloc(0);
    case 'uuid':
      return field.default === '' ? ZERO_UUID : field.default;
    case 'string':
      return field.default;
    default:
      return Number(field.default) === LONG_MAX_AS_PARSED ? Infinity : Number(field.default);
  }
}
