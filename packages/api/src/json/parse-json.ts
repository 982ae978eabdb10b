import { float64 } from '../data/boxed-float.ts';
import { int64 } from '../data/int64.ts';
import type { Float64 } from '../data/boxed-float.ts';
import { CarefulJsonParser } from './careful-json-parser.ts';

/**
 * Numbers that `JSON.parse` would change: integers of 16 digits and more, whole numbers written
 * with a fraction or an exponent (a FLOAT64 that would pass for an INT64), negative zero. Anchored
 * by what stands around a number, so that text in strings seldom starts the careful parser.
 */
const NEEDS_CARE =
  /(?:^|[[:,\s])-?(?:[0-9]{16}|[0-9]+(?:\.0+(?=[,\]}\s]|$)|(?:\.[0-9]+)?[eE][+-]?[0-9]+(?=[,\]}\s]|$)))/;
const NEGATIVE_ZERO = /(?:^|[[:,\s])-0+(?=[,\]}\s]|$)/;
/** What is common to them and quickly seen. */
const EXPONENT = /[0-9][eE][-+0-9]/;
const LONG_INTEGER = /[[:,\s]-?[0-9]{16}/;
const ZERO_FRACTION = /\.0+(?:[,\]}\s]|$)/;
const STARTS_AS_NUMBER = /^[-0-9]/;

function needsCare(text: string): boolean {
  const isSuspect =
    EXPONENT.test(text) ||
    LONG_INTEGER.test(text) ||
    (text.includes('.0') && ZERO_FRACTION.test(text)) ||
    STARTS_AS_NUMBER.test(text);
  if (isSuspect && NEEDS_CARE.test(text)) return true;
  return text.includes('-0') && NEGATIVE_ZERO.test(text);
}

/**
 * Parses JSON without loss: whole numbers are number or bigint, `1.0` stays a FLOAT64 (a `Float64`
 * box), objects are plain objects whose members are all own properties. Java's leniency is kept:
 * leading zeros, a byte order mark.
 *
 * @throws DataError with the offset of what is wrong
 */
export function parseJson(text: string): unknown {
  if (!needsCare(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // The careful parser accepts what Java does, or says what is wrong and where.
    }
  }
  return new CarefulJsonParser(text, readJsonNumber).parse();
}

/** The value of a number's text in schemaless data: INT64 when written as an integer. */
export function readJsonNumber(text: string): number | bigint | Float64 {
  if (/[.eE]/.test(text)) return float64(Number(text) + 0);
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number + 0;
  const exact = BigInt(text);
  // Beyond 64 bits there is no Connect type; the digits are kept all the same.
  return BigInt.asIntN(64, exact) === exact ? int64(exact) : exact;
}
