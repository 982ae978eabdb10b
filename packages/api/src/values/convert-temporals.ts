import {
  DATE_LOGICAL_NAME,
  TIME_LOGICAL_NAME,
  TIMESTAMP_LOGICAL_NAME,
} from '../data/logical-names.ts';
import type { Schema, SchemaAndValue } from '../data/schema.ts';
import {
  DATE_SCHEMA,
  dateToDays,
  daysToDate,
  MILLIS_PER_DAY,
  millisToTime,
  millisToTimestamp,
  TIME_SCHEMA,
  TIMESTAMP_SCHEMA,
  timeToMillis,
} from '../data/temporal-schemas.ts';
import { DataError } from '../errors/data-error.ts';
import { asLong, isNull } from './convert-numbers.ts';
import { parseString } from './parse-string.ts';

/**
 * A value as Date: from text, from the days since 1970, from a Timestamp (its time is cut off
 * towards 1970). @throws DataError for null
 */
export function convertToDate(schema: Schema | null, value: unknown): Date {
  const { schema: own, value: date } = temporalOf(schema, value);
  if (date instanceof Date) {
    if (schema === null || schema.name === DATE_LOGICAL_NAME) return date;
    if (schema.name === TIMESTAMP_LOGICAL_NAME) {
      return daysToDate(DATE_SCHEMA, Math.trunc(date.getTime() / MILLIS_PER_DAY));
    }
  }
  return daysToDate(DATE_SCHEMA, Number(BigInt.asIntN(32, asLong(schema, date, own))));
}

/** A value as Time: from text, from milliseconds, from a Timestamp's time of day (UTC). */
export function convertToTime(schema: Schema | null, value: unknown): Date {
  const { schema: own, value: time } = temporalOf(schema, value);
  if (time instanceof Date) {
    if (schema === null || schema.name === TIME_LOGICAL_NAME) return time;
    if (schema.name === TIMESTAMP_LOGICAL_NAME) {
      const millis = time.getTime();
      return millisToTime(
        TIME_SCHEMA,
        millis - Math.floor(millis / MILLIS_PER_DAY) * MILLIS_PER_DAY,
      );
    }
  }
  return millisToTime(TIME_SCHEMA, Number(BigInt.asIntN(32, asLong(schema, time, own))));
}

/** A value as Timestamp: from text, from milliseconds, from a Date or a Time. */
export function convertToTimestamp(schema: Schema | null, value: unknown): Date {
  const { schema: own, value: instant } = temporalOf(schema, value);
  if (instant instanceof Date) {
    switch (schema?.name) {
      case undefined:
      case TIMESTAMP_LOGICAL_NAME:
        return instant;
      case DATE_LOGICAL_NAME:
        if (schema !== null) return new Date(dateToDays(schema, instant) * MILLIS_PER_DAY);
        break;
      case TIME_LOGICAL_NAME:
        if (schema !== null) return new Date(timeToMillis(schema, instant));
        break;
      default:
    }
  }
  const millis = asLong(schema, instant, own);
  return millisToTimestamp(TIMESTAMP_SCHEMA, millis);
}

/** Text is read first. @throws DataError for null */
function temporalOf(schema: Schema | null, value: unknown): SchemaAndValue {
  if (isNull(value)) {
    throw new DataError('Unable to convert a null value to a schema that requires a value');
  }
  return typeof value === 'string' ? parseString(value) : { schema, value };
}
