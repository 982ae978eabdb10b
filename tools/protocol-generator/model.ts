import type { MessageType } from './parse-definition.ts';
import type { VersionRange } from './version-range.ts';

export type PrimitiveName =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'int64'
  | 'float64'
  | 'uuid'
  | 'string'
  | 'bytes'
  | 'records';

export interface PrimitiveType {
  readonly kind: 'primitive';
  readonly name: PrimitiveName;
}

export interface StructType {
  readonly kind: 'struct';
  readonly struct: Struct;
}

export interface ArrayType {
  readonly kind: 'array';
  readonly element: PrimitiveType | StructType;
}

export type FieldType = PrimitiveType | StructType | ArrayType;

/**
 * A default: `empty` is the empty array, the empty bytes or the struct with all its fields at their
 * defaults.
 */
export type DefaultValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: bigint };

export interface Field {
  /** camelCase, as in the generated interface and in Java's JSON. */
  readonly name: string;
  readonly type: FieldType;
  /** Within the versions of its struct; never empty. */
  readonly versions: VersionRange;
  readonly nullable: VersionRange;
  /** Null for a field that stands in line. */
  readonly tag: number | null;
  /** Versions in which the field's lengths are compact. */
  readonly flexible: VersionRange;
  readonly defaultValue: DefaultValue;
  readonly ignorable: boolean;
}

export interface Struct {
  /** Kafka's name, unique within the message. */
  readonly name: string;
  /** Name of the generated interface, prefixed with the message's. */
  readonly typeName: string;
  readonly versions: VersionRange;
  readonly fields: readonly Field[];
}

export interface Message {
  readonly name: string;
  readonly type: MessageType;
  readonly apiKey: number;
  readonly listeners: readonly string[];
  readonly versions: VersionRange;
  readonly flexible: VersionRange;
  readonly latestStableVersion: number;
  /** The message's own fields; it comes last in `structs`. */
  readonly root: Struct;
  /** Every struct, those that others use before their users. */
  readonly structs: readonly Struct[];
}
