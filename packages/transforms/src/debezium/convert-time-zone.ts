import { DataError, TIMESTAMP_LOGICAL_NAME, int64, type Int64 } from '@sluice/api';
import type { TimeZone } from './time-zone.ts';
import { parseZoned, zonedText } from './zoned-text.ts';

const ZONED_TIMESTAMP = 'io.debezium.time.ZonedTimestamp';
const ZONED_TIME = 'io.debezium.time.ZonedTime';

/** Units of Debezium's timestamps in a millisecond. */
const UNITS_PER_MILLI: ReadonlyMap<string, bigint> = new Map([
  ['io.debezium.time.Timestamp', 1n],
  ['io.debezium.time.MicroTimestamp', 1000n],
  ['io.debezium.time.NanoTimestamp', 1_000_000n],
  ['ts_ms', 1n],
  ['ts_us', 1000n],
  ['ts_ns', 1_000_000n],
]);

/** Whether values of a schema of this name are converted. */
export function isConvertible(name: string): boolean {
  return (
    name === ZONED_TIMESTAMP ||
    name === ZONED_TIME ||
    name === TIMESTAMP_LOGICAL_NAME ||
    (name.startsWith('io.debezium.') && UNITS_PER_MILLI.has(name))
  );
}

/**
 * A value in another time zone. Texts keep their instant and get the zone's offset; numbers, which
 * know no zone, are taken for local times of the zone.
 *
 * @param schemaName one that {@link isConvertible} accepts
 */
export function convertZoned(value: unknown, schemaName: string, zone: TimeZone): unknown {
  if (typeof value === 'string') return convertText(value, schemaName, zone);
  if (value instanceof Date) {
    const millis = value.getTime();
    return new Date(millis - zone.offsetOfLocal(millis));
  }
  const units = requireUnits(value, schemaName);
  const perMilli = UNITS_PER_MILLI.get(schemaName) ?? 1n;
  const offset = zone.offsetOfLocal(Number(units / perMilli));
  return int64(units - BigInt(offset) * perMilli);
}

/** One of the source's `ts_*`: moved by the zone's offset at that instant. */
export function convertEpoch(value: unknown, name: string, zone: TimeZone): Int64 {
  const units = requireUnits(value, name);
  const perMilli = UNITS_PER_MILLI.get(name) ?? 1n;
  return int64(units + BigInt(zone.offsetAt(Number(units / perMilli))) * perMilli);
}

function convertText(text: string, schemaName: string, zone: TimeZone): string {
  const time = parseZoned(text);
  if (schemaName === ZONED_TIMESTAMP) {
    return zonedText(time, zone.offsetOfLocal(time.localMillis), true);
  }
  // A time of day has no date of its own: today's offset is taken.
  return zonedText(time, zone.offsetAt(Date.now()), false);
}

function requireUnits(value: unknown, what: string): bigint {
  if (typeof value === 'bigint' || typeof value === 'number') return BigInt(value);
  throw new DataError(`Can't convert ${what} to another time zone: it is no INT64`);
}
