import { DateFieldValues, type DateField } from './date-field-values.ts';
import { AM_PM, ERAS, MONTHS, WEEKDAYS, shortName } from './date-symbols.ts';
import type { PatternField, PatternPart } from './date-pattern.ts';
import { parseZone } from './parse-zone.ts';

/** Where two-digit years are put: in the hundred years that begin here. */
export interface Century {
  readonly startYear: number;
  /** Milliseconds since the epoch. */
  readonly startMillis: number;
}

/** Letters whose value is just a number. */
const NUMBERS: Readonly<Record<string, DateField>> = {
  d: 'dayOfMonth',
  H: 'hourOfDay',
  m: 'minute',
  s: 'second',
  S: 'millisecond',
  D: 'dayOfYear',
  F: 'dayOfWeekInMonth',
  w: 'weekOfYear',
  W: 'weekOfMonth',
  K: 'hour',
};

/**
 * The instant that a text begins with, `null` when it does not fit the pattern; what follows it is
 * not looked at. Lenient: day 32 is the first of the next month. Mirrors `SimpleDateFormat.parse`
 * with the time zone UTC.
 */
export function parseDate(
  parts: readonly PatternPart[],
  text: string,
  century: Century,
): number | null {
  const parser = new DateParser(text, century);
  return parser.parse(parts);
}

class DateParser {
  readonly #text: string;
  readonly #century: Century;
  readonly #values = new DateFieldValues();
  #at = 0;
  /** Where the field began, white space before it included: lengths count from there. */
  #fieldStart = 0;
  #isYearAmbiguous = false;

  constructor(text: string, century: Century) {
    this.#text = text;
    this.#century = century;
  }

  parse(parts: readonly PatternPart[]): number | null {
    for (const part of parts) {
      const isRead = typeof part === 'string' ? this.#literal(part) : this.#field(part);
      if (!isRead) return null;
    }
    // Java takes a parse that went over no character for one that failed.
    if (this.#at === 0) return null;
    const millis = this.#values.toMillis();
    if (!this.#isYearAmbiguous || millis >= this.#century.startMillis) return millis;
    this.#values.addYears(100);
    return this.#values.toMillis();
  }

  #literal(literal: string): boolean {
    if (!this.#text.startsWith(literal, this.#at)) return false;
    this.#at += literal.length;
    return true;
  }

  #field(field: PatternField): boolean {
    this.#fieldStart = this.#at;
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++;
    if (this.#at >= this.#text.length) return false;
    const { letter, count } = field;
    switch (letter) {
      case 'y':
        return this.#year('year', field);
      case 'Y':
        return this.#year('weekYear', field);
      case 'M':
      case 'L':
        if (count > 2) return this.#name('month', MONTHS, 0);
        return this.#number('month', field, (month) => month - 1);
      case 'E':
        return this.#name('dayOfWeek', WEEKDAYS, 1);
      case 'G':
        return this.#name('era', ERAS, 0);
      case 'a':
        return this.#name('amPm', AM_PM, 0);
      case 'k':
        return this.#number('hourOfDay', field, (hour) => (hour === 24 ? 0 : hour));
      case 'h':
        return this.#number('hour', field, (hour) => (hour === 12 ? 0 : hour));
      case 'u':
        return this.#number('dayOfWeek', field, calendarDayOfWeek);
      case 'z':
      case 'Z':
      case 'X':
        return this.#zone(letter, count);
      default:
        return this.#number(NUMBERS[letter] ?? 'millisecond', field, (value) => value);
    }
  }

  #number(field: DateField, pattern: PatternField, change: (value: number) => number): boolean {
    const value = this.#readNumber(pattern);
    if (value === null) return false;
    this.#values.set(field, change(value));
    return true;
  }

  /** Digits, a minus before them. Where another field follows, as many characters as letters. */
  #readNumber({ count, isAbutting }: PatternField): number | null {
    const end = this.#fieldStart + count;
    if (isAbutting && end > this.#text.length) return null;
    const text = isAbutting ? this.#text.slice(0, end) : this.#text;
    const number = /-?\p{Nd}+/uy;
    number.lastIndex = this.#at;
    const digits = number.exec(text)?.[0];
    if (digits === undefined) return null;
    this.#at += digits.length;
    return toInt(digits);
  }

  #year(field: 'year' | 'weekYear', pattern: PatternField): boolean {
    const start = this.#at;
    const value = this.#readNumber(pattern);
    if (value === null) return false;
    const isTwoDigits = /^\p{Nd}{2}$/u.test(this.#text.slice(start, this.#at));
    this.#values.set(field, pattern.count <= 2 && isTwoDigits ? this.#fullYear(value) : value);
    return true;
  }

  #fullYear(value: number): number {
    const { startYear } = this.#century;
    const first = startYear % 100;
    if (value === first) this.#isYearAmbiguous = true;
    return value + Math.floor(startYear / 100) * 100 + (value < first ? 100 : 0);
  }

  /** The longest name, long or short, that stands here in any case. */
  #name(field: DateField, names: readonly string[], first: number): boolean {
    let best = '';
    let value = 0;
    for (const [index, long] of names.entries()) {
      for (const name of [long, shortName(long)]) {
        if (name.length > best.length && this.#startsWith(name)) {
          best = name;
          value = index + first;
        }
      }
    }
    if (best === '') return false;
    this.#values.set(field, value);
    this.#at += best.length;
    return true;
  }

  #startsWith(name: string): boolean {
    return this.#text.slice(this.#at, this.#at + name.length).toLowerCase() === name.toLowerCase();
  }

  #zone(letter: string, count: number): boolean {
    const zone = parseZone(this.#text, this.#at, letter, count);
    if (zone === null) return false;
    this.#values.set('zoneOffset', zone.offsetMs);
    this.#at = zone.end;
    return true;
  }
}

/** From 1 = Monday to Java's 1 = Sunday; what is neither is carried over to weeks later. */
function calendarDayOfWeek(day: number): number {
  if (day < 1 || day > 7) return day;
  return day === 7 ? 1 : day + 1;
}

/** As `Long.intValue` for what fits a long, else as `Double.intValue`. */
function toInt(digits: string): number {
  const isNegative = digits.startsWith('-');
  let value = 0n;
  for (const digit of isNegative ? digits.slice(1) : digits) value = value * 10n + digitOf(digit);
  if (isNegative) value = -value;
  if (BigInt.asIntN(64, value) === value) return Number(BigInt.asIntN(32, value));
  return isNegative ? -(2 ** 31) : 2 ** 31 - 1;
}

/** The value of a decimal digit of any script: their digits stand in rows of ten. */
function digitOf(digit: string): bigint {
  let zero = digit.codePointAt(0) ?? 0x30;
  const code = zero;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return BigInt(code - zero);
}
