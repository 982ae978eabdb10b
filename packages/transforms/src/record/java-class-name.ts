import { Decimal, Float32, Float64, isInt64Number, type Schema } from '@sluice/api';

const BY_TYPE = {
  INT8: 'java.lang.Byte',
  INT16: 'java.lang.Short',
  INT32: 'java.lang.Integer',
  INT64: 'java.lang.Long',
  FLOAT32: 'java.lang.Float',
  FLOAT64: 'java.lang.Double',
  BOOLEAN: 'java.lang.Boolean',
  STRING: 'java.lang.String',
  BYTES: '[B',
  ARRAY: 'java.util.ArrayList',
  MAP: 'java.util.HashMap',
  STRUCT: 'org.apache.kafka.connect.data.Struct',
} as const;

/**
 * The Java class that a value stands for, for error texts that name it as Java's do. The schema
 * tells apart what a JavaScript value alone does not; a schemaless integer is a Long.
 */
export function javaClassName(value: unknown, schema: Schema | null): string {
  if (value === null || value === undefined) return 'null';
  if (value instanceof Date) return 'java.util.Date';
  if (value instanceof Decimal) return 'java.math.BigDecimal';
  if (schema !== null) return BY_TYPE[schema.type];
  switch (typeof value) {
    case 'number':
      return isInt64Number(value) ? BY_TYPE.INT64 : BY_TYPE.FLOAT64;
    case 'bigint':
      return BY_TYPE.INT64;
    case 'boolean':
      return BY_TYPE.BOOLEAN;
    case 'string':
      return BY_TYPE.STRING;
    default:
      return classOfObject(value);
  }
}

function classOfObject(value: unknown): string {
  if (value instanceof Uint8Array) return BY_TYPE.BYTES;
  if (value instanceof Float64) return BY_TYPE.FLOAT64;
  if (value instanceof Float32) return BY_TYPE.FLOAT32;
  return Array.isArray(value) ? BY_TYPE.ARRAY : BY_TYPE.MAP;
}

/** `class java.lang.Long`: how Java prints a Class object. */
export function javaClassText(value: unknown, schema: Schema | null): string {
  return `class ${javaClassName(value, schema)}`;
}
