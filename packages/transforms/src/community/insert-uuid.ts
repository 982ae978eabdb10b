import { randomUUID } from 'node:crypto';
import {
  ConfigDef,
  STRING_SCHEMA,
  type AnyRecord,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { partPlugin } from '../part-plugin.ts';
import { COMMUNITY_PLUGIN_VERSION } from '../plugin-version.ts';
import { setMember, type MutableObject } from '../record/plain-object.ts';
import { partSchema, partValue, withPart, type RecordPart } from '../record/record-part.ts';
import { requireMap, requireStruct } from '../record/requirements.ts';
import { copySchemaBasics } from '../schema/copy-schema.ts';
import { SchemaCache } from '../schema/schema-cache.ts';
import {
  argumentSlot,
  compileStructMaker,
  copySlot,
  type StructMaker,
} from '../schema/struct-plan.ts';

const CONFIG = new ConfigDef({
  'uuid.field.name': {
    type: 'STRING',
    default: 'uuid',
    importance: 'HIGH',
    doc: 'The field that gets a random UUID, as text.',
  },
});

const PURPOSE = 'adding UUID to record';

interface Plan {
  readonly schema: Schema;
  readonly make: StructMaker;
}

/**
 * Adds a random UUID to a key or value; null is an error.
 * Mirrors `com.github.cjmatta.kafka.connect.smt.InsertUuid`.
 */
export class InsertUuid implements Transformation {
  readonly #part: RecordPart;
  readonly #newUuid: () => string;
  #field = 'uuid';
  readonly #plans = new SchemaCache<Plan>((schema) => this.#plan(schema));

  /** @param newUuid makes the texts */
  constructor(part: RecordPart, newUuid: () => string = randomUUID) {
    this.#part = part;
    this.#newUuid = newUuid;
  }

  configure(props: Props): void {
    this.#field = CONFIG.parse(props)['uuid.field.name'];
  }

  apply<R extends AnyRecord>(record: R): R {
    const schema = partSchema(record, this.#part);
    const value = partValue(record, this.#part);
    if (schema === null) {
      const copy: MutableObject = { ...requireMap(value, PURPOSE) };
      setMember(copy, this.#field, this.#newUuid());
      return withPart(record, this.#part, null, copy);
    }
    const struct = requireStruct(value, schema, PURPOSE);
    const plan = this.#plans.get(schema);
    return withPart(record, this.#part, plan.schema, plan.make(struct, this.#newUuid()));
  }

  #plan(source: Schema): Plan {
    const builder = copySchemaBasics(source, 'STRUCT');
    const slots = source.fields.map((field) => {
      builder.field(field.name, field.schema);
      return copySlot(field, true);
    });
    const schema = builder.field(this.#field, STRING_SCHEMA).build();
    return { schema, make: compileStructMaker(schema, [...slots, argumentSlot(this.#field, 0)]) };
  }
}

const SHARED = {
  className: 'com.github.cjmatta.kafka.connect.smt.InsertUuid',
  version: COMMUNITY_PLUGIN_VERSION,
  config: CONFIG,
  create: (part: RecordPart): Transformation => new InsertUuid(part),
};

/** `com.github.cjmatta.kafka.connect.smt.InsertUuid$Key` */
export const insertUuidKey: TransformationPlugin = partPlugin(SHARED, 'key');
/** `com.github.cjmatta.kafka.connect.smt.InsertUuid$Value` */
export const insertUuidValue: TransformationPlugin = partPlugin(SHARED, 'value');
