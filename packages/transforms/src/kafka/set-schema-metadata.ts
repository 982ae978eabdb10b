import {
  ConfigDef,
  ConfigError,
  ConnectSchema,
  type AnyRecord,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { partPlugin } from '../part-plugin.ts';
import { partSchema, partValue, withPart, type RecordPart } from '../record/record-part.ts';
import { isObjectValue, requireSchema } from '../record/requirements.ts';
import { SchemaCache } from '../schema/schema-cache.ts';
import { compileStructMaker, copySlot, type StructMaker } from '../schema/struct-plan.ts';
import { REPLACE_NULL_CONFIG } from './replace-null-config.ts';

const CONFIG = new ConfigDef({
  'schema.name': { type: 'STRING', default: null, importance: 'HIGH', doc: 'The new name.' },
  'schema.version': { type: 'INT', default: null, importance: 'HIGH', doc: 'The new version.' },
  ...REPLACE_NULL_CONFIG,
});

interface Plan {
  readonly schema: Schema;
  /** `null` when structs can stay as they are. */
  readonly make: StructMaker | null;
}

/**
 * Sets the name and the version of a key's or value's schema.
 * Mirrors `org.apache.kafka.connect.transforms.SetSchemaMetadata`.
 */
class SetSchemaMetadata implements Transformation {
  readonly #part: RecordPart;
  #name: string | null = null;
  #version: number | null = null;
  #replacesNull = true;
  readonly #plans = new SchemaCache<Plan>((schema) => this.#plan(schema));

  constructor(part: RecordPart) {
    this.#part = part;
  }

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    this.#name = config['schema.name'];
    this.#version = config['schema.version'];
    this.#replacesNull = config['replace.null.with.default'];
    if (this.#name === null && this.#version === null) {
      throw new ConfigError('Neither schema name nor version configured');
    }
  }

  apply<R extends AnyRecord>(record: R): R {
    const value = partValue(record, this.#part);
    const schema = partSchema(record, this.#part);
    if (value === null && schema === null) return record;
    const plan = this.#plans.get(requireSchema(schema, 'updating schema metadata'));
    const made = plan.make !== null && isObjectValue(value) ? plan.make(value) : value;
    return withPart(record, this.#part, plan.schema, made);
  }

  #plan(schema: Schema): Plan {
    const name = this.#name ?? schema.name;
    const version = this.#version ?? schema.version;
    const made = new ConnectSchema({ ...attributesOf(schema), name, version });
    const hasDefault = schema.fields.some((field) => field.schema.defaultValue !== undefined);
    if (schema.type !== 'STRUCT' || !hasDefault) return { schema: made, make: null };
    const slots = schema.fields.map((field) => copySlot(field, this.#replacesNull));
    return { schema: made, make: compileStructMaker(made, slots) };
  }
}

function attributesOf(schema: Schema): ConstructorParameters<typeof ConnectSchema>[0] {
  const { type, isOptional, defaultValue, doc, parameters, fields, keySchema, valueSchema } =
    schema;
  return { type, isOptional, defaultValue, doc, parameters, fields, keySchema, valueSchema };
}

const SHARED = {
  className: 'org.apache.kafka.connect.transforms.SetSchemaMetadata',
  config: CONFIG,
  create: (part: RecordPart): Transformation => new SetSchemaMetadata(part),
};

/** `org.apache.kafka.connect.transforms.SetSchemaMetadata$Key` */
export const setSchemaMetadataKey: TransformationPlugin = partPlugin(SHARED, 'key');
/** `org.apache.kafka.connect.transforms.SetSchemaMetadata$Value` */
export const setSchemaMetadataValue: TransformationPlugin = partPlugin(SHARED, 'value');
