import { javaClassOf } from '../data/java-class.ts';
import { int64 } from '../data/int64.ts';
import { ConfigError } from '../errors/config-error.ts';
import { doubleText } from '../text/float-text.ts';
import { javaText } from '../text/java-text.ts';
import { asciiDigits, javaTrim } from '../text/java-string.ts';
import type { ConfigType } from './config-key.ts';
import { Password } from './password.ts';

const INT32_MAX = 2 ** 31 - 1;
const INT16_MAX = 2 ** 15 - 1;
const INT64_LIMIT = 2n ** 63n;

/**
 * One value parsed to its config type; null stays null. LONG gives a number, or a bigint where a
 * number would lose digits. Mirrors `ConfigDef.parseType`.
 *
 * @throws ConfigError with Java's text
 */
export function parseType(name: string, value: unknown, type: ConfigType): unknown {
  if (value === null || value === undefined) return null;
  const text = typeof value === 'string' ? javaTrim(value) : null;
  switch (type) {
    case 'BOOLEAN':
      return parseBoolean(name, value, text);
    case 'PASSWORD':
      if (value instanceof Password) return value;
      if (text !== null) return new Password(text);
      throw wrongClass(name, value, 'a string');
    case 'STRING':
      if (text !== null) return text;
      throw wrongClass(name, value, 'a string');
    case 'INT':
      if (text !== null) return parseInteger(name, value, text, type, INT32_MAX);
      if (isWithin(value, INT32_MAX)) return value;
      throw wrongClass(name, value, 'a 32-bit integer');
    case 'SHORT':
      if (text !== null) return parseInteger(name, value, text, type, INT16_MAX);
      if (isWithin(value, INT16_MAX)) return value;
      throw wrongClass(name, value, 'a 16-bit integer (short)');
    case 'LONG':
      if (text !== null) return parseLong(name, value, text);
      if (typeof value === 'bigint') return int64(value);
      if (Number.isSafeInteger(value)) return value;
      throw wrongClass(name, value, 'a 64-bit integer (long)');
    case 'DOUBLE':
      if (text !== null) return parseDouble(name, value, text);
      if (typeof value === 'number') return value;
      throw wrongClass(name, value, 'a double');
    case 'LIST':
      if (Array.isArray(value)) return value;
      if (text !== null) return splitList(text);
      throw ConfigError.ofValue(name, value, 'Expected a comma separated list.');
    case 'CLASS':
    default:
      if (text !== null) return text;
      throw ConfigError.ofValue(name, value, 'Expected a Class instance or class name.');
  }
}

/** A parsed value as the text that would parse to it. Mirrors `ConfigDef.convertToString`. */
export function configValueToString(value: unknown, type: ConfigType): string | null {
  if (value === null || value === undefined) return null;
  if (type === 'LIST' && Array.isArray(value)) return value.join(',');
  if (value instanceof Password) return String(value);
  return type === 'DOUBLE' ? doubleText(Number(value)) : javaText(value);
}

/** Java's `\s*,\s*`, whose `\s` knows ASCII white space only. */
function splitList(text: string): readonly string[] {
  return text === '' ? [] : text.split(/[ \t\n\v\f\r]*,[ \t\n\v\f\r]*/);
}

function parseBoolean(name: string, value: unknown, text: string | null): boolean {
  if (typeof value === 'boolean') return value;
  switch (text?.toLowerCase()) {
    case 'true':
      return true;
    case 'false':
      return false;
    default:
      throw ConfigError.ofValue(name, value, 'Expected value to be either true or false');
  }
}

function isWithin(value: unknown, max: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value <= max && value >= -max - 1;
}

function parseInteger(
  name: string,
  value: unknown,
  text: string,
  type: ConfigType,
  max: number,
): number {
  const digits = asciiDigits(text);
  const number = /^[+-]?[0-9]+$/.test(digits) ? Number(digits) : Number.NaN;
  if (!isWithin(number, max)) throw notANumber(name, value, type);
  return number + 0;
}

function parseLong(name: string, value: unknown, text: string): number | bigint {
  const digits = asciiDigits(text);
  if (!/^[+-]?[0-9]+$/.test(digits)) throw notANumber(name, value, 'LONG');
  const number = BigInt(digits.startsWith('+') ? digits.slice(1) : digits);
  if (number >= INT64_LIMIT || number < -INT64_LIMIT) throw notANumber(name, value, 'LONG');
  return int64(number);
}

function parseDouble(name: string, value: unknown, text: string): number {
  const special = /^([+-]?)(NaN|Infinity)$/.exec(text);
  if (special !== null) {
    if (special[2] === 'NaN') return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const decimal = /^([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[fFdD]?$/.exec(text);
  const number = decimal?.[1] === undefined ? hexadecimal(text) : Number(decimal[1]);
  if (number === null) throw notANumber(name, value, 'DOUBLE');
  return number;
}

/** Java's `0x1.8p3`; `null` when the text is none. */
function hexadecimal(text: string): number | null {
  const parts = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)[fFdD]?$/.exec(text);
  const [, sign = '', whole = '', fraction = '', exponent = ''] = parts ?? [];
  if (whole + fraction === '') return null;
  const size =
    Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -size : size;
}

function notANumber(name: string, value: unknown, type: ConfigType): ConfigError {
  return ConfigError.ofValue(name, value, `Not a number of type ${type}`);
}

function wrongClass(name: string, value: unknown, wanted: string): ConfigError {
  const reason = `Expected value to be ${wanted}, but it was a ${javaClassOf(value)}`;
  return ConfigError.ofValue(name, value, reason);
}
