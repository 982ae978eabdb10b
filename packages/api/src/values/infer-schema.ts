import { Float32, Float64, isInt64Number } from '../data/boxed-float.ts';
import type { Schema, SchemaType } from '../data/schema.ts';
import { SchemaBuilder } from '../data/schema-builder.ts';
import {
  BOOLEAN_SCHEMA,
  BYTES_SCHEMA,
  FLOAT32_SCHEMA,
  FLOAT64_SCHEMA,
  INT64_SCHEMA,
  STRING_SCHEMA,
} from '../data/schema-constants.ts';
import { isPlainObject } from '../data/validate-value.ts';
import { SchemaBuilderError } from '../errors/schema-builder-error.ts';

/**
 * The schema that a schemaless value has by its kind; `null` for empty collections, mixed ones,
 * dates and decimals. Whole numbers are INT64. Mirrors `Values.inferSchema`.
 */
export function inferSchema(value: unknown): Schema | null {
  switch (typeof value) {
    case 'string':
      return STRING_SCHEMA;
    case 'boolean':
      return BOOLEAN_SCHEMA;
    case 'bigint':
      return INT64_SCHEMA;
    case 'number':
      return isInt64Number(value) ? INT64_SCHEMA : FLOAT64_SCHEMA;
    default:
      return schemaOfObject(value);
  }
}

function schemaOfObject(value: unknown): Schema | null {
  if (value instanceof Uint8Array) return BYTES_SCHEMA;
  if (value instanceof Float64) return FLOAT64_SCHEMA;
  if (value instanceof Float32) return FLOAT32_SCHEMA;
  if (Array.isArray(value)) return schemaOfList(value);
  if (value instanceof Map) return schemaOfEntries([...value.keys()], [...value.values()]);
  if (isPlainObject(value)) return schemaOfEntries(Object.keys(value), Object.values(value));
  return null;
}

function schemaOfList(list: readonly unknown[]): Schema | null {
  if (list.length === 0) return null;
  const element = commonSchema(list);
  return element === null ? null : SchemaBuilder.inferred('ARRAY', null, element).build();
}

function schemaOfEntries(keys: readonly unknown[], values: readonly unknown[]): Schema | null {
  if (keys.length === 0) return null;
  const keySchema = commonSchema(keys);
  const valueSchema = keySchema === null ? null : commonSchema(values);
  return valueSchema === null
    ? null
    : SchemaBuilder.inferred('MAP', keySchema, valueSchema).build();
}

/** Only the type is kept of what the elements have in common: neither fields nor element schemas. */
function commonSchema(values: readonly unknown[]): Schema | null {
  const types = new Set<SchemaType>();
  for (const value of values) {
    if (value === null || value === undefined) continue;
    const schema = inferSchema(value);
    if (schema === null) return null;
    types.add(schema.type);
    if (types.size > 1) return null;
  }
  const [type] = types;
  if (type === undefined) throw new SchemaBuilderError('type cannot be null');
  const builder = SchemaBuilder.ofType(type);
  const hasNull = values.some((value) => value === null || value === undefined);
  return hasNull ? builder.optional().build() : builder.build();
}
