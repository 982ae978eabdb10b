import { DataError } from '../errors/data-error.ts';
import { int64 } from './int64.ts';
import type { Field, Schema } from './schema.ts';
import { validateAt } from './validate-value.ts';

type Values = Readonly<Record<string, unknown>>;

/** Makes an object from the fields' values, in field order. */
type StructFactory = (values: readonly unknown[]) => Values;

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
    const members = new Array<unknown>(this.#fields.length);
    let found = 0;
    for (let i = 0; i < members.length; i++) {
      const field = this.#fields[i];
      if (field === undefined) continue;
      const isGiven = Object.hasOwn(values, field.name);
      if (isGiven) found++;
      members[i] = memberOf(field, isGiven ? values[field.name] : undefined);
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
  if (value === undefined && schema.defaultValue !== undefined) {
    return schema.isOptional ? null : schema.defaultValue;
  }
  validateAt(schema, value, `field: "${field.name}"`);
  if (typeof value === 'bigint') return int64(value);
  return value ?? null;
}

/** V8 gives objects that get the same names in the same order the same shape. */
function structFactory(names: readonly string[]): StructFactory {
  return (values) => {
    const made: Record<string, unknown> = {};
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      if (name === undefined) continue;
      if (name === '__proto__') defineProto(made, values[i]);
      else made[name] = values[i];
    }
    return made;
  };
}

function defineProto(made: object, value: unknown): void {
  const shape = { value, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(made, '__proto__', shape);
}
