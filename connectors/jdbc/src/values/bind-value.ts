import {
  DATE_LOGICAL_NAME,
  DECIMAL_LOGICAL_NAME,
  DataError,
  Decimal,
  TIMESTAMP_LOGICAL_NAME,
  TIME_LOGICAL_NAME,
  decimalPlainText,
  floatText,
  type Schema,
} from '@sluice/api';
import type { TableColumn } from '../database/table.ts';
import {
  instantCell,
  zoneFor,
  zoneMark,
  type BindForm,
  type BindOptions,
  type Binder,
} from './binding.ts';
import { debeziumBinder } from './debezium-binder.ts';
import { jsonTextOf } from './json-text.ts';
import { arrayLiteral } from './postgres-array.ts';
import { dateText, timeText, timestampText } from './temporal-text.ts';

/**
 * The binder for a field that goes into a column.
 *
 * @param field - the field's name, for errors and `timestamp.fields.list`
 */
export function binderFor(
  field: string,
  schema: Schema,
  column: TableColumn,
  options: BindOptions,
): Binder {
  const binder = nonNullBinder(field, schema, column, options);
  return (value) => (value === null || value === undefined ? null : binder(value));
}

function nonNullBinder(
  field: string,
  schema: Schema,
  column: TableColumn,
  options: BindOptions,
): Binder {
  const unitNanos = options.timestampFields.get(field);
  if (unitNanos !== undefined) return epochBinder(field, unitNanos, column, options);
  const logical =
    logicalBinder(schema, column, options) ??
    (options.isDebezium ? debeziumBinder(schema, column, options) : null);
  return logical ?? plainBinder(field, schema, column, options);
}

function plainBinder(
  field: string,
  schema: Schema,
  column: TableColumn,
  options: BindOptions,
): Binder {
  switch (schema.type) {
    case 'INT8':
    case 'INT16':
    case 'INT32':
    case 'INT64':
      return integerBinder(options.form);
    case 'FLOAT32':
      return (value) => floatText(Math.fround(Number(value)));
    case 'FLOAT64':
      return (value) => Number(value);
    case 'BOOLEAN': {
      const isText = options.form.booleans === 'text' && !isNumeric(column);
      return isText ? (value) => (value === true ? 't' : 'f') : (value) => (value === true ? 1 : 0);
    }
    case 'STRING':
      return (value) => String(value);
    case 'BYTES':
      return (value) => bytesOf(field, value);
    case 'ARRAY':
      return arrayBinder(field, schema, column, options);
    default:
      return (value) => jsonTextOf(schema, value);
  }
}

function integerBinder(form: BindForm): Binder {
  if (form.integers === 'bigint') return (value) => BigInt(String(value));
  return (value) => (typeof value === 'bigint' ? value : Number(value));
}

function arrayBinder(
  field: string,
  schema: Schema,
  column: TableColumn,
  options: BindOptions,
): Binder {
  const element = schema.valueSchema;
  if (options.form.arrays === 'json' || column.jdbcType !== 'ARRAY' || element === null) {
    return (value) => jsonTextOf(schema, value);
  }
  const bind = binderFor(field, element, { ...column, jdbcType: 'OTHER' }, options);
  return (value) => arrayLiteral(Array.isArray(value) ? value.map(bind) : []);
}

function logicalBinder(schema: Schema, column: TableColumn, options: BindOptions): Binder | null {
  const isEpoch = options.form.temporals === 'epoch';
  const { calendar, dateZone } = options;
  switch (schema.name) {
    case DECIMAL_LOGICAL_NAME:
      return (value) => (value instanceof Decimal ? decimalPlainText(value) : String(value));
    case DATE_LOGICAL_NAME:
      if (isEpoch) return (value) => BigInt(millisOf(value));
      return (value) => dateText(dateZone.wallOf(millisOf(value)), calendar);
    case TIME_LOGICAL_NAME:
      if (isEpoch) return (value) => BigInt(millisOf(value));
      return (value) => timeText(nanosOfDay(millisOf(value)), 3);
    case TIMESTAMP_LOGICAL_NAME: {
      const zone = zoneFor(column, options);
      if (isEpoch) return (value) => BigInt(millisOf(value));
      return (value) => timestampText(millisOf(value), zone, calendar) + zoneMark(column);
    }
    default:
      return null;
  }
}

function epochBinder(
  field: string,
  unitNanos: bigint,
  column: TableColumn,
  options: BindOptions,
): Binder {
  return (value) => {
    const text = String(value);
    if (!/^-?\d+$/.test(text)) {
      throw new DataError(
        `The field "${field}" stands in timestamp.fields.list, but its value is no whole number.`,
      );
    }
    return instantCell(BigInt(text) * unitNanos, column, options);
  };
}

const DAY_MS = 86_400_000;

function nanosOfDay(millis: number): bigint {
  return BigInt(((millis % DAY_MS) + DAY_MS) % DAY_MS) * 1_000_000n;
}

function millisOf(value: unknown): number {
  return value instanceof Date ? value.getTime() : Number(value);
}

function bytesOf(field: string, value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new DataError(`The field "${field}" of type BYTES has a value that is no bytes.`);
}

function isNumeric(column: TableColumn): boolean {
  return ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'NUMERIC', 'DECIMAL'].includes(
    column.jdbcType,
  );
}
