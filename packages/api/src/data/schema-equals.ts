import type { Field, Schema } from './schema.ts';
import { valueEquals } from './value-equals.ts';

/**
 * Whether two schemas describe the same data: type, optional, default (by content), name, version,
 * doc, parameters (in any order), fields (in order), key and value schemas. `null` equals `null`.
 * Mirrors `ConnectSchema.equals`.
 */
export function schemaEquals(a: Schema | null, b: Schema | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return (
    a.type === b.type &&
    a.isOptional === b.isOptional &&
    a.name === b.name &&
    a.version === b.version &&
    a.doc === b.doc &&
    parametersEqual(a.parameters, b.parameters) &&
    valueEquals(a.defaultValue, b.defaultValue) &&
    fieldsEqual(a.fields, b.fields) &&
    schemaEquals(a.keySchema, b.keySchema) &&
    schemaEquals(a.valueSchema, b.valueSchema)
  );
}

function fieldsEqual(a: readonly Field[], b: readonly Field[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  return a.every((field, index) => {
    const other = b[index];
    return (
      other !== undefined && field.name === other.name && schemaEquals(field.schema, other.schema)
    );
  });
}

type Parameters = ReadonlyMap<string, string> | null;

function parametersEqual(a: Parameters, b: Parameters): boolean {
  if (a === b) return true;
  if (a === null || b === null || a.size !== b.size) return false;
  for (const [key, value] of a) if (b.get(key) !== value) return false;
  return true;
}
