import {
  DataError,
  OPTIONAL_BOOLEAN_SCHEMA,
  OPTIONAL_BYTES_SCHEMA,
  OPTIONAL_FLOAT64_SCHEMA,
  OPTIONAL_INT32_SCHEMA,
  OPTIONAL_INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  SchemaBuilder,
  newStruct,
  schemaEquals,
  setOwn,
  timestampBuilder,
  type Schema,
} from '@sluice/api';
import type { BsonArray, BsonDocument, BsonMember, BsonNode, BsonRegex } from './bson-node.ts';

/** How `array.encoding` is configured. */
type ArrayEncoding = 'array' | 'document';

/** How documents become structs. */
export interface DocumentEncoderOptions {
  /** `array`: items of one type; `document`: a struct with the fields `_0`, `_1` ... */
  readonly arrayEncoding: ArrayEncoding;
  readonly adjustName: (name: string) => string;
  /** Empty arrays become null, because Avro knows no type for them. */
  readonly dropsEmptyArrays: boolean;
}

const REGEX_SCHEMA_NAME = 'io.debezium.mongodb.regex';
const OPTIONAL_TIMESTAMP_SCHEMA = timestampBuilder().optional().build();
const REGEX_SCHEMA = SchemaBuilder.struct()
  .name(REGEX_SCHEMA_NAME)
  .optional()
  .field('regex', OPTIONAL_STRING_SCHEMA)
  .field('options', OPTIONAL_STRING_SCHEMA)
  .build();
/** Java's name of what is in a struct without a name. */
const NO_NAME = 'null';

/** Makes schemas and structs of MongoDB documents. Mirrors `MongoDataConverter`. */
export class DocumentEncoder {
  readonly #options: DocumentEncoderOptions;

  constructor(options: DocumentEncoderOptions) {
    this.#options = options;
  }

  /**
   * Adds a field for each member to a struct's schema.
   *
   * @param name the name of that schema, which begins the names of the structs inside of it
   * @throws DataError for an array of several types, when arrays are arrays
   */
  addFields(builder: SchemaBuilder, name: string | null, members: readonly BsonMember[]): void {
    const parent = name ?? NO_NAME;
    const known = new Set<string>();
    for (const member of members) {
      if (member.node.type === 'undefined') continue;
      const field = this.#options.adjustName(member.name);
      if (known.has(field)) continue;
      known.add(field);
      builder.field(field, this.#schemaOf(member.node, `${parent}.${field}`, field));
    }
  }

  /** The members' values, by field name. */
  values(schema: Schema, members: readonly BsonMember[]): Record<string, unknown> {
    const values = {};
    for (const member of members) {
      if (member.node.type === 'undefined') continue;
      const name = this.#options.adjustName(member.name);
      const field = schema.field(name);
      if (field === null) throw new DataError(`${name} is not a valid field name`);
      setOwn(values, name, this.#valueOf(member.node, field.schema));
    }
    return values;
  }

  #schemaOf(node: BsonNode, name: string, field: string): Schema {
    switch (node.type) {
      case 'document':
        return this.#documentSchema(node, name);
      case 'array':
        return this.#options.arrayEncoding === 'array'
          ? this.#arraySchema(node, name, field)
          : this.#structOf(name, itemMembers(node));
      default:
        return scalarSchema(node.type);
    }
  }

  #documentSchema(node: BsonDocument, name: string): Schema {
    // As in Java, the struct of an empty document has no name.
    if (node.members.length === 0) return SchemaBuilder.struct().optional().build();
    return this.#structOf(name, node.members);
  }

