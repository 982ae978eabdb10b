import { DataError } from '../errors/data-error.ts';
import { ConnectSchema } from './connect-schema.ts';
import type { Schema } from './schema.ts';
import { StructType } from './struct-type.ts';
import type { TypedSchema } from './typed-schema.ts';

/** The values of a struct, by field name. */
export type StructValues = Readonly<Record<string, unknown>>;

/** The struct maker of a schema; made once per schema. */
export function structTypeOf(schema: Schema): StructType {
  return schema instanceof ConnectSchema ? schema.structType() : new StructType(schema);
}

/**
 * A struct: a plain object with exactly the schema's fields, in the schema's order, so that all
 * structs of a schema share one shape. Fields left out become null, or their default when they are
 * required.
 *
 * @throws DataError for a wrong value, or a name that is no field
 */
export function newStruct<T>(
  schema: TypedSchema<T>,
  values: Partial<NonNullable<T>>,
): NonNullable<T>;
export function newStruct(schema: Schema, values: StructValues): StructValues;
export function newStruct(schema: Schema, values: StructValues): StructValues {
  return structTypeOf(schema).create(values);
}

/**
 * A field's value, or its default when the value is null. Mirrors `Struct.get`; reading the
 * property itself mirrors `Struct.getWithoutDefault`.
 *
 * @throws DataError when the schema has no such field
 */
export function structGet(schema: Schema, struct: object, name: string): unknown {
  const field = schema.field(name);
  if (field === null) throw new DataError(`${name} is not a valid field name`);
  const value = getOwn(struct, name) ?? null;
  return value === null ? (field.schema.defaultValue ?? null) : value;
}

/** An own property, `undefined` when there is none: never something of the prototype. */
export function getOwn(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined;
}

/** Sets an own property whatever its name is, `__proto__` included. */
export function setOwn(object: object, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else Reflect.set(object, key, value);
}
