import type { Decimal } from '../data/decimal.ts';

/** A decimal as double, correctly rounded. */
export function decimalToDouble(decimal: Decimal): number {
  return Number(`${decimal.unscaled}e${-decimal.scale}`);
}

/** A decimal as 32-bit float, rounded once: going by way of a double may round twice. */
export function decimalToFloat(decimal: Decimal): number {
  const double = decimalToDouble(decimal);
  const float = Math.fround(double);
  if (float === double || !Number.isFinite(double)) return float;
  const side = compareToDouble(decimal, double);
  // Just beside the middle of two floats, the double may be the middle itself.
  if (side === 0) return float;
  const nudged = Math.fround(double + side * Math.abs(double) * Number.EPSILON);
  return isMiddle(double, float) ? nudged : float;
}

/** Whether a double lies exactly between a float and its neighbour. */
function isMiddle(double: number, float: number): boolean {
  const mirrored = double + (double - float);
  return mirrored !== float && Math.fround(mirrored) === mirrored;
}

/** 1 when the decimal is above the double, -1 below, 0 equal. */
function compareToDouble(decimal: Decimal, double: number): number {
  let exponent = 0;
  let mantissa = double;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent++;
  }
  // decimal ? double  <=>  unscaled * 2^exponent ? mantissa * 10^scale
  const { unscaled, scale } = decimal;
  const left = unscaled * 2n ** BigInt(exponent) * (scale < 0 ? 10n ** BigInt(-scale) : 1n);
  const right = BigInt(mantissa) * (scale > 0 ? 10n ** BigInt(scale) : 1n);
  if (left === right) return 0;
  return left > right ? 1 : -1;
}
