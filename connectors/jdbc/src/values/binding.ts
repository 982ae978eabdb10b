import type { Cell } from '../database/cell.ts';
import type { TableColumn } from '../database/table.ts';
import { timestampNanosText, type Calendar } from './temporal-text.ts';
import { TimeZone } from './time-zone.ts';

/** How a database wants values. */
export interface BindForm {
  readonly booleans: 'text' | 'number';
  /** `epoch`: milliseconds (times) and days (dates), where the database has no types for them. */
  readonly temporals: 'text' | 'epoch';
  /** `bigint` where a `number` would be stored as a float. */
  readonly integers: 'number' | 'bigint';
  /** `json` where there are no array columns. */
  readonly arrays: 'postgres' | 'json';
}

/** How a connector's config wants values. */
export interface BindOptions {
  readonly form: BindForm;
  /** `db.timezone` */
  readonly zone: TimeZone;
  /** `date.timezone`: the zone in which a Date is a day. */
  readonly dateZone: TimeZone;
  readonly calendar: Calendar;
  /** Whether Debezium's semantic types (`io.debezium.time.*`) are understood. */
  readonly isDebezium: boolean;
  /** Fields with numbers that are times: the length of their unit in nanoseconds. */
  readonly timestampFields: ReadonlyMap<string, bigint>;
}

/** Turns a value into what a parameter takes. @throws DataError for a value that has no such form */
export type Binder = (value: unknown) => Cell;

/** An instant as a column's cell, with all the digits that are there. */
export function instantCell(nanos: bigint, column: TableColumn, options: BindOptions): Cell {
  if (options.form.temporals === 'epoch') return nanos / 1_000_000n;
  const digits = nanos % 1000n === 0n ? 6 : 9;
  const zone = zoneFor(column, options);
  return timestampNanosText(nanos, zone, digits, options.calendar) + zoneMark(column);
}

/** A column with a time zone of its own is written in UTC: the instant is what counts there. */
export function zoneFor(column: TableColumn, options: BindOptions): TimeZone {
  return column.jdbcType === 'TIMESTAMP_WITH_TIMEZONE' ? UTC : options.zone;
}

/** What follows a time in a column with a zone. */
export function zoneMark(column: TableColumn): string {
  // MySQL's TIMESTAMP takes no mark; its session is in UTC. PostgreSQL's would heed it.
  return column.typeName === 'timestamptz' ? '+00' : '';
}

const UTC: TimeZone = new TimeZone('UTC');
