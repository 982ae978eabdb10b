import { parseDatePattern, type PatternPart } from './date-pattern.ts';
import { DateWriter } from './format-date.ts';
import { parseDate, type Century } from './parse-date.ts';

/** Two-digit years lie at most this many years back. */
const CENTURY_BACK_YEARS = 80;

/**
 * Dates as text by one of Java's patterns, in UTC and the locale `en`. Mirrors a lenient
 * `java.text.SimpleDateFormat`; a time zone found in a text is used for that text only.
 */
export class SimpleDateFormat {
  readonly pattern: string;
  readonly #parts: readonly PatternPart[];
  readonly #writer: DateWriter;
  readonly #century: Century;

  /**
   * @param now decides the century of two-digit years
   * @throws RangeError for a pattern that Java refuses
   */
  constructor(pattern: string, now: Date = new Date()) {
    this.pattern = pattern;
    this.#parts = parseDatePattern(pattern);
    this.#writer = new DateWriter(this.#parts);
    const start = new Date(now);
    start.setUTCFullYear(start.getUTCFullYear() - CENTURY_BACK_YEARS);
    this.#century = { startYear: start.getUTCFullYear(), startMillis: start.getTime() };
  }

  format(date: Date): string {
    return this.#writer.write(date.getTime());
  }

  /** The date that the text begins with, or `null` when it does not fit the pattern. */
  parse(text: string): Date | null {
    const millis = parseDate(this.#parts, text, this.#century);
    return millis === null ? null : new Date(millis);
  }
}