  #structOf(name: string, members: readonly BsonMember[]): Schema {
    const builder = SchemaBuilder.struct().name(name).optional();
    this.addFields(builder, name, members);
    return builder.build();
  }

  #arraySchema(node: BsonArray, name: string, field: string): Schema {
    const items = node.items.filter((item) => item.type !== 'undefined');
    const item = this.#itemSchema(items, name, field) ?? OPTIONAL_STRING_SCHEMA;
    return SchemaBuilder.array(item).optional().build();
  }

  /** `null` where the items tell no type: there are none, or only empty ones. */
  #itemSchema(items: readonly BsonNode[], name: string, field: string): Schema | null {
    const documents = items.filter((item) => item.type === 'document');
    if (documents.length === items.length && items.length > 0) {
      return this.#mergedSchema(documents, name);
    }
    const arrays = items.filter((item) => item.type === 'array');
    if (arrays.length === items.length && items.length > 0) {
      const inner = arrays.flatMap((array) => array.items);
      // As in Java, documents inside of arrays of arrays have no name.
      const schema = this.#itemSchema(inner, '', field) ?? OPTIONAL_STRING_SCHEMA;
      return SchemaBuilder.array(schema).optional().build();
    }
    const schemas = items.map((item) => this.#schemaOf(item, name, field));
    const [first] = schemas;
    if (first === undefined) return null;
    if (schemas.every((schema) => schemaEquals(schema, first))) return first;
    throw mixedArray(field, new Set(items.map(({ type }) => type)));
  }

  /** A struct with the fields of all; of nested ones, as in Java, the last decides. */
  #mergedSchema(documents: readonly BsonDocument[], name: string): Schema | null {
    const merged = new Map<string, BsonMember>();
    for (const member of documents.flatMap(({ members }) => members)) {
      const present = merged.get(member.name);
      if (present !== undefined && typeKey(present.node) !== typeKey(member.node)) {
        throw mixedArray(member.name, new Set([present.node.type, member.node.type]));
      }
      merged.set(member.name, member);
    }
    if (merged.size === 0) return null;
    const builder = SchemaBuilder.struct().optional();
    if (name !== '') builder.name(name);
    this.addFields(builder, name === '' ? null : name, [...merged.values()]);
    return builder.build();
  }

  #valueOf(node: BsonNode, schema: Schema): unknown {
    switch (node.type) {
      case 'null':
      case 'undefined':
        return null;
      case 'document':
        return this.#structValue(node.members, schema);
      case 'array':
        return this.#arrayValue(node, schema);
      case 'regex':
        return regexValue(node);
      default:
        return node.value;
    }
  }

  #structValue(members: readonly BsonMember[], schema: Schema): unknown {
    if (schema.type !== 'STRUCT') {
      throw new DataError(`Can't put a MongoDB document into a field of type ${schema.type}.`);
    }
    return newStruct(schema, this.values(schema, members));
  }

  #arrayValue(node: BsonArray, schema: Schema): unknown {
    if (node.items.length === 0 && this.#options.dropsEmptyArrays) return null;
    if (this.#options.arrayEncoding === 'document') {
      return this.#structValue(itemMembers(node), schema);
    }
    return this.#listValue(node, schema.valueSchema ?? schema);
  }

  #listValue(node: BsonArray, schema: Schema): unknown[] {
    const items = node.items.filter((item) => {
      // As in Java, empty arrays inside of arrays are left out.
      const isEmptyArray = item.type === 'array' && item.items.length === 0;
      return item.type !== 'undefined' && !isEmptyArray;
    });
    return items.map((item) =>
      item.type === 'array'
        ? this.#listValue(item, schema.valueSchema ?? schema)
        : this.#valueOf(item, schema),
    );
  }
}

function itemMembers(node: BsonArray): readonly BsonMember[] {
  return node.items.map((item, index) => ({ name: `_${index}`, node: item }));
}

function scalarSchema(type: Exclude<BsonNode['type'], 'document' | 'array'>): Schema {
  switch (type) {
    case 'double':
      return OPTIONAL_FLOAT64_SCHEMA;
    case 'bytes':
      return OPTIONAL_BYTES_SCHEMA;
    case 'int32':
      return OPTIONAL_INT32_SCHEMA;
    case 'int64':
      return OPTIONAL_INT64_SCHEMA;
    case 'boolean':
      return OPTIONAL_BOOLEAN_SCHEMA;
    case 'timestamp':
      return OPTIONAL_TIMESTAMP_SCHEMA;
    case 'regex':
      return REGEX_SCHEMA;
    default:
      return OPTIONAL_STRING_SCHEMA;
  }
}

/** Null has the schema of text. */
function typeKey(node: BsonNode): string {
  return node.type === 'null' ? 'string' : node.type;
}

function regexValue({ pattern, options }: BsonRegex): unknown {
  return newStruct(REGEX_SCHEMA, { regex: pattern, options });
}

function mixedArray(field: string, types: ReadonlySet<string>): DataError {
  return new DataError(
    `Array elements with different Bson types are not supported: "${field}" has ` +
      `${[...types].join(', ')}. Set array.encoding=document, or make them of one type.`,
  );
}
