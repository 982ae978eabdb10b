import { ConnectError, int64, type Int64, type SourceMap } from '@sluice/api';
import type { TableId } from '../database/table.ts';

/** How far a table has been read. Fields that a mode does not use are `null`. */
export interface CursorOffset {
  readonly incrementing: Int64 | null;
  /** Nanoseconds since 1970. */
  readonly timestamp: bigint | null;
}

export const NO_OFFSET: CursorOffset = { incrementing: null, timestamp: null };

const INCREMENTING = 'incrementing';
const TIMESTAMP = 'timestamp';
const TIMESTAMP_NANOS = 'timestamp_nanos';
const NANOS_PER_MS = 1_000_000n;
const NANOS_PER_SECOND = 1_000_000_000n;

/** The source partition of a table, as Confluent's connector writes it since its version 5. */
export function tablePartition(qualifiedName: string): SourceMap {
  return { protocol: '1', table: qualifiedName };
}

/** The partition under which the oldest versions stored a table's offset: read, never written. */
export function formerTablePartition({ name }: TableId): SourceMap {
  return { table: name };
}

/** The source partition of a query. */
export const QUERY_PARTITION: SourceMap = { query: 'query' };

/**
 * The offset map as Java's connector writes it: only the fields that the mode uses; the time as
 * `java.sql.Timestamp` has it, in milliseconds and, beside them, the whole fraction of the second.
 */
export function toSourceOffset({ incrementing, timestamp }: CursorOffset): SourceMap {
  const offset: Record<string, unknown> = {};
  if (timestamp !== null) {
    offset[TIMESTAMP] = Number(floorDiv(timestamp, NANOS_PER_MS));
    offset[TIMESTAMP_NANOS] = Number(fractionOf(timestamp));
  }
  if (incrementing !== null) offset[INCREMENTING] = incrementing;
  return offset;
}

/**
 * Reads a stored offset, whoever wrote it.
 *
 * @throws ConnectError when a field holds something else than a whole number
 */
export function fromSourceOffset(offset: SourceMap): CursorOffset {
  const incrementing = wholeNumber(offset, INCREMENTING);
  const epochMs = wholeNumber(offset, TIMESTAMP);
  if (epochMs === null) return { incrementing, timestamp: null };
  const ofMs = BigInt(epochMs) * NANOS_PER_MS;
  const nanos = wholeNumber(offset, TIMESTAMP_NANOS);
  // The nanoseconds hold the milliseconds of the second as well: these are not counted twice.
  const timestamp = nanos === null ? ofMs : ofMs - fractionOf(ofMs) + BigInt(nanos);
  return { incrementing, timestamp };
}

/** Milliseconds since 1970 as nanoseconds. */
export function nanosOf(epochMs: number): bigint {
  return BigInt(epochMs) * NANOS_PER_MS;
}

/** Nanoseconds since 1970 as whole milliseconds, cut towards the past. */
export function millisOf(nanos: bigint): number {
  return Number(floorDiv(nanos, NANOS_PER_MS));
}

/** The fraction of the second, in nanoseconds. */
function fractionOf(nanos: bigint): bigint {
  return ((nanos % NANOS_PER_SECOND) + NANOS_PER_SECOND) % NANOS_PER_SECOND;
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

function wholeNumber(offset: SourceMap, field: string): Int64 | null {
  const value: unknown = offset[field] ?? null;
  if (value === null) return null;
  if (typeof value === 'bigint') return int64(value);
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw new ConnectError(
    `The stored offset has ${field}=${JSON.stringify(value)}, which is no whole number: correct it with ` +
      'PATCH /connectors/{name}/offsets, or reset it.',
  );
}
