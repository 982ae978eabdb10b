import { Float32, Float64 } from '../data/boxed-float.ts';
import { Decimal } from '../data/decimal.ts';
import { INT64_MAX, INT64_MIN, wrapInt64 } from '../data/int64.ts';
import { javaClassOf } from '../data/java-class.ts';
import {
  DATE_LOGICAL_NAME,
  TIME_LOGICAL_NAME,
  TIMESTAMP_LOGICAL_NAME,
} from '../data/logical-names.ts';
import type { Schema } from '../data/schema.ts';
import { dateToDays, timestampToMillis, timeToMillis } from '../data/temporal-schemas.ts';
import type { Int64 } from '../data/typed-schema.ts';
import { DataError } from '../errors/data-error.ts';
import { parseDecimal } from '../text/decimal-text.ts';
import { javaText } from '../text/java-text.ts';
import { decimalToDouble } from './decimal-to-float.ts';

/** A value as 8-bit integer, keeping the low bits. Null stays null. */
export function convertToByte(schema: Schema | null, value: unknown): number | null {
  return isNull(value) ? null : Number(BigInt.asIntN(8, asLong(schema, value)));
}

/** A value as 16-bit integer, keeping the low bits. Null stays null. */
export function convertToShort(schema: Schema | null, value: unknown): number | null {
  return isNull(value) ? null : Number(BigInt.asIntN(16, asLong(schema, value)));
}

/** A value as 32-bit integer, keeping the low bits. Null stays null. */
export function convertToInteger(schema: Schema | null, value: unknown): number | null {
  return isNull(value) ? null : Number(BigInt.asIntN(32, asLong(schema, value)));
}

/** A value as 64-bit integer; fractions are cut off. Null stays null. */
export function convertToLong(schema: Schema | null, value: unknown): Int64 | null {
  return isNull(value) ? null : wrapInt64(asLong(schema, value));
}

/** A value as 32-bit float. Null stays null. */
export function convertToFloat(schema: Schema | null, value: unknown): number | null {
  return isNull(value) ? null : Math.fround(asDouble(schema, value));
}

/** A value as double. Null stays null. */
export function convertToDouble(schema: Schema | null, value: unknown): number | null {
  return isNull(value) ? null : asDouble(schema, value);
}

export function isNull(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** What Java knows as a `Number`. */
export function isNumeric(value: unknown): value is number | bigint | Float64 | Float32 | Decimal {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    value instanceof Float64 ||
    value instanceof Float32 ||
    value instanceof Decimal
  );
}

/**
 * A number, text of a number, or a date of a logical type, as integer of at most 64 bits.
 *
 * @param ownSchema describes the value, where that is not `schema`: the schema of text describes
 *   what has been read from it no more
 */
export function asLong(
  schema: Schema | null,
  value: unknown,
  ownSchema: Schema | null = schema,
): bigint {
  if (isNumeric(value)) return longOf(value);
  const decimal = typeof value === 'string' ? parseDecimal(value) : null;
  if (decimal !== null) return longOf(decimal);
  if (value instanceof Date && schema !== null) {
    if (schema.name === DATE_LOGICAL_NAME) return BigInt(dateToDays(schema, value));
    if (schema.name === TIME_LOGICAL_NAME) return BigInt(timeToMillis(schema, value));
    if (schema.name === TIMESTAMP_LOGICAL_NAME) return BigInt(timestampToMillis(schema, value));
  }
  throw unableToConvert(ownSchema, value, schema === null ? 'a number' : String(schema));
}

function asDouble(schema: Schema | null, value: unknown): number {
  if (value instanceof Decimal) return decimalToDouble(value);
  if (isNumeric(value)) return Number(value);
  const decimal = typeof value === 'string' ? parseDecimal(value) : null;
  return decimal === null ? Number(asLong(schema, value)) : decimalToDouble(decimal);
}

/** `Number.longValue`: doubles are cut off and held at the bounds, decimals keep their low bits. */
function longOf(value: number | bigint | Float64 | Float32 | Decimal): bigint {
  if (typeof value === 'bigint') return value;
  if (value instanceof Decimal) return BigInt.asIntN(64, lowDigits(value));
  const number = Math.trunc(Number(value));
  if (Number.isNaN(number)) return 0n;
  if (number >= Number(INT64_MAX)) return INT64_MAX;
  return number <= Number(INT64_MIN) ? INT64_MIN : BigInt(number);
}

/** Ten to this power is a multiple of 2^64: nothing of the number is left in 64 bits. */
const ALL_BITS_ZERO_FROM = 64;

/** The integer part of a decimal, exact in its low 64 bits. */
function lowDigits({ unscaled, scale }: Decimal): bigint {
  if (scale <= 0) return scale <= -ALL_BITS_ZERO_FROM ? 0n : unscaled * 10n ** BigInt(-scale);
  const digits = unscaled.toString().length;
  return scale > digits ? 0n : unscaled / 10n ** BigInt(scale);
}

/** Java's text for a conversion that there is none of. `schema` describes the value as it is. */
export function unableToConvert(schema: Schema | null, value: unknown, target: string): DataError {
  const text = javaText(value, schema);
  return new DataError(
    `Unable to convert ${text} (class ${javaClassOf(value, schema)}) to ${target}`,
  );
}
