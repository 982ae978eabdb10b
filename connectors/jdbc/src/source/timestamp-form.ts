import { int64, SchemaBuilder, timestampBuilder } from '@sluice/api';
import { timestampNanosText } from '../values/temporal-text.ts';
import type { TimeZone } from '../values/time-zone.ts';
import { millisOf } from './cursor-offset.ts';

/** `timestamp.granularity`. */
export type TimestampGranularity =
  | 'connect_logical'
  | 'micros_long'
  | 'micros_string'
  | 'micros_iso_datetime_string'
  | 'nanos_long'
  | 'nanos_string'
  | 'nanos_iso_datetime_string';

/** What timestamp columns become. */
export interface TimestampForm {
  readonly schema: () => SchemaBuilder;
  /** From nanoseconds since 1970. */
  readonly valueOf: (nanos: bigint) => unknown;
}

const NANOS_PER_MICRO = 1000n;

/** The form for a granularity; ISO texts show the wall clock of `db.timezone`. */
export function timestampForm(granularity: TimestampGranularity, zone: TimeZone): TimestampForm {
  if (granularity === 'connect_logical') {
    return { schema: timestampBuilder, valueOf: (nanos) => new Date(millisOf(nanos)) };
  }
  const isMicros = granularity.startsWith('micros');
  const scaled = (nanos: bigint): bigint => (isMicros ? microsOf(nanos) : nanos);
  const schema = (): SchemaBuilder => SchemaBuilder.string();
  switch (granularity) {
    case 'micros_long':
    case 'nanos_long':
      return { schema: () => SchemaBuilder.int64(), valueOf: (nanos) => int64(scaled(nanos)) };
    case 'micros_string':
    case 'nanos_string':
      return { schema, valueOf: (nanos) => String(scaled(nanos)) };
    default:
      return { schema, valueOf: (nanos) => isoText(nanos, zone, isMicros ? 6 : 9) };
  }
}

/** Cut towards the past, so that times before 1970 keep their order (Java's are wrong there). */
function microsOf(nanos: bigint): bigint {
  const micros = nanos / NANOS_PER_MICRO;
  return nanos % NANOS_PER_MICRO < 0n ? micros - 1n : micros;
}

function isoText(nanos: bigint, zone: TimeZone, digits: number): string {
  return timestampNanosText(nanos, zone, digits).replace(' ', 'T');
}
