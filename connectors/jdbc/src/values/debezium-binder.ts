import { DataError, Decimal, bytesToBigint, decimalPlainText, type Schema } from '@sluice/api';
import type { Cell } from '../database/cell.ts';
import type { TableColumn } from '../database/table.ts';
import { instantCell, type BindOptions, type Binder } from './binding.ts';
import { dateText, timeText } from './temporal-text.ts';

const DAY_MS = 86_400_000;
const NANOS_PER_MS = 1_000_000n;
const NANOS_PER_MICRO = 1000n;

/** The binder for one of Debezium's semantic types, or `null` for a schema that is none. */
export function debeziumBinder(
  schema: Schema,
  column: TableColumn,
  options: BindOptions,
): Binder | null {
  const isEpoch = options.form.temporals === 'epoch';
  const instant =
    (unitNanos: bigint): Binder =>
    (value) =>
      instantCell(BigInt(String(value)) * unitNanos, column, options);
  const time =
    (unitNanos: bigint, digits: number): Binder =>
    (value) =>
      isEpoch ? BigInt(String(value)) : timeText(BigInt(String(value)) * unitNanos, digits);
  switch (schema.name) {
    case 'io.debezium.time.Date':
      return (value) => dayCell(Number(value), isEpoch);
    case 'io.debezium.time.Timestamp':
      return instant(NANOS_PER_MS);
    case 'io.debezium.time.MicroTimestamp':
      return instant(NANOS_PER_MICRO);
    case 'io.debezium.time.NanoTimestamp':
      return instant(1n);
    case 'io.debezium.time.Time':
      return time(NANOS_PER_MS, 3);
    case 'io.debezium.time.MicroTime':
      return time(NANOS_PER_MICRO, 6);
    case 'io.debezium.time.NanoTime':
      return time(1n, 9);
    case 'io.debezium.time.ZonedTimestamp':
      return (value) => zonedCell(String(value), column, options);
    case 'io.debezium.data.VariableScaleDecimal':
      return variableScale;
    default:
      return null;
  }
}

function dayCell(days: number, isEpoch: boolean): Cell {
  return isEpoch ? BigInt(days * DAY_MS) : dateText(days * DAY_MS);
}

/** `2020-07-01T12:34:56.123456Z`: PostgreSQL takes it as it is, others want it in their own form. */
function zonedCell(text: string, column: TableColumn, options: BindOptions): Cell {
  const match = /^(.{19})(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (match === null) return text;
  const [, seconds = '', fraction = '', offset = ''] = match;
  const nanos = BigInt(Date.parse(seconds + offset)) * NANOS_PER_MS;
  return instantCell(nanos + BigInt(fraction.padEnd(9, '0')), column, options);
}

function variableScale(value: unknown): Cell {
  const part = (name: string): unknown => Reflect.get(Object(value), name);
  const scale = part('scale');
  const unscaled = part('value');
  if (typeof scale !== 'number' || !(unscaled instanceof Uint8Array)) {
    throw new DataError('A VariableScaleDecimal needs a scale and a value.');
  }
  return decimalPlainText(new Decimal(bytesToBigint(unscaled) ?? 0n, scale));
}
