import { DataError } from '../errors/data-error.ts';
import { int64 } from './int64.ts';
import type { Field, Schema } from './schema.ts';
import { type StructFactory, structFactory } from './struct-factory.ts';
import { validateAt } from './validate-value.ts';

type Values = Readonly<Record<string, unknown>>;

/**
 * Makes the structs of one schema, all of one shape. Get it with `structTypeOf(schema)` and keep
 * it where many structs of a schema are made.
 */
export class StructType {
  readonly schema: Schema;
  readonly #fields: readonly Field[];
  readonly #make: StructFactory;

  /** @throws DataError when the schema is no STRUCT */
  constructor(schema: Schema) {
    if (schema.type !== 'STRUCT') {
      throw new DataError(`Not a struct schema: Schema{${schema.name ?? schema.type}}`);
    }
    this.schema = schema;
    this.#fields = schema.fields;
    this.#make = structFactory(schema.fields.map((field) => field.name));
  }

  /**
   * A struct of these values. What is left out becomes null, or the default of a required field.
   *
   * @throws DataError for a wrong value, or a name that is no field
   */
  create(values: Values): Values {
    const members: unknown[] = [];
    let found = 0;
    for (const field of this.#fields) {
      const isGiven = Object.hasOwn(values, field.name);
      if (isGiven) found++;
      members.push(memberOf(field, isGiven ? values[field.name] : undefined));
    }
    if (found !== Object.keys(values).length) this.#rejectUnknown(values);
    return this.#make(members);
  }

  /** A struct of values in field order that are known to be right: nothing is checked. */
  fromTrusted(members: readonly unknown[]): Values {
    return this.#make(members);
  }

  #rejectUnknown(values: Values): void {
    for (const name of Object.keys(values)) {
      if (this.schema.field(name) === null) {
        throw new DataError(`${name} is not a valid field name`);
      }
    }
  }
}

function memberOf(field: Field, value: unknown): unknown {
  const { schema } = field;
  if (isUsual(schema, value)) return value;
  if (value === undefined && schema.defaultValue !== undefined) {
    return schema.isOptional ? null : schema.defaultValue;
  }
  validateAt(schema, value, `field: "${field.name}"`);
  if (typeof value === 'bigint') return int64(value);
  return value ?? null;
}

/** The values that need no closer look: most of them. */
function isUsual({ type, name }: Schema, value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      return type === 'STRING' && name === null;
    case 'boolean':
      return type === 'BOOLEAN' && name === null;
    case 'number':
      if (name !== null || Object.is(value, -0)) return false;
      if (type === 'FLOAT64') return true;
      return type === 'INT32'
        ? (value | 0) === value
        : type === 'INT64' && Number.isSafeInteger(value);
    default:
      return false;
  }
}
