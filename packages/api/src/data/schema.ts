/**
 * Connect's schema model. Mirrors `org.apache.kafka.connect.data.Schema`.
 */

/** The twelve kinds of value that Connect knows; the first nine are primitive. */
export type SchemaType =
  | 'INT8'
  | 'INT16'
  | 'INT32'
  | 'INT64'
  | 'FLOAT32'
  | 'FLOAT64'
  | 'BOOLEAN'
  | 'STRING'
  | 'BYTES'
  | 'ARRAY'
  | 'MAP'
  | 'STRUCT';

/** One field of a STRUCT schema. */
export interface Field {
  readonly name: string;
  readonly index: number;
  readonly schema: Schema;
}

/** Describes a value. Immutable; compared by {@link schemaEquals}. */
export interface Schema {
  readonly type: SchemaType;
  readonly isOptional: boolean;
  /** `undefined` when there is none. */
  readonly defaultValue: unknown;
  readonly name: string | null;
  readonly version: number | null;
  readonly doc: string | null;
  /** Insertion order kept; `null`, never empty, when there are none. */
  readonly parameters: ReadonlyMap<string, string> | null;
  /** Fields in order for a STRUCT, else empty. */
  readonly fields: readonly Field[];
  readonly keySchema: Schema | null;
  readonly valueSchema: Schema | null;
  /** The field of that name, or `null`. */
  field(name: string): Field | null;
  /** As Java prints it: `Schema{name:TYPE}`, or `Schema{TYPE}` without a name. */
  toString(): string;
}

/** A value and what describes it; `schema` is `null` for schemaless data. */
export interface SchemaAndValue {
  readonly schema: Schema | null;
  readonly value: unknown;
}
