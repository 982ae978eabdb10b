import {
  DATE_LOGICAL_NAME,
  Decimal,
  TIME_LOGICAL_NAME,
  decimalPlainText,
  type Schema,
} from '@sluice/api';
import { jsonTextOf } from '../values/json-text.ts';
import { dateText, timeText, timestampText } from '../values/temporal-text.ts';
import { TimeZone } from '../values/time-zone.ts';

/**
 * A schema's default as a database reads it out of a text literal (times in UTC), bytes as bytes; `null` when
 * there is none.
 */
export function defaultText(schema: Schema): string | number | boolean | Uint8Array | null {
  const value = schema.defaultValue;
  if (value === undefined || value === null) return null;
  if (value instanceof Decimal) return decimalPlainText(value);
  if (value instanceof Date) return timeOf(schema, value.getTime());
  if (value instanceof Uint8Array) return value;
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return String(value);
    default:
      return jsonTextOf(schema, value);
  }
}

function timeOf(schema: Schema, millis: number): string {
  if (schema.name === DATE_LOGICAL_NAME) return dateText(millis);
  if (schema.name === TIME_LOGICAL_NAME) return timeText(BigInt(millis) * 1_000_000n, 3);
  return timestampText(millis, new TimeZone('UTC'));
}
