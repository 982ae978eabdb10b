import {
  DataError,
  Decimal,
  Float32,
  Float64,
  decimalText,
  float64,
  isInt64Number,
  parseDecimal,
  type Schema,
} from '@sluice/api';
import { javaClassText } from '../record/java-class-name.ts';
import { castNumber } from './cast-number.ts';
import { parseJavaFloat } from './parse-java-number.ts';

/**
 * What stands in a masked field: the replacement, converted to the field's type, or without one
 * the type's zero, false or empty value. Null stays null.
 *
 * @param schema `null` for schemaless data
 * @throws DataError when the type can't be masked, or the replacement can't be converted to it
 */
export function maskedValue(
  value: unknown,
  schema: Schema | null,
  replacement: string | null,
): unknown {
  if (value === null) return null;
  return replacement === null ? zeroOf(value, schema) : replace(value, schema, replacement);
}

function zeroOf(value: unknown, schema: Schema | null): unknown {
  switch (typeof value) {
    case 'string':
      return '';
    case 'boolean':
      return false;
    case 'bigint':
      return 0;
    case 'number':
      return schema === null && !isInt64Number(value) ? new Float64(0) : 0;
    default:
      return zeroOfObject(value, schema);
  }
}

function zeroOfObject(value: unknown, schema: Schema | null): unknown {
  if (value instanceof Date) return new Date(0);
  if (value instanceof Decimal) return new Decimal(0n, 0);
  if (value instanceof Float64) return schema === null ? new Float64(0) : 0;
  if (value instanceof Float32) return schema === null ? new Float32(0) : 0;
  if (Array.isArray(value)) return [];
  if (value instanceof Map) return new Map();
  if (schema === null && !(value instanceof Uint8Array)) return {};
  throw new DataError(`Cannot mask value of type: ${javaClassText(value, schema)}`);
}

function replace(value: unknown, schema: Schema | null, replacement: string): unknown {
  if (typeof value === 'string') return replacement;
  if (value instanceof Decimal) return decimalOf(replacement);
  if (value instanceof Float32) return new Float32(floatOf(replacement));
  if (value instanceof Float64) return float64(floatOf(replacement));
  if (typeof value !== 'number' && typeof value !== 'bigint') {
    const type = javaClassText(value, schema);
    throw new DataError(`Cannot mask value of type ${type} with custom replacement.`);
  }
  switch (schema?.type) {
    case 'INT8':
    case 'INT16':
    case 'INT32':
    case 'INT64':
      return castNumber(numberOf(replacement), schema.type);
    case 'FLOAT32':
      return Math.fround(floatOf(replacement));
    case 'FLOAT64':
      return floatOf(replacement);
    default:
      break;
  }
  if (typeof value === 'number' && !isInt64Number(value)) return float64(floatOf(replacement));
  return castNumber(numberOf(replacement), 'INT64');
}

function decimalOf(replacement: string): Decimal {
  const decimal = parseDecimal(replacement);
  if (decimal !== null) return decimal;
  throw new DataError(`Unable to convert ${replacement} (class java.lang.String) to number`);
}

/** The words differ from those for decimals, as Java's do. */
function numberOf(replacement: string): Decimal {
  const decimal = parseDecimal(replacement);
  if (decimal !== null) return decimal;
  throw new DataError(`Unable to convert ${replacement} (class java.lang.String) to a number`);
}

function floatOf(replacement: string): number {
  return parseJavaFloat(decimalText(numberOf(replacement)), false) ?? Number.NaN;
}
