import { DataError } from '../errors/data-error.ts';
import { Float32, Float64 } from './boxed-float.ts';
import { Decimal } from './decimal.ts';
import { isInt64 } from './int64.ts';
import { javaClassOf } from './java-class.ts';
import { logicalClassOf } from './logical-names.ts';
import type { Schema } from './schema.ts';

const INT8_MAX = 0x7f;
const INT16_MAX = 0x7fff;
const INT32_MAX = 0x7fffffff;

/**
 * Checks a value against its schema, all the way down. `undefined` counts as null, but a struct's
 * required field that has a default may be missing. Mirrors `ConnectSchema.validateValue`.
 *
 * @param field names the value in the error text
 * @throws DataError at the first mismatch
 */
export function validateValue(schema: Schema, value: unknown, field?: string): void {
  validateAt(schema, value, field === undefined ? 'value' : `field: "${field}"`);
}

/** As {@link validateValue}, with the words that say where the value stands. */
export function validateAt(schema: Schema, value: unknown, location: string): void {
  if (value === null || value === undefined) {
    if (schema.isOptional) return;
    throw new DataError(
      `Invalid value: null used for required ${location}, schema type: ${schema.type}`,
    );
  }
  if (!isAccepted(schema, value)) throw mismatch(schema, value, location);
  if (schema.type === 'STRUCT') validateFields(schema, value);
  else if (Array.isArray(value)) validateElements(schema, value, `element of array ${location}`);
  else if (value instanceof Map) validateEntries(schema, value, location);
}

function validateFields(schema: Schema, value: object): void {
  for (const field of schema.fields) {
    const member: unknown = Object.hasOwn(value, field.name)
      ? Reflect.get(value, field.name)
      : undefined;
    if (member === undefined && field.schema.defaultValue !== undefined) continue;
    validateAt(field.schema, member, `field: "${field.name}"`);
  }
}

function validateElements(schema: Schema, value: readonly unknown[], location: string): void {
  const element = requireSchema(schema.valueSchema, location);
  for (const item of value) validateAt(element, item, location);
}

function validateEntries(
  schema: Schema,
  value: ReadonlyMap<unknown, unknown>,
  location: string,
): void {
  const keyLocation = `key of map ${location}`;
  const valueLocation = `value of map ${location}`;
  const keySchema = requireSchema(schema.keySchema, keyLocation);
  const valueSchema = requireSchema(schema.valueSchema, valueLocation);
  for (const [key, member] of value) {
    validateAt(keySchema, key, keyLocation);
    validateAt(valueSchema, member, valueLocation);
  }
}

function requireSchema(schema: Schema | null, location: string): Schema {
  if (schema === null) throw new DataError(`No schema defined for ${location}`);
  return schema;
}

/** Whether the value's own kind is the one that its schema asks for; its parts come later. */
function isAccepted(schema: Schema, value: unknown): value is object {
  switch (logicalClassOf(schema.name)) {
    case 'Decimal':
      return value instanceof Decimal;
    case 'Date':
      return value instanceof Date;
    default:
      return isOfType(schema, value);
  }
}

function isOfType(schema: Schema, value: unknown): boolean {
  switch (schema.type) {
    case 'INT8':
      return isIntegerUpTo(value, INT8_MAX);
    case 'INT16':
      return isIntegerUpTo(value, INT16_MAX);
    case 'INT32':
      return isIntegerUpTo(value, INT32_MAX);
    case 'INT64':
      return isInt64(value);
    case 'FLOAT32':
      return typeof value === 'number' || value instanceof Float32;
    case 'FLOAT64':
      return typeof value === 'number' || value instanceof Float64;
    case 'BOOLEAN':
      return typeof value === 'boolean';
    case 'STRING':
      return typeof value === 'string';
    case 'BYTES':
      return value instanceof Uint8Array;
    case 'ARRAY':
      return Array.isArray(value);
    case 'MAP':
      return value instanceof Map;
    case 'STRUCT':
    default:
      return isPlainObject(value);
  }
}

function isIntegerUpTo(value: unknown, max: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value <= max && value >= -max - 1;
}

/** An object that is none of the classes with a meaning of their own. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Nearly all are: the rest is for objects of an author's own class.
  if (prototype === Object.prototype || prototype === null) return true;
  return !(Array.isArray(value) || MEANINGFUL.some((type) => value instanceof type));
}

const MEANINGFUL = [Map, Set, Date, Uint8Array, Decimal, Float64, Float32];

function mismatch(schema: Schema, value: unknown, location: string): DataError {
  const name = schema.name === null ? '' : ` "${schema.name}"`;
  return new DataError(
    `Invalid Java object for schema${name} with type ${schema.type}: class ${javaClassOf(value)}` +
      ` for ${location}`,
  );
}
