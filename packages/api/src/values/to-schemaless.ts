import { Float32, float64 } from '../data/boxed-float.ts';
import type { Schema } from '../data/schema.ts';

/**
 * A value that loses its schema: floats that could not be told from integers any more, and all of
 * 32 bits, get a box. Only the value itself is looked at, not what it holds.
 */
export function toSchemaless(schema: Schema | null, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  if (schema?.type === 'FLOAT32') return new Float32(value);
  return schema?.type === 'FLOAT64' ? float64(value) : value;
}
