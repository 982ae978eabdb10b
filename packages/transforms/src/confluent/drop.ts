import {
  ConfigDef,
  ConnectSchema,
  DataError,
  caseInsensitiveValidString,
  type AnyRecord,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { partPlugin } from '../part-plugin.ts';
import { CONFLUENT_PLUGIN_VERSION } from '../plugin-version.ts';
import { partSchema, withPart, type RecordPart } from '../record/record-part.ts';
import { SchemaCache } from '../schema/schema-cache.ts';

const CONFIG = new ConfigDef({
  'schema.behavior': {
    type: 'STRING',
    default: 'nullify',
    importance: 'MEDIUM',
    validator: caseInsensitiveValidString('nullify', 'retain', 'validate', 'force_optional'),
    doc:
      'What becomes of the schema. nullify: it goes, too. retain: it stays as it is. validate: ' +
      'it stays, and has to be optional. force_optional: it is made optional.',
  },
});

/**
 * Sets the key or value to null.
 * Mirrors `io.confluent.connect.transforms.Drop`, as its documentation tells it.
 */
class Drop implements Transformation {
  readonly #part: RecordPart;
  #behavior = 'nullify';
  readonly #optional = new SchemaCache<Schema>(
    (schema) => new ConnectSchema({ ...attributesOf(schema), isOptional: true }),
  );

  constructor(part: RecordPart) {
    this.#part = part;
  }

  configure(props: Props): void {
    this.#behavior = CONFIG.parse(props)['schema.behavior'].toLowerCase();
  }

  apply<R extends AnyRecord>(record: R): R {
    return withPart(record, this.#part, this.#schemaFor(partSchema(record, this.#part)), null);
  }

  #schemaFor(schema: Schema | null): Schema | null {
    if (schema === null || this.#behavior === 'nullify') return null;
    if (this.#behavior === 'retain' || schema.isOptional) return schema;
    if (this.#behavior === 'force_optional') return this.#optional.get(schema);
    throw new DataError(
      `Can't set the ${this.#part} to null: its schema is not optional. Set schema.behavior to ` +
        'nullify, retain or force_optional.',
    );
  }
}

function attributesOf(schema: Schema): ConstructorParameters<typeof ConnectSchema>[0] {
  const { type, defaultValue, name, version, doc, parameters, fields, keySchema, valueSchema } =
    schema;
  return { type, defaultValue, name, version, doc, parameters, fields, keySchema, valueSchema };
}

const SHARED = {
  className: 'io.confluent.connect.transforms.Drop',
  version: CONFLUENT_PLUGIN_VERSION,
  config: CONFIG,
  create: (part: RecordPart): Transformation => new Drop(part),
};

/** `io.confluent.connect.transforms.Drop$Key` */
export const dropKey: TransformationPlugin = partPlugin(SHARED, 'key');
/** `io.confluent.connect.transforms.Drop$Value` */
export const dropValue: TransformationPlugin = partPlugin(SHARED, 'value');
