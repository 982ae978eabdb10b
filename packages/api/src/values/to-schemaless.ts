import { Float32, float64 } from '../data/boxed-float.ts';
import type { Schema } from '../data/schema.ts';
import { setOwn } from '../data/struct.ts';

/**
 * A value in the form that it has without a schema, all the way down: floats that could not be told
 * from integers any more, and all of 32 bits, get a box; maps with nothing but text for keys become
 * plain objects.
 */
export function toSchemaless(schema: Schema | null, value: unknown): unknown {
  if (typeof value === 'number') {
    if (schema?.type === 'FLOAT32') return new Float32(value);
    return schema?.type === 'FLOAT64' ? float64(value) : value;
  }
  if (Array.isArray(value)) {
    return value.map((item) => toSchemaless(schema?.valueSchema ?? null, item));
  }
  if (value instanceof Map) return mapWithoutSchema(schema, value);
  return schema?.type === 'STRUCT' ? structWithoutSchema(schema, value) : value;
}

function mapWithoutSchema(schema: Schema | null, map: ReadonlyMap<unknown, unknown>): unknown {
  const entries = Array.from(map, ([key, value]): readonly [unknown, unknown] => [
    toSchemaless(schema?.keySchema ?? null, key),
    toSchemaless(schema?.valueSchema ?? null, value),
  ]);
  if (entries.some(([key]) => typeof key !== 'string')) return new Map(entries);
  const object = {};
  for (const [key, value] of entries) setOwn(object, String(key), value);
  return object;
}

function structWithoutSchema(schema: Schema, struct: unknown): unknown {
  const object = {};
  for (const [name, value] of Object.entries(Object(struct))) {
    setOwn(object, name, toSchemaless(schema.field(name)?.schema ?? null, value));
  }
  return object;
}
