import { Float32, Float64, isInt64Number } from './boxed-float.ts';
import { Decimal } from './decimal.ts';

const INT32_MAX = 0x7fffffff;

/**
 * The Java class that a value stands for, as Java's error texts name it. One number stands for
 * several Java classes; the one that Java code would most naturally have is given.
 */
export function javaClassOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 'java.lang.String';
    case 'boolean':
      return 'java.lang.Boolean';
    case 'bigint':
      return 'java.lang.Long';
    case 'number':
      return javaClassOfNumber(value);
    default:
      return javaClassOfObject(value);
  }
}

function javaClassOfNumber(value: number): string {
  if (!isInt64Number(value)) return 'java.lang.Double';
  return Math.abs(value) <= INT32_MAX ? 'java.lang.Integer' : 'java.lang.Long';
}

function javaClassOfObject(value: unknown): string {
  if (value instanceof Uint8Array) return '[B';
  if (value instanceof Date) return 'java.util.Date';
  if (value instanceof Decimal) return 'java.math.BigDecimal';
  if (value instanceof Float64) return 'java.lang.Double';
  if (value instanceof Float32) return 'java.lang.Float';
  if (Array.isArray(value)) return 'java.util.ArrayList';
  return 'java.util.HashMap';
}
