import { DataError, int64, type Int64 } from '@sluice/api';

/** Units of Unix time, as `unix.precision` names them. */
export type UnixPrecision = 'seconds' | 'milliseconds' | 'microseconds' | 'nanoseconds';

export const UNIX_PRECISIONS: readonly UnixPrecision[] = [
  'nanoseconds',
  'microseconds',
  'milliseconds',
  'seconds',
];

/** How many of a unit make a millisecond; seconds go the other way. */
const PER_MILLI = { milliseconds: 1n, microseconds: 1000n, nanoseconds: 1_000_000n } as const;
/** The farthest instant from 1970 that a `Date` can hold. */
const DATE_MILLIS_MAX = 8_640_000_000_000_000;
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** What is finer than a millisecond is cut off, towards zero. @throws DataError beyond `Date` */
export function unixToMillis(value: Int64, precision: UnixPrecision): Date {
  const millis = toMillis(value, precision);
  if (Math.abs(millis) <= DATE_MILLIS_MAX) return new Date(millis);
  throw new DataError(
    `Unix timestamp ${value} (${precision}) is beyond what a date can hold (year 275760). ` +
      'Check unix.precision.',
  );
}

function toMillis(value: Int64, precision: UnixPrecision): number {
  if (precision === 'milliseconds') return Number(value);
  if (precision === 'seconds') return Number(value) * 1000;
  if (typeof value === 'number') return Math.trunc(value / Number(PER_MILLI[precision]));
  return Number(value / PER_MILLI[precision]);
}

/** As `TimeUnit` converts: stops at the ends of a long instead of overflowing. */
export function millisToUnix(millis: number, precision: UnixPrecision): Int64 {
  if (precision === 'milliseconds') return millis;
  if (precision === 'seconds') return Math.trunc(millis / 1000) + 0;
  const value = BigInt(millis) * PER_MILLI[precision];
  if (value > INT64_MAX) return INT64_MAX;
  return value < INT64_MIN ? INT64_MIN : int64(value);
}
