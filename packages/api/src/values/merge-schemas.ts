import type { Schema, SchemaType } from '../data/schema.ts';
import { schemaEquals } from '../data/schema-equals.ts';

/** From the narrowest to the widest: each holds what those before it hold. */
const WIDENING: readonly SchemaType[] = ['INT8', 'INT16', 'INT32', 'INT64', 'FLOAT32', 'FLOAT64'];

/** The schema that fits the values of two, `null` when there is none. */
function mergeSchemas(a: Schema, b: Schema): Schema | null {
  if (a.type !== b.type) {
    const widthA = WIDENING.indexOf(a.type);
    const widthB = WIDENING.indexOf(b.type);
    if (widthA < 0 || widthB < 0) return null;
    return widthA > widthB ? a : b;
  }
  if (a.isOptional === b.isOptional) return a.isOptional ? a : b;
  return schemaEquals(a, b) ? a : null;
}

/** Finds the schema that fits a row of elements; elements that are null fit any. */
export class SchemaMerger {
  #common: Schema | null = null;
  #isCompatible = true;

  add(schema: Schema | null): void {
    if (schema === null || !this.#isCompatible) return;
    if (this.#common === null) this.#common = schema;
    else {
      this.#common = mergeSchemas(this.#common, schema);
      this.#isCompatible = this.#common !== null;
    }
  }

  /** `null` when all elements were null, or some do not go together. */
  get common(): Schema | null {
    return this.#common;
  }
}
