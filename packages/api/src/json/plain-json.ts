import { Float32, Float64, isInt64Number } from '../data/boxed-float.ts';

/** Java prints fractions between these as JavaScript does. */
const PLAIN_FROM = 1e-3;
const SCIENTIFIC_FROM = 1e7;
/** Deeper values are left to the careful writer, which has an error for them. */
const DEPTH_MAX = 100;

/** Whether a number is a fraction that JavaScript prints as Java does. */
export function isPlainFraction(value: unknown): boolean {
  if (typeof value !== 'number') return false;
  const size = Math.abs(value);
  return size >= PLAIN_FROM && size < SCIENTIFIC_FROM && !Number.isInteger(value);
}

/** Whether `JSON.stringify` writes schemaless data as Java does, but for escapes. */
export function isPlainJson(value: unknown, depth: number = 0): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return isInt64Number(value) || isPlainFraction(value);
    case 'object':
      return value === null || isPlainObjectJson(value, depth);
    default:
      return false;
  }
}

function isPlainObjectJson(value: object, depth: number): boolean {
  if (depth >= DEPTH_MAX) return false;
  if (Array.isArray(value)) return value.every((item) => isPlainJson(item, depth + 1));
  if (isOrdinary(value)) return hasPlainMembers(value, depth);
  return value instanceof Float64 || value instanceof Float32;
}

function hasPlainMembers(object: Readonly<Record<string, unknown>>, depth: number): boolean {
  for (const key in object) {
    const member = object[key];
    // Nearly all are text, which needs no call.
    if (typeof member !== 'string' && !isPlainJson(member, depth + 1)) return false;
  }
  return true;
}

function isOrdinary(value: object): value is Readonly<Record<string, unknown>> {
  return Object.getPrototypeOf(value) === Object.prototype;
}
