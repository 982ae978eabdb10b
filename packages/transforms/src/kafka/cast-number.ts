import { wrapInt64, type Decimal, type Int64 } from '@sluice/api';

export type IntegerType = 'INT8' | 'INT16' | 'INT32' | 'INT64';

const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
/** Beyond these exponents no digit of a decimal is left in 64 bits, or none but zeros. */
const DECIMAL_EXPONENT_MAX = 64;

/**
 * An integer or a decimal as an integer of some width: the low bits of its whole part, as Java
 * narrows. Mirrors `Number.byteValue` and its siblings.
 */
export function castNumber(value: number | bigint | Decimal, type: IntegerType): Int64 {
  if (typeof value === 'number') return narrowNumber(value, type);
  return narrowBigint(typeof value === 'bigint' ? value : wholePart(value), type);
}

function narrowNumber(value: number, type: IntegerType): number {
  switch (type) {
    case 'INT8':
      return (value << 24) >> 24;
    case 'INT16':
      return (value << 16) >> 16;
    case 'INT32':
      return value | 0;
    default:
      return value + 0;
  }
}

function narrowBigint(value: bigint, type: IntegerType): Int64 {
  return type === 'INT64' ? wrapInt64(value) : narrowNumber(Number(BigInt.asIntN(32, value)), type);
}

/**
 * A floating point number as an integer of some width: cut off towards zero, stopped at the ends
 * of int (of long, for INT64), then its low bits. Mirrors `Double.byteValue` and its siblings.
 */
export function castFloat(value: number, type: IntegerType): Int64 {
  if (Number.isNaN(value)) return 0;
  if (type !== 'INT64') {
    const int = Math.trunc(Math.min(Math.max(value, INT32_MIN), INT32_MAX));
    return narrowNumber(int + 0, type);
  }
  if (value >= Number(INT64_MAX)) return INT64_MAX;
  if (value <= Number(INT64_MIN)) return INT64_MIN;
  return wrapInt64(BigInt(Math.trunc(value)));
}

function wholePart({ unscaled, scale }: Decimal): bigint {
  if (scale === 0) return unscaled;
  if (scale > 0) {
    const digits = unscaled.toString().length;
    return scale > digits ? 0n : unscaled / 10n ** BigInt(scale);
  }
  // 10^64 is divisible by 2^64: nothing of such a number is left in the low 64 bits.
  return -scale >= DECIMAL_EXPONENT_MAX ? 0n : unscaled * 10n ** BigInt(-scale);
}
