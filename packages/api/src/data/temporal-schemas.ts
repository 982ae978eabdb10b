import { DataError } from '../errors/data-error.ts';
import { DATE_LOGICAL_NAME, TIME_LOGICAL_NAME, TIMESTAMP_LOGICAL_NAME } from './logical-names.ts';
import type { Schema } from './schema.ts';
import { SchemaBuilder } from './schema-builder.ts';
import type { Int64, TypedSchema } from './typed-schema.ts';

export const MILLIS_PER_DAY = 86_400_000;
/** The farthest instant from 1970 that a JavaScript `Date` can hold, in milliseconds. */
const DATE_MILLIS_MAX = 8.64e15;

/** A day: INT32 days since 1970-01-01, as a `Date` at midnight UTC. */
export const DATE_SCHEMA: TypedSchema<Date> = dateBuilder().build();
/** A time of day: INT32 milliseconds since midnight, as a `Date` on 1970-01-01 UTC. */
export const TIME_SCHEMA: TypedSchema<Date> = timeBuilder().build();
/** An instant: INT64 milliseconds since the epoch, as a `Date`. */
export const TIMESTAMP_SCHEMA: TypedSchema<Date> = timestampBuilder().build();

/** A builder of Date schemas. */
export function dateBuilder(): SchemaBuilder<Date> {
  return SchemaBuilder.int32().name(DATE_LOGICAL_NAME).version(1).ofLogical<Date>();
}

/** A builder of Time schemas. */
export function timeBuilder(): SchemaBuilder<Date> {
  return SchemaBuilder.int32().name(TIME_LOGICAL_NAME).version(1).ofLogical<Date>();
}

/** A builder of Timestamp schemas. */
export function timestampBuilder(): SchemaBuilder<Date> {
  return SchemaBuilder.int64().name(TIMESTAMP_LOGICAL_NAME).version(1).ofLogical<Date>();
}

/** Days since the epoch. @throws DataError when the value has a time of day */
export function dateToDays(schema: Schema, value: Date): number {
  requireName(schema, DATE_LOGICAL_NAME, 'Date');
  const days = millisOf(value) / MILLIS_PER_DAY;
  if (!Number.isInteger(days)) {
    throw new DataError(
      'Kafka Connect Date type should not have any time fields set to non-zero values.',
    );
  }
  return days + 0;
}

/** The day so many days after the epoch. */
export function daysToDate(schema: Schema, days: number): Date {
  requireName(schema, DATE_LOGICAL_NAME, 'Date');
  return dateOf(days * MILLIS_PER_DAY);
}

/** Milliseconds since midnight. @throws DataError when the value lies on another day than 1970-01-01 */
export function timeToMillis(schema: Schema, value: Date): number {
  requireName(schema, TIME_LOGICAL_NAME, 'Time');
  const millis = millisOf(value);
  if (millis < 0 || millis > MILLIS_PER_DAY) {
    throw new DataError(
      'Kafka Connect Time type should not have any date fields set to non-zero values.',
    );
  }
  return millis;
}

/** The time of day so many milliseconds after midnight, which may be that of the next day. */
export function millisToTime(schema: Schema, millis: number): Date {
  // Java says "Date" here too.
  requireName(schema, TIME_LOGICAL_NAME, 'Date');
  if (millis < 0 || millis > MILLIS_PER_DAY) {
    throw new DataError(
      'Time values must use number of milliseconds greater than 0 and less than 86400000',
    );
  }
  return new Date(millis);
}

/** Milliseconds since the epoch. */
export function timestampToMillis(schema: Schema, value: Date): number {
  requireName(schema, TIMESTAMP_LOGICAL_NAME, 'Timestamp');
  return millisOf(value);
}

/** The instant so many milliseconds after the epoch. @throws DataError beyond the year 275760 */
export function millisToTimestamp(schema: Schema, millis: Int64): Date {
  requireName(schema, TIMESTAMP_LOGICAL_NAME, 'Timestamp');
  return dateOf(Number(millis));
}

function requireName(schema: Schema, name: string, what: string): void {
  if (schema.name !== name) {
    throw new DataError(`Requested conversion of ${what} object but the schema does not match.`);
  }
}

function millisOf(value: Date): number {
  const millis = value.getTime();
  if (Number.isNaN(millis)) throw new DataError('Invalid Date: it holds no instant');
  return millis;
}

function dateOf(millis: number): Date {
  if (Math.abs(millis) > DATE_MILLIS_MAX) {
    throw new DataError(
      `${millis} ms since 1970 is beyond what a Date can hold (years -271821 to 275760)`,
    );
  }
  return new Date(millis);
}
