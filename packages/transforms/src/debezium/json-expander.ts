import {
  ConnectError,
  DataError,
  Float64,
  OPTIONAL_BOOLEAN_SCHEMA,
  OPTIONAL_BYTES_SCHEMA,
  OPTIONAL_FLOAT64_SCHEMA,
  OPTIONAL_INT32_SCHEMA,
  OPTIONAL_INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  SchemaBuilder,
  getOwn,
  isInt64Number,
  parseJson,
  schemaEquals,
  setOwn,
  type Schema,
} from '@sluice/api';
import { isObjectValue } from '../record/requirements.ts';

const INT32_MAX = 2 ** 31 - 1;

/** What becomes of values that say nothing about their type. */
export interface JsonExpanderOptions {
  /** Null becomes an optional field of bytes; else it is left out. */
  readonly keepsNull: boolean;
  /** An empty array becomes one of strings; else it is left out. */
  readonly keepsEmptyArrays: boolean;
}

/** A struct made of JSON. */
export interface Expanded {
  readonly schema: Schema;
  readonly value: unknown;
}

/** Makes structs of JSON objects, with schemas inferred from them. Mirrors `JsonSchemaData`. */
export class JsonExpander {
  readonly #options: JsonExpanderOptions;

  constructor(options: JsonExpanderOptions) {
    this.#options = options;
  }

  /** The struct of a text, `null` when it is no JSON object, or one whose types can't be told. */
  expand(name: string, text: string): Expanded | null {
    if (!text.startsWith('{')) return null;
    try {
      const json = parseJson(text);
      const schema = this.#schemaOf(name, json);
      return schema === null ? null : { schema, value: valueOf(json, schema) };
    } catch (error) {
      // As in Java, a payload that can't be expanded is passed on as it is.
      if (error instanceof ConnectError) return null;
      throw error;
    }
  }

  /** `null` for what is left out. */
  #schemaOf(name: string, json: unknown): Schema | null {
    if (json === null) return this.#options.keepsNull ? OPTIONAL_BYTES_SCHEMA : null;
    if (typeof json === 'string') return OPTIONAL_STRING_SCHEMA;
    if (typeof json === 'boolean') return OPTIONAL_BOOLEAN_SCHEMA;
    if (Array.isArray(json)) return this.#arraySchema(name, json);
    return isObjectValue(json) ? this.#structSchema(name, json) : numberSchema(json);
  }

  #structSchema(name: string, json: object): Schema {
    const builder = SchemaBuilder.struct().name(name).optional();
    for (const [key, value] of Object.entries(json)) {
      const schema = this.#schemaOf(name === '' ? key : `${name}.${key}`, value);
      if (schema !== null && key !== '') builder.field(key, schema);
    }
    return builder.build();
  }

  #arraySchema(name: string, items: readonly unknown[]): Schema | null {
    if (items.length === 0) {
      const empty = SchemaBuilder.array(OPTIONAL_STRING_SCHEMA).optional().build();
      return this.#options.keepsEmptyArrays ? empty : null;
    }
    const known = items.filter((item) => item !== null);
    const schemas = known.map((item) => this.#schemaOf(isObjectValue(item) ? name : '', item));
    const merged = schemas.reduce((left, right) => mergedSchema(left, right), schemas[0] ?? null);
    const element = merged ?? (known.length === 0 ? this.#schemaOf('', null) : null);
    if (element === null) throw new DataError(`Array '${name}' has unrecognized member schema.`);
    return SchemaBuilder.array(element).optional().build();
  }
}

/** Objects of an array may have different fields; everything else has to be of one type. */
function mergedSchema(left: Schema | null, right: Schema | null): Schema | null {
  if (left === null || right === null || schemaEquals(left, right)) return left;
  if (left.type !== 'STRUCT' || right.type !== 'STRUCT') {
    throw new DataError(`Field is not a homogenous array (${left.type} x ${right.type}).`);
  }
  const fields = new Map(left.fields.map((field) => [field.name, field.schema]));
  for (const { name, schema } of right.fields) {
    const present = fields.get(name);
    const isBetter = present?.type === 'BYTES' && schema.type !== 'BYTES';
    if (present === undefined || isBetter) fields.set(name, schema);
  }
  const builder = SchemaBuilder.struct().name(left.name);
  for (const [name, schema] of fields) builder.field(name, schema);
  return builder.build();
}

function numberSchema(json: unknown): Schema {
  if (json instanceof Float64 || (typeof json === 'number' && !isInt64Number(json))) {
    return OPTIONAL_FLOAT64_SCHEMA;
  }
  const isInt32 = typeof json === 'number' && json <= INT32_MAX && json >= -INT32_MAX - 1;
  return isInt32 ? OPTIONAL_INT32_SCHEMA : OPTIONAL_INT64_SCHEMA;
}

/** @throws DataError for an integer of more than 64 bits */
function valueOf(json: unknown, schema: Schema): unknown {
  if (json instanceof Float64) return json.value;
  if (typeof json === 'bigint' && BigInt.asIntN(64, json) !== json) {
    throw new DataError(`${json} does not fit in an INT64.`);
  }
  if (Array.isArray(json)) {
    const { valueSchema } = schema;
    return json.map((item) => (valueSchema === null ? null : valueOf(item, valueSchema)));
  }
  if (!isObjectValue(json)) return json;
  const struct = {};
  for (const field of schema.fields) {
    const member = getOwn(json, field.name) ?? null;
    setOwn(struct, field.name, member === null ? null : valueOf(member, field.schema));
  }
  return struct;
}
