import {
  ConfigDef,
  INT64_SCHEMA,
  TIMESTAMP_LOGICAL_NAME,
  TIMESTAMP_SCHEMA,
  validString,
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
  type Slot,
  type StructMaker,
} from '../schema/struct-plan.ts';

const CONFIG = new ConfigDef({
  fields: {
    type: 'LIST',
    importance: 'HIGH',
    doc: 'The fields that get the time at which the record passes.',
  },
  'target.type': {
    type: 'STRING',
    default: 'Date',
    validator: validString('Date', 'Unix'),
    importance: 'LOW',
    doc: 'Date: a Timestamp. Unix: seconds since 1970.',
  },
});

const PURPOSE = 'setting a field to the current time';

interface Plan {
  readonly schema: Schema;
  readonly make: StructMaker;
}

/**
 * Sets fields to the time of the worker. A field that is there keeps its place when its type fits,
 * else it goes to the end; null passes. The options `add.amount` and `add.chronounit` of later
 * versions are not known here. Mirrors
 * `com.github.jcustenborder.kafka.connect.transform.common.TimestampNowField`.
 */
export class TimestampNowField implements Transformation {
  readonly #part: RecordPart;
  readonly #now: () => number;
  #fields: ReadonlySet<string> = new Set();
  #isUnix = false;
  readonly #plans = new SchemaCache<Plan>((schema) => this.#plan(schema));

  /** @param now milliseconds since the epoch */
  constructor(part: RecordPart, now: () => number = Date.now) {
    this.#part = part;
    this.#now = now;
  }

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    this.#fields = new Set(config.fields);
    this.#isUnix = config['target.type'] === 'Unix';
  }

  apply<R extends AnyRecord>(record: R): R {
    const value = partValue(record, this.#part);
    if (value === null) return record;
    const millis = this.#now();
    const timestamp = this.#isUnix ? Math.floor(millis / 1000) : new Date(millis);
    const schema = partSchema(record, this.#part);
    if (schema === null) {
      const copy: MutableObject = { ...requireMap(value, PURPOSE) };
      for (const field of this.#fields) setMember(copy, field, timestamp);
      return withPart(record, this.#part, null, copy);
    }
    const struct = requireStruct(value, schema, PURPOSE);
    const plan = this.#plans.get(schema);
    return withPart(record, this.#part, plan.schema, plan.make(struct, timestamp));
  }

  #plan(source: Schema): Plan {
    const builder = copySchemaBasics(source, 'STRUCT');
    if (source.isOptional) builder.optional();
    const slots: Slot[] = [];
    const missing = new Set(this.#fields);
    for (const field of source.fields) {
      const isSet = this.#fields.has(field.name);
      if (isSet && !this.#fits(field.schema)) continue;
      if (isSet) missing.delete(field.name);
      builder.field(field.name, field.schema);
      slots.push(isSet ? argumentSlot(field.name, 0) : copySlot(field, true));
    }
    const added: Schema = this.#isUnix ? INT64_SCHEMA : TIMESTAMP_SCHEMA;
    for (const name of missing) {
      builder.field(name, added);
      slots.push(argumentSlot(name, 0));
    }
    const schema = builder.build();
    return { schema, make: compileStructMaker(schema, slots) };
  }

  /** A Timestamp is an INT64 too, but its values are dates. */
  #fits({ type, name }: Schema): boolean {
    const isTimestamp = name === TIMESTAMP_LOGICAL_NAME;
    return type === 'INT64' && isTimestamp === !this.#isUnix;
  }
}

const SHARED = {
  className: 'com.github.jcustenborder.kafka.connect.transform.common.TimestampNowField',
  version: COMMUNITY_PLUGIN_VERSION,
  config: CONFIG,
  create: (part: RecordPart): Transformation => new TimestampNowField(part),
};

/** `com.github.jcustenborder.kafka.connect.transform.common.TimestampNowField$Key` */
export const timestampNowFieldKey: TransformationPlugin = partPlugin(SHARED, 'key');
/** `com.github.jcustenborder.kafka.connect.transform.common.TimestampNowField$Value` */
export const timestampNowFieldValue: TransformationPlugin = partPlugin(SHARED, 'value');
