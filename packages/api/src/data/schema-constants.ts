import { ConnectSchema } from './connect-schema.ts';
import type { SchemaType } from './schema.ts';
import type { Int64, TypedSchema } from './typed-schema.ts';

/** The schemas of plain values, required and optional, without name, version or default. */
export const INT8_SCHEMA: TypedSchema<number> = required('INT8');
export const INT16_SCHEMA: TypedSchema<number> = required('INT16');
export const INT32_SCHEMA: TypedSchema<number> = required('INT32');
export const INT64_SCHEMA: TypedSchema<Int64> = required('INT64');
export const FLOAT32_SCHEMA: TypedSchema<number> = required('FLOAT32');
export const FLOAT64_SCHEMA: TypedSchema<number> = required('FLOAT64');
export const BOOLEAN_SCHEMA: TypedSchema<boolean> = required('BOOLEAN');
export const STRING_SCHEMA: TypedSchema<string> = required('STRING');
export const BYTES_SCHEMA: TypedSchema<Uint8Array> = required('BYTES');

export const OPTIONAL_INT8_SCHEMA: TypedSchema<number | null> = optional('INT8');
export const OPTIONAL_INT16_SCHEMA: TypedSchema<number | null> = optional('INT16');
export const OPTIONAL_INT32_SCHEMA: TypedSchema<number | null> = optional('INT32');
export const OPTIONAL_INT64_SCHEMA: TypedSchema<Int64 | null> = optional('INT64');
export const OPTIONAL_FLOAT32_SCHEMA: TypedSchema<number | null> = optional('FLOAT32');
export const OPTIONAL_FLOAT64_SCHEMA: TypedSchema<number | null> = optional('FLOAT64');
export const OPTIONAL_BOOLEAN_SCHEMA: TypedSchema<boolean | null> = optional('BOOLEAN');
export const OPTIONAL_STRING_SCHEMA: TypedSchema<string | null> = optional('STRING');
export const OPTIONAL_BYTES_SCHEMA: TypedSchema<Uint8Array | null> = optional('BYTES');

function required(type: SchemaType): ConnectSchema {
  return new ConnectSchema({ type });
}

function optional(type: SchemaType): ConnectSchema {
  return new ConnectSchema({ type, isOptional: true });
}
