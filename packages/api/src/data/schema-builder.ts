import { DataError } from '../errors/data-error.ts';
import { SchemaBuilderError } from '../errors/schema-builder-error.ts';
import { ConnectSchema } from './connect-schema.ts';
import type { Field, Schema, SchemaType } from './schema.ts';
import type { Int64, TypedSchema } from './typed-schema.ts';
import { validateValue } from './validate-value.ts';

/** A struct's type with one more field. */
type WithField<T, N extends string, V> = {
  readonly [K in keyof T | N]: K extends keyof T ? T[K] : V;
};

/**
 * Puts a schema together: `SchemaBuilder.struct().name('Order').field('id', INT64_SCHEMA).build()`.
 * The type parameter follows along, so that the built schema knows its values' type.
 *
 * optional/required, default, name, version and doc can be set once; setting the same value again
 * is accepted. Mirrors `org.apache.kafka.connect.data.SchemaBuilder`.
 */
export class SchemaBuilder<T = unknown> {
  readonly type: SchemaType;
  #isOptional: boolean | null = null;
  #defaultValue: unknown;
  #name: string | null = null;
  #version: number | null = null;
  #doc: string | null = null;
  #parameters: Map<string, string> | null = null;
  readonly #fields = new Map<string, Field>();
  readonly #keySchema: Schema | null;
  readonly #valueSchema: Schema | null;

  private constructor(type: SchemaType, keySchema: Schema | null, valueSchema: Schema | null) {
    this.type = type;
    this.#keySchema = keySchema;
    this.#valueSchema = valueSchema;
  }

  /** A builder of any type. Arrays and maps made here have no element schemas. */
  static ofType(type: SchemaType): SchemaBuilder {
    return new SchemaBuilder(type, null, null);
  }
  static int8(): SchemaBuilder<number> {
    return new SchemaBuilder('INT8', null, null);
  }
  static int16(): SchemaBuilder<number> {
    return new SchemaBuilder('INT16', null, null);
  }
  static int32(): SchemaBuilder<number> {
    return new SchemaBuilder('INT32', null, null);
  }
  static int64(): SchemaBuilder<Int64> {
    return new SchemaBuilder('INT64', null, null);
  }
  static float32(): SchemaBuilder<number> {
    return new SchemaBuilder('FLOAT32', null, null);
  }
  static float64(): SchemaBuilder<number> {
    return new SchemaBuilder('FLOAT64', null, null);
  }
  static bool(): SchemaBuilder<boolean> {
    return new SchemaBuilder('BOOLEAN', null, null);
  }
  static string(): SchemaBuilder<string> {
    return new SchemaBuilder('STRING', null, null);
  }
  static bytes(): SchemaBuilder<Uint8Array> {
    return new SchemaBuilder('BYTES', null, null);
  }
  static struct(): SchemaBuilder<{}> {
    return new SchemaBuilder('STRUCT', null, null);
  }
  static array<V>(valueSchema: TypedSchema<V>): SchemaBuilder<readonly V[]> {
    requireSchema(valueSchema, 'valueSchema');
    return new SchemaBuilder('ARRAY', null, valueSchema);
  }
  static map<K, V>(
    keySchema: TypedSchema<K>,
    valueSchema: TypedSchema<V>,
  ): SchemaBuilder<ReadonlyMap<K, V>> {
    requireSchema(keySchema, 'keySchema');
    requireSchema(valueSchema, 'valueSchema');
    return new SchemaBuilder('MAP', keySchema, valueSchema);
  }
  /** Array or map whose element schemas may be unknown: what string inference finds in `[null]`. */
  static inferred(
    type: 'ARRAY' | 'MAP',
    keySchema: Schema | null,
    valueSchema: Schema | null,
  ): SchemaBuilder {
    return new SchemaBuilder(type, keySchema, valueSchema);
  }

  /** Null becomes a valid value. */
  optional(): SchemaBuilder<T | null> {
    checkCanSet('optional', this.#isOptional, true);
    this.#isOptional = true;
    return this;
  }

  required(): this {
    checkCanSet('optional', this.#isOptional, false);
    this.#isOptional = false;
    return this;
  }

  /** Stands in for null where a reader asks. Checked against what the builder holds so far. */
  defaultValue(value: T): this {
    if (this.#defaultValue !== undefined && !Object.is(this.#defaultValue, value)) {
      throw alreadySet('default');
    }
    try {
      validateValue(this.build(), value);
    } catch (cause) {
      if (!(cause instanceof DataError)) throw cause;
      throw new SchemaBuilderError('Invalid default value', { cause });
    }
    // As in Java, a null default is no default.
    this.#defaultValue = value ?? undefined;
    return this;
  }

  name(name: string | null): this {
    checkCanSet('name', this.#name, name);
    this.#name = name;
    return this;
  }

  version(version: number | null): this {
    checkCanSet('version', this.#version, version);
    this.#version = version;
    return this;
  }

  doc(doc: string | null): this {
    checkCanSet('doc', this.#doc, doc);
    this.#doc = doc;
    return this;
  }

  /** Overwrites an earlier value of that parameter. */
  parameter(name: string, value: string): this {
    this.#parameters ??= new Map();
    this.#parameters.set(name, value);
    return this;
  }

  parameters(parameters: Iterable<readonly [string, string]>): this {
    for (const [name, value] of parameters) this.parameter(name, value);
    return this;
  }

  /** Adds a field behind those that are there. */
  field<N extends string, V>(name: N, schema: TypedSchema<V>): SchemaBuilder<WithField<T, N, V>> {
    if (this.type !== 'STRUCT') {
      throw new SchemaBuilderError(`Cannot create fields on type ${this.type}`);
    }
    if (typeof name !== 'string' || name === '') {
      throw new SchemaBuilderError('fieldName cannot be null.');
    }
    requireSchema(schema, `fieldSchema for field ${name}`);
    if (this.#fields.has(name)) {
      throw new SchemaBuilderError(`Cannot create field because of field name duplication ${name}`);
    }
    this.#fields.set(name, Object.freeze({ name, index: this.#fields.size, schema }));
    // Only what the type says about the values has changed.
    return this as unknown as SchemaBuilder<WithField<T, N, V>>;
  }

  /** Says that the name set makes it a logical type, whose values have a class of their own. */
  ofLogical<L>(): SchemaBuilder<L> {
    return this as unknown as SchemaBuilder<L>;
  }

  /** The schema as it stands now; the builder may go on. */
  build(): TypedSchema<T> {
    return new ConnectSchema({
      type: this.type,
      isOptional: this.#isOptional ?? false,
      defaultValue: this.#defaultValue,
      name: this.#name,
      version: this.#version,
      doc: this.#doc,
      parameters: this.#parameters,
      fields: [...this.#fields.values()],
      keySchema: this.#keySchema,
      valueSchema: this.#valueSchema,
    });
  }
}

function requireSchema(schema: Schema | null | undefined, what: string): void {
  if (schema === null || schema === undefined) {
    throw new SchemaBuilderError(`${what} cannot be null.`);
  }
}

function checkCanSet(what: string, present: unknown, value: unknown): void {
  if (present !== null && present !== value) throw alreadySet(what);
}

function alreadySet(what: string): SchemaBuilderError {
  return new SchemaBuilderError(`Invalid SchemaBuilder call: ${what} has already been set.`);
}
