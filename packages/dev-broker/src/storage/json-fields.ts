/** Parsed JSON, looked at field by field where a file is read. */
export type JsonFields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is JsonFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws TypeError when it is no object */
export function recordOf(value: unknown): JsonFields {
  if (!isRecord(value)) throw new TypeError('not an object');
  return value;
}
/** @throws TypeError when the field is no number */
export function numberOf(fields: JsonFields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number') throw new TypeError(`${name} is not a number`);
  return value;
}
/** @throws TypeError when the field is no text */
export function textOf(fields: JsonFields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new TypeError(`${name} is not a text`);
  return value;
}
/** @throws TypeError when the field is no list */
export function listOf(fields: JsonFields, name: string): readonly unknown[] {
  const value = fields[name];
  if (!Array.isArray(value)) throw new TypeError(`${name} is not a list`);
  return value;
}
/** @throws TypeError when the field is no list of objects */
export function recordsOf(fields: JsonFields, name: string): readonly JsonFields[] {
  return listOf(fields, name).map(recordOf);
}
