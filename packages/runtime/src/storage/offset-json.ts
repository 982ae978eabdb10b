/**
 * The JSON in which Connect keeps source partitions and offsets: its JsonConverter's output without
 * schemas. Keys are looked up by their bytes, so the text must be Java's to the letter.
 */
import { DataError, Float32, Float64, float64, type SourceMap } from '@sluice/api';

/** A source map as Java writes it, keys in their own order. `null` is `null`. */
export function offsetJson(map: SourceMap | null): string {
  return map === null ? 'null' : objectText(map, Object.keys(map));
}

/** The same for equal maps whatever the order of their keys: for comparing, never for storing. */
export function canonicalText(map: SourceMap | null): string {
  return map === null ? 'null' : objectText(map, Object.keys(map).sort());
}

/** The key of an offset as it is stored: `["connector",{partition}]`. */
export function offsetKeyJson(connector: string, partitionJson: string): string {
  return `[${stringText(connector)},${partitionJson}]`;
}

/**
 * Reads a stored offset or partition. Integers beyond 2^53 come as bigint, whole numbers written
 * with a point as Float64, so that nothing changes when they are written again.
 *
 * @throws DataError when it is not JSON, or neither an object nor null
 */
export function parseOffsetJson(text: string): SourceMap | null {
  const value = parseJson(text);
  if (value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new DataError('Offsets must be specified as a Map');
  }
  return { ...value };
}

/** Reads a stored key; `null` when it is not of the form that Connect writes. */
export function parseOffsetKey(
  text: string,
): { readonly connector: string; readonly partition: SourceMap | null } | null {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    // Something else than Connect wrote this key; it is kept, but nobody can ask for it.
    return null;
  }
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [connector, partition]: readonly unknown[] = value;
  if (typeof connector !== 'string') return null;
  if (partition === null) return { connector, partition: null };
  if (typeof partition !== 'object' || Array.isArray(partition)) return null;
  return { connector, partition: { ...partition } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, reviveNumber);
  } catch (error) {
    throw new DataError('A stored offset is not valid JSON', { cause: error });
  }
}

function reviveNumber(
  _key: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  const { source } = context;
  if (/[.eE]/.test(source)) return float64(value);
  return Number.isSafeInteger(value) ? value : BigInt(source);
}

function objectText(map: SourceMap, keys: readonly string[]): string {
  const parts: string[] = [];
  for (const key of keys) parts.push(`${stringText(key)}:${valueText(key, map[key])}`);
  return `{${parts.join(',')}}`;
}

function valueText(key: string, value: unknown): string {
  switch (typeof value) {
    case 'string':
      return stringText(value);
    case 'number':
      return numberText(key, value);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'undefined':
      return 'null';
    default:
  }
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`;
  if (value instanceof Float64 || value instanceof Float32) {
    // Float32's own text is its shortest for 32 bits; whole values keep Java's ".0".
    const text = String(value instanceof Float32 ? shortestFloat32(value.value) : value.value);
    return /[.e]/.test(text) ? text : `${text}.0`;
  }
  throw new DataError(
    `Offsets may only contain primitive types as values, but field ${key} contains ` +
      (Array.isArray(value) ? 'an array' : 'an object'),
  );
}

function numberText(key: string, value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0.0' : String(value);
  throw new DataError(`Offsets may only contain finite numbers, but field ${key} is ${value}`);
}

function shortestFloat32(value: number): number {
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

// Jackson writes control characters with capital hex digits, JSON.stringify with small ones.
function stringText(value: string): string {
  const text = JSON.stringify(value);
  if (!text.includes('\\u')) return text;
  return text.replace(/\\(?:u([0-9a-f]{4})|.)/g, (whole, hex: string | undefined) =>
    hex === undefined ? whole : `\\u${hex.toUpperCase()}`,
  );
}
