import { DataError } from '../errors/data-error.ts';
import type { Int64 } from './typed-schema.ts';

export const INT64_MIN = -(2n ** 63n);
export const INT64_MAX = 2n ** 63n - 1n;

const SAFE_MIN = BigInt(Number.MIN_SAFE_INTEGER);
const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * The canonical form of a 64-bit integer: a number when safe, else a bigint.
 *
 * @throws DataError when it is no integer or has more than 64 bits
 */
export function int64(value: number | bigint): Int64 {
  if (typeof value === 'number') {
    // Adding 0 turns -0 into 0: an integer has no negative zero.
    if (Number.isSafeInteger(value)) return value + 0;
    throw new DataError(`Not an exact INT64: ${value}. Give integers beyond 2^53 as bigint.`);
  }
  if (value >= SAFE_MIN && value <= SAFE_MAX) return Number(value);
  if (value < INT64_MIN || value > INT64_MAX) {
    throw new DataError(`${value} does not fit in an INT64.`);
  }
  return value;
}

/** As {@link int64}, but keeps the low 64 bits as Java's narrowing does. Never throws. */
export function wrapInt64(value: bigint): Int64 {
  return int64(BigInt.asIntN(64, value));
}

/** Whether a value may stand in an INT64 field. A safe integer as bigint is accepted too. */
export function isInt64(value: unknown): value is Int64 {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  return typeof value === 'bigint' && value >= INT64_MIN && value <= INT64_MAX;
}
