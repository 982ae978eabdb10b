import {
  ConnectError,
  DATE_LOGICAL_NAME,
  DATE_SCHEMA,
  DataError,
  INT64_SCHEMA,
  MILLIS_PER_DAY,
  OPTIONAL_INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
  TIMESTAMP_LOGICAL_NAME,
  TIMESTAMP_SCHEMA,
  TIME_LOGICAL_NAME,
  TIME_SCHEMA,
  dateBuilder,
  isInt64Number,
  timeBuilder,
  timestampBuilder,
  type Int64,
  type Schema,
} from '@sluice/api';
import { javaClassText } from '../record/java-class-name.ts';
import type { SimpleDateFormat } from '../text/simple-date-format.ts';
import { millisToUnix, unixToMillis, type UnixPrecision } from './unix-time.ts';

/** How a timestamp is represented. */
export type TimestampType = 'string' | 'unix' | 'Date' | 'Time' | 'Timestamp';

/** In the order in which the config's error names them. */
export const TIMESTAMP_TYPES: readonly TimestampType[] = [
  'string',
  'unix',
  'Date',
  'Time',
  'Timestamp',
];

const SCHEMAS = {
  string: { required: STRING_SCHEMA, optional: OPTIONAL_STRING_SCHEMA },
  unix: { required: INT64_SCHEMA, optional: OPTIONAL_INT64_SCHEMA },
  Date: { required: DATE_SCHEMA, optional: dateBuilder().optional().build() },
  Time: { required: TIME_SCHEMA, optional: timeBuilder().optional().build() },
  Timestamp: { required: TIMESTAMP_SCHEMA, optional: timestampBuilder().optional().build() },
} as const;

/** What a conversion needs to know beside the value. */
export interface TimestampFormat {
  readonly target: TimestampType;
  /** `null` when no format is configured: then text can be neither read nor written. */
  readonly text: SimpleDateFormat | null;
  readonly precision: UnixPrecision;
}

/** The schema of a representation. */
export function timestampSchema(type: TimestampType, isOptional: boolean): Schema {
  return isOptional ? SCHEMAS[type].optional : SCHEMAS[type].required;
}

/** The representation that a schema stands for. @throws ConnectError when it stands for none */
export function typeOfSchema(schema: Schema): TimestampType {
  switch (schema.name) {
    case TIMESTAMP_LOGICAL_NAME:
      return 'Timestamp';
    case DATE_LOGICAL_NAME:
      return 'Date';
    case TIME_LOGICAL_NAME:
      return 'Time';
    default:
      break;
  }
  if (schema.type === 'STRING') return 'string';
  if (schema.type === 'INT64') return 'unix';
  const name = schema.name === null ? schema.type : `${schema.name}:${schema.type}`;
  throw new ConnectError(
    `Schema Schema{${name}} does not correspond to a known timestamp type format`,
  );
}

/** The representation of a schemaless value. @throws DataError when it is no timestamp */
export function typeOfValue(value: unknown): TimestampType {
  if (isLong(value)) return 'unix';
  if (typeof value === 'string') return 'string';
  if (value instanceof Date) return 'Timestamp';
  throw new DataError(
    `TimestampConverter does not support ${javaClassText(value, null)} objects as timestamps`,
  );
}

function isLong(value: unknown): value is Int64 {
  return typeof value === 'bigint' || (typeof value === 'number' && isInt64Number(value));
}

/** A value, not null, from one representation to the target's. @throws DataError */
export function convertTimestamp(
  value: unknown,
  source: TimestampType,
  format: TimestampFormat,
): unknown {
  const instant = readTimestamp(value, source, format);
  switch (format.target) {
    case 'string':
      return textOf(instant, format);
    case 'unix':
      return millisToUnix(instant.getTime(), format.precision);
    case 'Date':
      return new Date(instant.getTime() - timeOfDay(instant));
    case 'Time':
      return new Date(timeOfDay(instant));
    default:
      return instant;
  }
}

function timeOfDay(instant: Date): number {
  const millis = instant.getTime();
  return millis - Math.floor(millis / MILLIS_PER_DAY) * MILLIS_PER_DAY;
}

function readTimestamp(value: unknown, source: TimestampType, format: TimestampFormat): Date {
  switch (source) {
    case 'string':
      if (typeof value === 'string') return readText(value, format);
      throw new DataError(
        `Expected string timestamp to be a String, but found ${javaClassText(value, null)}`,
      );
    case 'unix':
      if (isLong(value)) return unixToMillis(value, format.precision);
      throw new DataError(
        `Expected Unix timestamp to be a Long, but found ${javaClassText(value, null)}`,
      );
    default:
      if (value instanceof Date) return value;
      throw new DataError(
        `Expected ${source} to be a java.util.Date, but found ${javaClassText(value, null)}`,
      );
  }
}

function readText(text: string, format: TimestampFormat): Date {
  if (format.text === null) throw noFormat('read', text);
  const date = format.text.parse(text);
  if (date === null) {
    throw new DataError(
      `Could not parse timestamp: value (${text}) does not match pattern (${format.text.pattern})`,
    );
  }
  if (Number.isNaN(date.getTime())) {
    throw new DataError(`Timestamp (${text}) is beyond what a date can hold (year 275760)`);
  }
  return date;
}

function textOf(instant: Date, format: TimestampFormat): string {
  if (format.text === null) throw noFormat('write', instant.toISOString());
  return format.text.format(instant);
}

/** Java fails with a NullPointerException here. */
function noFormat(what: string, value: string): DataError {
  return new DataError(
    `TimestampConverter can't ${what} the string timestamp ${value}: no format is configured. ` +
      'Set the transformation\'s "format".',
  );
}
