import { float64 } from '../data/boxed-float.ts';
import { int64 } from '../data/int64.ts';
import type { Float64 } from '../data/boxed-float.ts';
import { CarefulJsonParser } from './careful-json-parser.ts';

const EXPONENT = /[0-9][eE][-+0-9]/;
/** Whether it is worth a closer look; one search of the text where the closer look takes three. */
const SUSPECT = /[0-9](?:[eE][-+0-9]|\.[09])/;
/** Anchored by what stands around a number, so that text in strings is seldom taken for one. */
const FLOAT = /(?:^|[[:,\s])(-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?=[,\]}\s]|$)/g;
/** A double holds 15 digits in any case: a fraction farther behind may be lost. */
const DIGITS_SAFE = 15;
/** As deep as Java's parser goes; deeper text is left to the careful parser, which says so. */
const DEPTH_MAX = 1000;

/**
 * Whether there is a number with a fraction or an exponent that is whole all the same, and would
 * pass for an INT64: `1.0`, `1e3`, or one of many digits that rounds to a whole number.
 */
function hasWholeFloat(text: string): boolean {
  if (!SUSPECT.test(text)) return false;
  const isSuspect =
    EXPONENT.test(text) || hasWholeFraction(text, '.0') || hasWholeFraction(text, '.9');
  if (!isSuspect) return false;
  for (const [, number = ''] of text.matchAll(FLOAT)) {
    if (/[.eE]/.test(number) && Number.isInteger(Number(number))) return true;
  }
  return false;
}

/** Whether a fraction of that beginning may be nothing but zeros, or rounded away or up. */
function hasWholeFraction(text: string, beginning: '.0' | '.9'): boolean {
  const digit = beginning.charCodeAt(1);
  let point = text.indexOf(beginning);
  for (; point >= 0; point = text.indexOf(beginning, point + 2)) {
    let end = point + 2;
    while (text.charCodeAt(end) === digit) end++;
    let start = point - 1;
    while (start > point - DIGITS_SAFE && isDigit(text.charCodeAt(start))) start--;
    if (end - start - 2 >= DIGITS_SAFE) return true;
    if (beginning === '.0' && !isDigit(text.charCodeAt(end))) return true;
  }
  return false;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** From here on any fraction may be lost in the rounding. */
const ROUNDED_FROM = 2 ** 50;

/** Whether `JSON.parse` may have changed a number: a large integer, or a zero with a sign. */
function hasChangedNumber(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return isChangedNumber(value);
  if (typeof value !== 'object' || value === null) return false;
  if (depth >= DEPTH_MAX) return true;
  if (Array.isArray(value)) return value.some((item) => hasChangedNumber(item, depth + 1));
  return isJsonObject(value) && hasChangedMember(value, depth);
}

/** Numbers are looked at here, not in a call of their own: this runs for every message. */
function hasChangedMember(object: Readonly<Record<string, unknown>>, depth: number): boolean {
  for (const key in object) {
    const member = object[key];
    if (typeof member === 'number') {
      if (isChangedNumber(member)) return true;
    } else if (typeof member === 'object' && hasChangedNumber(member, depth + 1)) return true;
  }
  return false;
}

function isJsonObject(value: object): value is Readonly<Record<string, unknown>> {
  return !Array.isArray(value);
}

function isChangedNumber(value: number): boolean {
  return value >= ROUNDED_FROM || value <= -ROUNDED_FROM || Object.is(value, -0);
}

/**
 * Parses JSON without loss: whole numbers are number or bigint, `1.0` stays a FLOAT64 (a `Float64`
 * box), objects are plain objects whose members are all own properties. Java's leniency is kept:
 * leading zeros, a byte order mark.
 *
 * @throws DataError whose `context.offset` is the place of what is wrong, in characters
 */
export function parseJson(text: string): unknown {
  const native = parseNatively(text);
  const isExact = native !== undefined && !hasChangedNumber(native, 0) && !hasWholeFloat(text);
  return isExact ? native : new CarefulJsonParser(text, readJsonNumber).parse();
}

/** `undefined` for what only the careful parser can read, or say what is wrong with it. */
function parseNatively(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
