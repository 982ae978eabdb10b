import {
  ConfigDef,
  DataError,
  SchemaBuilder,
  validList,
  withRecord,
  type AnyRecord,
  type Field,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { FieldPath } from '../field/field-path.ts';
import { FIELD_SYNTAX_CONFIG, fieldSyntaxVersion } from '../field/field-syntax-config.ts';
import { KAFKA_PLUGIN_VERSION } from '../plugin-version.ts';
import { setMember, type MutableObject, type PlainObject } from '../record/plain-object.ts';
import { requireMap, requireStruct } from '../record/requirements.ts';
import { SchemaCache } from '../schema/schema-cache.ts';
import { memberSlot } from '../schema/shape-plans.ts';
import {
  compileStructMaker,
  copySlot,
  type Slot,
  type StructMaker,
} from '../schema/struct-plan.ts';
import { REPLACE_NULL_CONFIG } from './replace-null-config.ts';

const CONFIG = new ConfigDef({
  fields: {
    type: 'LIST',
    validator: validList([], { isEmptyAllowed: false }),
    importance: 'HIGH',
    doc: 'Fields of the value that make up the new key, under the names given here.',
  },
  ...REPLACE_NULL_CONFIG,
  ...FIELD_SYNTAX_CONFIG,
});

const PURPOSE = 'copying fields from value to key';

interface Plan {
  readonly schema: Schema;
  readonly make: StructMaker;
}

/**
 * Makes the key anew from fields of the value.
 * Mirrors `org.apache.kafka.connect.transforms.ValueToKey`.
 */
class ValueToKey implements Transformation {
  #paths: readonly FieldPath[] = [];
  /** Makes keys of maps, when all fields are of the top level. */
  #makeFlatKey: StructMaker | null = null;
  #replacesNull = true;
  readonly #plans = new SchemaCache<Plan>((schema) => this.#plan(schema));

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    const version = fieldSyntaxVersion(config['field.syntax.version']);
    this.#paths = config.fields.map((name) => new FieldPath(name, version));
    const isFlat = this.#paths.every(({ steps }) => steps.length === 1);
    const slots = this.#paths.map(({ steps, text }) => memberSlot(steps[0] ?? '', text));
    this.#makeFlatKey = isFlat ? compileStructMaker(null, slots) : null;
    this.#replacesNull = config['replace.null.with.default'];
  }

  apply<R extends AnyRecord>(record: R): R {
    const { valueSchema } = record;
    if (valueSchema === null) {
      const value = requireMap(record.value, PURPOSE);
      return withRecord(record, { keySchema: null, key: this.#keyOf(value) });
    }
    const value = requireStruct(record.value, valueSchema, PURPOSE);
    const plan = this.#plans.get(valueSchema);
    return withRecord(record, { keySchema: plan.schema, key: plan.make(value) });
  }

  #keyOf(value: PlainObject): PlainObject {
    if (this.#makeFlatKey !== null) return this.#makeFlatKey(value);
    const key: MutableObject = {};
    for (const path of this.#paths) setMember(key, path.text, path.valueInMap(value));
    return key;
  }

  #plan(schema: Schema): Plan {
    const builder = SchemaBuilder.struct();
    const slots = this.#paths.map((path) => {
      const field = path.fieldOf(schema);
      if (field === null) throw new DataError(`Field does not exist: ${path.text}`);
      builder.field(path.text, field.schema);
      return this.#slot(schema, path, field);
    });
    const made = builder.build();
    return { schema: made, make: compileStructMaker(made, slots) };
  }

  #slot(schema: Schema, path: FieldPath, field: Field): Slot {
    const slot = copySlot(field, this.#replacesNull, path.text);
    const [first = ''] = path.steps;
    if (path.steps.length === 1) return slot;
    // A longer way: structs on it are read with their defaults, and may be null.
    const map = (value: unknown): unknown =>
      path.valueInStruct(schema, { [first]: value }, this.#replacesNull);
    return { ...slot, from: [first], fallback: null, isRequired: false, map };
  }
}

/** `org.apache.kafka.connect.transforms.ValueToKey` */
export const valueToKey: TransformationPlugin = {
  type: 'transformation',
  className: 'org.apache.kafka.connect.transforms.ValueToKey',
  version: KAFKA_PLUGIN_VERSION,
  config: CONFIG,
  create: () => new ValueToKey(),
};
