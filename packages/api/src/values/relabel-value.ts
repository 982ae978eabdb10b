import type { Schema } from '../data/schema.ts';
import { toSchemaless } from './to-schemaless.ts';

/**
 * A collection that came with a schema of its own, under another one of the same type: where that
 * one says nothing about what is inside, the elements have to tell themselves.
 */
export function relabelValue(from: Schema | null, to: Schema | null, value: unknown): unknown {
  if (from === to) return value;
  if (to === null) return toSchemaless(from, value);
  if (Array.isArray(value)) {
    return value.map((item) => relabelValue(from?.valueSchema ?? null, to.valueSchema, item));
  }
  if (!(value instanceof Map)) return value;
  return new Map(
    Array.from(value, ([key, member]) => [
      relabelValue(from?.keySchema ?? null, to.keySchema, key),
      relabelValue(from?.valueSchema ?? null, to.valueSchema, member),
    ]),
  );
}
