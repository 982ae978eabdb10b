import {
  ConfigDef,
  ConfigError,
  ConnectError,
  SchemaBuilder,
  removeHeaders,
  structGet,
  withRecord,
  type AnyRecord,
  type Header,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { FieldPath } from '../field/field-path.ts';
import { fieldTree, type FieldTree } from '../field/field-tree.ts';
import { DEBEZIUM_PLUGIN_VERSION } from '../plugin-version.ts';
import { isObjectValue, requireStruct, type PlainObject } from '../record/requirements.ts';
import { copySchemaBasics } from '../schema/copy-schema.ts';
import { SchemaCache } from '../schema/schema-cache.ts';
import { configProblem, requiredValue, validNames } from './config-problems.ts';

const CONFIG = new ConfigDef({
  headers: {
    type: 'LIST',
    default: null,
    importance: 'HIGH',
    validator: validNames(false),
    doc: 'Headers whose values go into the record value.',
  },
  fields: {
    type: 'LIST',
    default: null,
    importance: 'HIGH',
    validator: validNames(false),
    doc: 'Fields for them, in the order of headers; dots lead into structs (after.note).',
  },
  operation: {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    doc: 'move: the headers are removed; copy: they stay.',
  },
});

/** A header whose value becomes a field. */
interface Entry {
  readonly path: FieldPath;
  readonly header: Header;
}

/** Shapes of header schemas that are remembered; beyond it the memory starts anew. */
const SHAPES_MAX = 100;

/**
 * Moves or copies headers into fields of the value.
 * Mirrors `io.debezium.transforms.HeaderToValue`.
 */
class HeaderToValue implements Transformation {
  #fields: ReadonlyMap<string, FieldPath> = new Map();
  #isMove = false;
  /** New schemas by which headers were there. */
  readonly #schemas = new Map<string, SchemaCache<Schema>>();

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    const headers = requiredValue('headers', config.headers);
    const fields = requiredValue('fields', config.fields);
    const operation = requiredValue('operation', config.operation).trim().toLowerCase();
    if (operation !== 'move' && operation !== 'copy') {
      throw configProblem('operation', config.operation, 'Value must be one of move, copy');
    }
    if (headers.length !== fields.length) {
      throw new ConfigError(
        "'fields' config must have the same number of elements as 'headers' config.",
      );
    }
    this.#isMove = operation === 'move';
    this.#fields = new Map(
      headers.map((header, index) => {
        return [header, new FieldPath(fields[index] ?? '', 'V2')] as const;
      }),
    );
  }

  apply<R extends AnyRecord>(record: R): R {
    const { value, valueSchema } = record;
    if (value === null) return record;
    const struct = requireStructOf(valueSchema, value);
    const entries = this.#entriesOf(record.headers);
    if (entries.length === 0 || valueSchema === null) return record;
    const schema = this.#schemaOf(valueSchema, entries);
    const tree = fieldTree(entries.map(({ path, header }) => [path, header] as const));
    return withRecord(record, {
      valueSchema: schema,
      value: withEntries(valueSchema, struct, schema, tree),
      headers: this.#isMove ? this.#rest(record.headers) : record.headers,
    });
  }

  #entriesOf(headers: readonly Header[]): readonly Entry[] {
    return headers.flatMap((header) => {
      const path = this.#fields.get(header.key);
      return path === undefined ? [] : [{ path, header }];
    });
  }

  #rest(headers: readonly Header[]): readonly Header[] {
    let rest = headers;
    for (const key of this.#fields.keys()) rest = removeHeaders(rest, key);
    return rest;
  }

  #schemaOf(schema: Schema, entries: readonly Entry[]): Schema {
    const shape = entries.map(({ path }) => path.text).join(',');
    let cache = this.#schemas.get(shape);
    if (cache === undefined) {
      const tree = fieldTree(entries.map(({ path, header }) => [path, header] as const));
      cache = new SchemaCache((source) => withFields(source, tree));
      if (this.#schemas.size >= SHAPES_MAX) this.#schemas.clear();
      this.#schemas.set(shape, cache);
    }
    return cache.get(schema);
  }
}

function requireStructOf(schema: Schema | null, value: unknown): PlainObject {
  if (schema !== null) return requireStruct(value, schema, 'Header field insertion');
  return requireStruct(null, SchemaBuilder.struct().build(), 'Header field insertion');
}

/** The schema with a field for each leaf; structs on the way that are not there are made. */
function withFields(schema: Schema, tree: FieldTree<Header>): Schema {
  const builder = copySchemaBasics(schema, 'STRUCT');
  for (const field of schema.fields) {
    const node = tree.children.get(field.name);
    const isInner = node !== undefined && node.children.size > 0;
    builder.field(field.name, isInner ? innerSchema(field.schema, field.name, node) : field.schema);
  }
  for (const [name, node] of tree.children) {
    if (schema.field(name) !== null) continue;
    if (node.leaf === undefined) builder.field(name, newStructSchema(node));
    else if (node.leaf.schema !== null) builder.field(name, node.leaf.schema);
    else throw schemaless(name);
  }
  return builder.build();
}

function innerSchema(schema: Schema, name: string, node: FieldTree<Header>): Schema {
  if (schema.type === 'STRUCT') return withFields(schema, node);
  throw new ConnectError(
    `Field '${name}' is a primitive type, not a struct. Cannot add nested fields to it.`,
  );
}

function newStructSchema(node: FieldTree<Header>): Schema {
  const builder = SchemaBuilder.struct().optional();
  for (const [name, child] of node.children) {
    if (child.leaf === undefined) builder.field(name, newStructSchema(child));
    else if (child.leaf.schema !== null) builder.field(name, child.leaf.schema);
    else throw schemaless(name);
  }
  return builder.build();
}

function schemaless(name: string): ConnectError {
  return new ConnectError(
    `Can't make field ${name} of a header without schema: use a header converter that gives one.`,
  );
}

/** Values are read with their defaults, as Java reads them here. */
function withEntries(
  oldSchema: Schema | null,
  old: PlainObject,
  schema: Schema,
  tree: FieldTree<Header>,
): PlainObject {
  const members = schema.fields.map(({ name, schema: fieldSchema }): readonly [string, unknown] => {
    const node = tree.children.get(name);
    if (node?.leaf !== undefined) return [name, node.leaf.value];
    const inner = oldSchema?.field(name) ?? null;
    const value = oldSchema === null || inner === null ? null : structGet(oldSchema, old, name);
    if (node === undefined) return [name, value];
    if (isObjectValue(value)) {
      return [name, withEntries(inner?.schema ?? null, value, fieldSchema, node)];
    }
    return [name, inner === null ? withEntries(null, {}, fieldSchema, node) : null];
  });
  return Object.fromEntries(members);
}

/** `io.debezium.transforms.HeaderToValue` */
export const headerToValue: TransformationPlugin = {
  type: 'transformation',
  className: 'io.debezium.transforms.HeaderToValue',
  version: DEBEZIUM_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new HeaderToValue(),
};
