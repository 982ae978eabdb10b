import type { Field, Schema, SchemaType } from './schema.ts';
import { StructType } from './struct-type.ts';

const NO_FIELDS: readonly Field[] = Object.freeze([]);

/** All of a schema's attributes; what is left out is absent. */
export interface SchemaAttributes {
  readonly type: SchemaType;
  readonly isOptional?: boolean;
  readonly defaultValue?: unknown;
  readonly name?: string | null;
  readonly version?: number | null;
  readonly doc?: string | null;
  readonly parameters?: ReadonlyMap<string, string> | null;
  readonly fields?: readonly Field[];
  readonly keySchema?: Schema | null;
  readonly valueSchema?: Schema | null;
}

/**
 * The one implementation of {@link Schema}: immutable, made by `SchemaBuilder`.
 * Mirrors `org.apache.kafka.connect.data.ConnectSchema`.
 */
export class ConnectSchema implements Schema {
  readonly type: SchemaType;
  readonly isOptional: boolean;
  readonly defaultValue: unknown;
  readonly name: string | null;
  readonly version: number | null;
  readonly doc: string | null;
  readonly parameters: ReadonlyMap<string, string> | null;
  readonly fields: readonly Field[];
  readonly keySchema: Schema | null;
  readonly valueSchema: Schema | null;
  readonly #fieldsByName: ReadonlyMap<string, Field>;
  #structType: StructType | null = null;

  /** Takes the attributes as they are: the rules are `SchemaBuilder`'s to check. */
  constructor(attributes: SchemaAttributes) {
    const parameters = attributes.parameters ?? null;
    this.type = attributes.type;
    this.isOptional = attributes.isOptional ?? false;
    this.defaultValue = attributes.defaultValue;
    this.name = attributes.name ?? null;
    this.version = attributes.version ?? null;
    this.doc = attributes.doc ?? null;
    this.parameters = parameters === null || parameters.size === 0 ? null : new Map(parameters);
    this.fields =
      attributes.type === 'STRUCT' ? Object.freeze([...(attributes.fields ?? [])]) : NO_FIELDS;
    this.keySchema = attributes.keySchema ?? null;
    this.valueSchema = attributes.valueSchema ?? null;
    this.#fieldsByName = new Map(this.fields.map((field) => [field.name, field]));
  }

  field(name: string): Field | null {
    return this.#fieldsByName.get(name) ?? null;
  }

  /** Makes this schema's structs. */
  structType(): StructType {
    this.#structType ??= new StructType(this);
    return this.#structType;
  }

  toString(): string {
    return this.name === null ? `Schema{${this.type}}` : `Schema{${this.name}:${this.type}}`;
  }
}
