import { Decimal } from './decimal.ts';

/**
 * Deep equality of Connect values: bytes by content, dates by instant, decimals by value and scale,
 * maps in any order, NaN equal to itself.
 */
export function valueEquals(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && arraysEqual(a, b);
  if (a instanceof Uint8Array) return b instanceof Uint8Array && arraysEqual(a, b);
  if (a instanceof Date) return b instanceof Date && a.getTime() === b.getTime();
  if (a instanceof Map) return b instanceof Map && mapsEqual(a, b);
  if (a instanceof Decimal) {
    return b instanceof Decimal && a.unscaled === b.unscaled && a.scale === b.scale;
  }
  return Object.getPrototypeOf(a) === Object.getPrototypeOf(b) && objectsEqual(a, b);
}

function arraysEqual(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!valueEquals(a[i], b[i])) return false;
  return true;
}

function mapsEqual(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    if (b.has(key)) {
      if (!valueEquals(value, b.get(key))) return false;
    } else if (![...b].some(([k, v]) => valueEquals(key, k) && valueEquals(value, v))) return false;
  }
  return true;
}

function objectsEqual(a: object, b: object): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) => Object.hasOwn(b, key) && valueEquals(Reflect.get(a, key), Reflect.get(b, key)),
    )
  );
}
