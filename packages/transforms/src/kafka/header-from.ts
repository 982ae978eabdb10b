import {
  ConfigDef,
  ConfigError,
  DataError,
  lambdaValidator,
  validString,
  withRecord,
  type AnyRecord,
  type Header,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
  type Validator,
} from '@sluice/api';
import { FieldPath } from '../field/field-path.ts';
import { FIELD_SYNTAX_CONFIG, fieldSyntaxVersion } from '../field/field-syntax-config.ts';
import { fieldTree, type FieldTree } from '../field/field-tree.ts';
import { partPlugin } from '../part-plugin.ts';
import { partSchema, partValue, type RecordPart } from '../record/record-part.ts';
import { requireMap, requireStruct, type PlainObject } from '../record/requirements.ts';
import { SchemaCache } from '../schema/schema-cache.ts';
import { removalPlan, removeFromMap, type RemovalPlan } from './remove-fields.ts';
import { REPLACE_NULL_CONFIG } from './replace-null-config.ts';

const CONFIG = new ConfigDef({
  fields: {
    type: 'LIST',
    validator: nonEmptyList(),
    importance: 'HIGH',
    doc: 'Fields whose values go into headers.',
  },
  headers: {
    type: 'LIST',
    validator: nonEmptyList(),
    importance: 'HIGH',
    doc: 'Names of the headers, in the order of fields.',
  },
  operation: {
    type: 'STRING',
    validator: validString('move', 'copy'),
    importance: 'HIGH',
    doc: 'move: the fields are taken out of the key or value; copy: they stay there too.',
  },
  ...REPLACE_NULL_CONFIG,
  ...FIELD_SYNTAX_CONFIG,
});

/** Where one header comes from. */
interface Source {
  readonly header: string;
  readonly path: FieldPath;
}

/**
 * Moves or copies fields of a key or value into headers.
 * Mirrors `org.apache.kafka.connect.transforms.HeaderFrom`.
 */
class HeaderFrom implements Transformation {
  readonly #part: RecordPart;
  #sources: readonly Source[] = [];
  #tree: FieldTree<true> = fieldTree([]);
  #operation = 'copy';
  #replacesNull = true;
  readonly #removals = new SchemaCache<RemovalPlan>((schema) =>
    removalPlan(schema, this.#tree, this.#replacesNull, true),
  );
  /** The schema of each header's field. */
  readonly #headerSchemas = new SchemaCache<readonly Schema[]>((schema) =>
    this.#sources.map(({ path }) => fieldSchema(schema, path)),
  );

  constructor(part: RecordPart) {
    this.#part = part;
  }

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    if (config.headers.length !== config.fields.length) {
      throw new ConfigError(
        "'fields' config must have the same number of elements as 'headers' config.",
      );
    }
    const version = fieldSyntaxVersion(config['field.syntax.version']);
    this.#sources = config.fields.map((field, index) => {
      return { header: config.headers[index] ?? '', path: new FieldPath(field, version) };
    });
    this.#tree = fieldTree(this.#sources.map(({ path }) => [path, true]));
    this.#operation = config.operation;
    this.#replacesNull = config['replace.null.with.default'];
  }

  apply<R extends AnyRecord>(record: R): R {
    const schema = partSchema(record, this.#part);
    const value = partValue(record, this.#part);
    const purpose = `header ${this.#operation}`;
    if (schema === null) return this.#applyToMap(record, requireMap(value, purpose));
    return this.#applyToStruct(record, schema, requireStruct(value, schema, purpose));
  }

  #applyToMap<R extends AnyRecord>(record: R, map: PlainObject): R {
    const added = this.#sources.map(({ header, path }) =>
      headerOf(header, path.valueInMap(map), null),
    );
    const rest = this.#operation === 'move' ? removeFromMap(map, this.#tree) : map;
    return this.#withHeaders(record, null, rest, added);
  }

  #applyToStruct<R extends AnyRecord>(record: R, schema: Schema, struct: PlainObject): R {
    const isMove = this.#operation === 'move';
    const removal = isMove ? this.#removals.get(schema) : null;
    const rest = removal === null ? struct : removal.make(struct);
    const schemas = this.#headerSchemas.get(schema);
    const added = this.#sources.map(({ header, path }, index) => {
      const value = path.valueInStruct(schema, struct, this.#replacesNull);
      return headerOf(header, value, schemas[index] ?? null);
    });
    return this.#withHeaders(record, removal?.schema ?? schema, rest, added);
  }

  #withHeaders<R extends AnyRecord>(
    record: R,
    schema: Schema | null,
    value: unknown,
    added: readonly Header[],
  ): R {
    const headers = [...record.headers, ...added];
    return this.#part === 'key'
      ? withRecord(record, { keySchema: schema, key: value, headers })
      : withRecord(record, { valueSchema: schema, value, headers });
  }
}

/** The value is known to fit its schema, but for null. */
function headerOf(key: string, value: unknown, schema: Schema | null): Header {
  if (value === null && schema !== null && !schema.isOptional) {
    const name = schema.name === null ? schema.type : `${schema.name}:${schema.type}`;
    throw new DataError(`A null value requires an optional schema but was Schema{${name}}`);
  }
  return { key, schema, value };
}

/** Java fails with a NullPointerException when there is no such field. */
function fieldSchema(schema: Schema, path: FieldPath): Schema {
  const field = path.fieldOf(schema);
  if (field !== null) return field.schema;
  throw new DataError(
    `Can't make a header of field ${path.text}: the schema has no such field. Its fields are: ` +
      `${schema.fields.map(({ name }) => name).join(', ')}.`,
  );
}

function nonEmptyList(): Validator {
  return lambdaValidator((name, value) => {
    if (!Array.isArray(value) || value.length === 0) {
      throw ConfigError.ofValue(name, value, 'Empty list');
    }
  }, 'non-empty list');
}

const SHARED = {
  className: 'org.apache.kafka.connect.transforms.HeaderFrom',
  config: CONFIG,
  create: (part: RecordPart): Transformation => new HeaderFrom(part),
};

/** `org.apache.kafka.connect.transforms.HeaderFrom$Key` */
export const headerFromKey: TransformationPlugin = partPlugin(SHARED, 'key');
/** `org.apache.kafka.connect.transforms.HeaderFrom$Value` */
export const headerFromValue: TransformationPlugin = partPlugin(SHARED, 'value');
