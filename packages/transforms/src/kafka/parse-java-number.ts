import { int64, parseDecimal, type Decimal, type Int64 } from '@sluice/api';
import type { IntegerType } from './cast-number.ts';

const BITS = { INT8: 8, INT16: 16, INT32: 32, INT64: 64 } as const;
/** Longer texts than this are out of range, or padded with zeros beyond reason. */
const INTEGER_LENGTH_MAX = 1000;

/** What `Long.parseLong` and its siblings make of a text; `null` where they throw. */
export function parseJavaInteger(text: string, type: IntegerType): Int64 | null {
  if (text.length > INTEGER_LENGTH_MAX || !/^[+-]?[0-9]+$/.test(text)) return null;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return BigInt.asIntN(BITS[type], value) === value ? int64(value) : null;
}

const DECIMAL_FLOAT = /^([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[fFdD]?$/;
const HEX_FLOAT = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)[fFdD]?$/;
const NAMED = /^([+-]?)(NaN|Infinity)$/;

/**
 * What `Double.parseDouble` makes of a text (with `isSingle`: `Float.parseFloat`, which rounds
 * once); `null` where they throw.
 */
export function parseJavaFloat(text: string, isSingle: boolean): number | null {
  const trimmed = javaTrim(text);
  const decimal = DECIMAL_FLOAT.exec(trimmed)?.[1];
  if (decimal !== undefined) return isSingle ? roundToSingle(decimal) : Number(decimal);
  const named = NAMED.exec(trimmed);
  if (named !== null) {
    if (named[2] === 'NaN') return Number.NaN;
    return named[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return parseHex(trimmed, isSingle);
}

/** Everything up to the space character is white space to `String.trim`. */
function javaTrim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}

/**
 * A decimal as the nearest 32-bit float. Rounding to 64 bits first is wrong only when that lands
 * exactly in the middle between two floats: then the decimal itself decides.
 */
function roundToSingle(text: string): number {
  const double = Number(text);
  const single = Math.fround(double);
  if (single === double || !Number.isFinite(double)) return single;
  const other = neighbour(single, double);
  if (!Number.isFinite(other) || (single + other) / 2 !== double) return single;
  const exact = parseDecimal(text);
  const order = exact === null ? 0 : compareExactly(exact, double);
  if (order === 0) return single;
  return order > 0 ? Math.max(single, other) : Math.min(single, other);
}

/** The float next to `single`, on the side where `double` lies. */
function neighbour(single: number, double: number): number {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, single);
  const step = double > single === single >= 0 ? 1 : -1;
  bits.setInt32(0, bits.getInt32(0) + step);
  return bits.getFloat32(0);
}

/** Whether a decimal is above (1), below (-1) or at (0) a double. */
function compareExactly(decimal: Decimal, double: number): number {
  const fraction = doubleAsFraction(double);
  const scale = BigInt(Math.abs(decimal.scale));
  const left =
    decimal.scale > 0
      ? decimal.unscaled * fraction.denominator
      : decimal.unscaled * 10n ** scale * fraction.denominator;
  const right = decimal.scale > 0 ? fraction.numerator * 10n ** scale : fraction.numerator;
  if (left === right) return 0;
  return left > right ? 1 : -1;
}

function doubleAsFraction(double: number): { numerator: bigint; denominator: bigint } {
  let denominator = 1n;
  let scaled = double;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    denominator *= 2n;
  }
  return { numerator: BigInt(scaled), denominator };
}

/** `0x1.8p1`: rare enough to be worked out exactly, with big integers. */
function parseHex(text: string, isSingle: boolean): number | null {
  const parts = HEX_FLOAT.exec(text);
  if (parts === null) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  if (whole === '' && fraction === '') return null;
  const digits = BigInt(`0x${whole}${fraction}`);
  const magnitude = scaleByTwo(digits, Number(exponent) - 4 * fraction.length, isSingle);
  return sign === '-' ? -magnitude : magnitude;
}

/** `digits * 2^exponent`, rounded once, half to even, to 24 or 53 bits (fewer when subnormal). */
function scaleByTwo(digits: bigint, exponent: number, isSingle: boolean): number {
  if (digits === 0n) return 0;
  const precision = isSingle ? 24 : 53;
  const exponentMin = isSingle ? -149 : -1074;
  const bits = digits.toString(2).length;
  const drop = Math.max(bits - precision, exponentMin - exponent, 0);
  if (drop > bits + 1) return 0;
  const kept = digits >> BigInt(drop);
  const rest = digits - (kept << BigInt(drop));
  const half = drop === 0 ? 0n : 1n << BigInt(drop - 1);
  const isUp = drop > 0 && (rest > half || (rest === half && (kept & 1n) === 1n));
  const rounded = Number(isUp ? kept + 1n : kept) * 2 ** Math.max(exponent + drop, -1074);
  return isSingle ? Math.fround(rounded) : rounded;
}
