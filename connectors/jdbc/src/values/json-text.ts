import {
  DECIMAL_LOGICAL_NAME,
  Decimal,
  convertToString,
  decimalPlainText,
  doubleText,
  floatText,
  javaText,
  quoteJson,
  temporalText,
  type Schema,
} from '@sluice/api';

/**
 * A value with its schema as JSON for a JSON column: structs and string-keyed maps as objects, other maps as
 * pairs, decimals and 64-bit integers as numbers with all digits, times as ISO 8601 text, bytes as base64.
 */
export function jsonTextOf(schema: Schema | null, value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (value instanceof Decimal || schema?.name === DECIMAL_LOGICAL_NAME) {
    return value instanceof Decimal ? decimalPlainText(value) : quoteJson(javaText(value));
  }
  if (value instanceof Date)
    return quoteJson(schema === null ? value.toISOString() : timeOf(schema, value));
  if (value instanceof Uint8Array) return quoteJson(Buffer.from(value).toString('base64'));
  if (Array.isArray(value)) {
    return `[${value.map((item) => jsonTextOf(schema?.valueSchema ?? null, item)).join(',')}]`;
  }
  if (value instanceof Map) return mapText(schema, value);
  switch (typeof value) {
    case 'string':
      return quoteJson(value);
    case 'number':
      return numberText(schema, value);
    case 'object':
      return structText(schema, value);
    default:
      return javaText(value);
  }
}

function timeOf(schema: Schema, value: Date): string {
  return convertToString(schema, value) ?? temporalText(value);
}

function numberText(schema: Schema | null, value: number): string {
  if (!Number.isFinite(value)) return quoteJson(String(value));
  if (schema?.type === 'FLOAT32') return floatText(value);
  return schema?.type === 'FLOAT64' ? doubleText(value) : String(value);
}

function structText(schema: Schema | null, value: object): string {
  const members = Object.entries(value).map(([name, member]) => {
    const type = schema?.field(name)?.schema ?? null;
    return `${quoteJson(name)}:${jsonTextOf(type, member)}`;
  });
  return `{${members.join(',')}}`;
}

function mapText(schema: Schema | null, map: ReadonlyMap<unknown, unknown>): string {
  const keys = schema?.keySchema ?? null;
  const values = schema?.valueSchema ?? null;
  const entries = [...map];
  if (entries.every(([key]) => typeof key === 'string')) {
    const members = entries.map(
      ([key, value]) => `${quoteJson(String(key))}:${jsonTextOf(values, value)}`,
    );
    return `{${members.join(',')}}`;
  }
  const pairs = entries.map(
    ([key, value]) => `[${jsonTextOf(keys, key)},${jsonTextOf(values, value)}]`,
  );
  return `[${pairs.join(',')}]`;
}
