import {
  ConfigDef,
  SchemaBuilder,
  validateValue,
  type AnyRecord,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { partPlugin } from '../part-plugin.ts';
import { partSchema, partValue, withPart, type RecordPart } from '../record/record-part.ts';
import { SchemaCache } from '../schema/schema-cache.ts';

const CONFIG = new ConfigDef({
  field: {
    type: 'STRING',
    importance: 'MEDIUM',
    doc: 'Name of the one field of the struct or map that is made around the key or value.',
  },
});

/**
 * Wraps a whole key or value into a struct (or map) of one field; null is wrapped too.
 * Mirrors `org.apache.kafka.connect.transforms.HoistField`.
 */
class HoistField implements Transformation {
  readonly #part: RecordPart;
  #field = '';
  readonly #schemas = new SchemaCache<Schema>((schema) =>
    SchemaBuilder.struct().field(this.#field, schema).build(),
  );

  constructor(part: RecordPart) {
    this.#part = part;
  }

  configure(props: Props): void {
    this.#field = CONFIG.parse(props).field;
  }

  apply<R extends AnyRecord>(record: R): R {
    const schema = partSchema(record, this.#part);
    const value = partValue(record, this.#part);
    if (schema === null) return withPart(record, this.#part, null, { [this.#field]: value });
    const hoisted = this.#schemas.get(schema);
    if (value === null) validateValue(schema, value, this.#field);
    return withPart(record, this.#part, hoisted, { [this.#field]: value });
  }
}

const SHARED = {
  className: 'org.apache.kafka.connect.transforms.HoistField',
  config: CONFIG,
  create: (part: RecordPart): Transformation => new HoistField(part),
};

/** `org.apache.kafka.connect.transforms.HoistField$Key` */
export const hoistFieldKey: TransformationPlugin = partPlugin(SHARED, 'key');
/** `org.apache.kafka.connect.transforms.HoistField$Value` */
export const hoistFieldValue: TransformationPlugin = partPlugin(SHARED, 'value');
