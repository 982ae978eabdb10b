import {
  DATE_LOGICAL_NAME,
  TIME_LOGICAL_NAME,
  TIMESTAMP_LOGICAL_NAME,
} from '../data/logical-names.ts';
import type { Schema } from '../data/schema.ts';
import { daysToDate, millisToTime, millisToTimestamp } from '../data/temporal-schemas.ts';
import { DataError } from '../errors/data-error.ts';
import {
  asLong,
  convertToByte,
  convertToDouble,
  convertToFloat,
  convertToInteger,
  convertToLong,
  convertToShort,
  isNull,
} from './convert-numbers.ts';

/**
 * An element of a parsed collection in the form of the schema that all its elements have in common:
 * numbers widened, numbers among dates read as dates.
 *
 * @throws DataError for null, and for a date among plain numbers
 */
export function alignValue(schema: Schema, value: unknown): unknown {
  if (isNull(value)) {
    throw new DataError('Unable to convert a null value to a schema that requires a value');
  }
  switch (schema.type) {
    case 'INT8':
      return convertToByte(null, value);
    case 'INT16':
      return convertToShort(null, value);
    case 'INT32':
      return alignInt32(schema, value);
    case 'INT64':
      if (schema.name !== TIMESTAMP_LOGICAL_NAME) return convertToLong(null, value);
      return value instanceof Date ? value : millisToTimestamp(schema, asLong(null, value));
    case 'FLOAT32':
      return convertToFloat(null, value);
    case 'FLOAT64':
      return convertToDouble(null, value);
    default:
      return value;
  }
}

function alignInt32(schema: Schema, value: unknown): unknown {
  const isDate = schema.name === DATE_LOGICAL_NAME;
  const isTime = schema.name === TIME_LOGICAL_NAME;
  if (!isDate && !isTime) return convertToInteger(null, value);
  if (value instanceof Date) return value;
  const number = Number(BigInt.asIntN(32, asLong(null, value)));
  return isDate ? daysToDate(schema, number) : millisToTime(schema, number);
}
