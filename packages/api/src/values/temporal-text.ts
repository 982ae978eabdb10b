import type { Schema } from '../data/schema.ts';
import {
  DATE_SCHEMA,
  MILLIS_PER_DAY,
  TIME_SCHEMA,
  TIMESTAMP_SCHEMA,
} from '../data/temporal-schemas.ts';
import { epochDayOf } from '../text/hybrid-calendar.ts';
import { asciiDigits } from '../text/java-string.ts';

/** A field of a date and the text that follows it. */
interface TemporalPart {
  readonly field: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond';
  readonly separator: string;
}

const DATE: readonly TemporalPart[] = [
  { field: 'year', separator: '-' },
  { field: 'month', separator: '-' },
  { field: 'day', separator: '' },
];
const TIME: readonly TemporalPart[] = [
  { field: 'hour', separator: ':' },
  { field: 'minute', separator: ':' },
  { field: 'second', separator: '.' },
  { field: 'millisecond', separator: 'Z' },
];
const TIMESTAMP: readonly TemporalPart[] = [
  ...DATE.slice(0, 2),
  { field: 'day', separator: 'T' },
  ...TIME,
];

const DATE_LENGTH = 10;
const TIME_LENGTH = 13;
const TIMESTAMP_LENGTH = 24;

/**
 * A date, time or timestamp of exactly the length that its format has; `null` for anything else.
 * As lenient as Java (month 13 is January of the next year), and as Java in the process's time
 * zone, although the text says `Z`.
 */
export function parseTemporal(text: string): { schema: Schema; value: Date } | null {
  const plain = text.replaceAll('\\:', ':');
  switch (plain.length) {
    case DATE_LENGTH:
      return temporal(DATE_SCHEMA, plain, DATE);
    case TIME_LENGTH:
      return temporal(TIME_SCHEMA, plain, TIME);
    case TIMESTAMP_LENGTH:
      return temporal(TIMESTAMP_SCHEMA, plain, TIMESTAMP);
    default:
      return null;
  }
}

/**
 * A date as text; the form is chosen by the value: what lies before 1970-01-02 prints as a time of
 * day, midnights as dates. In the process's time zone, as in Java. Mirrors `Values.dateFormatFor`.
 */
export function temporalText(value: Date): string {
  const millis = value.getTime();
  if (millis < MILLIS_PER_DAY) return timeOfDay(value);
  if (millis % MILLIS_PER_DAY === 0) return dayOf(value);
  return `${dayOf(value)}T${timeOfDay(value)}`;
}

function dayOf(value: Date): string {
  const year = String(value.getFullYear()).padStart(4, '0');
  return `${year}-${pad(value.getMonth() + 1, 2)}-${pad(value.getDate(), 2)}`;
}

function timeOfDay(value: Date): string {
  const clock = [value.getHours(), value.getMinutes(), value.getSeconds()];
  return `${clock.map((part) => pad(part, 2)).join(':')}.${pad(value.getMilliseconds(), 3)}Z`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function temporal(
  schema: Schema,
  text: string,
  parts: readonly TemporalPart[],
): { schema: Schema; value: Date } | null {
  const fields = parseParts(asciiDigits(text), parts);
  return fields === null ? null : { schema, value: dateOf(fields) };
}

type Fields = Partial<Record<TemporalPart['field'], number>>;

function parseParts(text: string, parts: readonly TemporalPart[]): Fields | null {
  const fields: Fields = {};
  let position = 0;
  for (const { field, separator } of parts) {
    const number = /^[ \t]*(-?[0-9]+)/.exec(text.slice(position));
    if (number?.[1] === undefined) return null;
    position += number[0].length;
    fields[field] = Number(number[1]);
    if (!text.startsWith(separator, position)) return null;
    position += separator.length;
  }
  return fields;
}

/** Fields roll over into each other. */
function dateOf(fields: Fields): Date {
  const { year = 1970, month = 1, day = 1 } = fields;
  const civil = new Date(epochDayOf({ year, month, day }) * MILLIS_PER_DAY);
  const value = new Date(0);
  value.setFullYear(civil.getUTCFullYear(), civil.getUTCMonth(), civil.getUTCDate());
  const { hour = 0, minute = 0, second = 0, millisecond = 0 } = fields;
  value.setHours(hour, minute, second, millisecond);
  return value;
}
