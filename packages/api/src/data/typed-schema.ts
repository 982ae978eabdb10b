import type { Schema } from './schema.ts';

declare const VALUE: unique symbol;

/** A schema whose values' TypeScript type is known. Nothing of it exists at run time. */
export interface TypedSchema<T> extends Schema {
  readonly [VALUE]?: T;
}

/** The type of the values that a schema describes: `ValueOf<typeof ORDER_SCHEMA>`. */
export type ValueOf<S extends Schema> = S extends TypedSchema<infer T> ? T : unknown;

/** INT64: a number when it is a safe integer, else a bigint, so that `===` works. */
export type Int64 = number | bigint;
