import {
  ConfigDef,
  type AnyRecord,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { FieldPath } from '../field/field-path.ts';
import { FIELD_SYNTAX_CONFIG, fieldSyntaxVersion } from '../field/field-syntax-config.ts';
import { partPlugin } from '../part-plugin.ts';
import { partSchema, partValue, withPart, type RecordPart } from '../record/record-part.ts';
import type { PlainObject } from '../record/plain-object.ts';
import { requireMapOrNull, requireStructOrNull } from '../record/requirements.ts';
import { SchemaCache } from '../schema/schema-cache.ts';
import { compileMemberReader, type MemberReader } from '../schema/struct-plan.ts';
import { REPLACE_NULL_CONFIG } from './replace-null-config.ts';

const CONFIG = new ConfigDef({
  field: { type: 'STRING', importance: 'MEDIUM', doc: 'The field to take out.' },
  ...FIELD_SYNTAX_CONFIG,
  ...REPLACE_NULL_CONFIG,
});

const PURPOSE = 'field extraction';

/** How the field is read from structs of one schema. */
interface Plan {
  readonly schema: Schema;
  readonly read: MemberReader;
}

/**
 * Replaces a key or value by one of its fields.
 * Mirrors `org.apache.kafka.connect.transforms.ExtractField`.
 */
class ExtractField implements Transformation {
  readonly #part: RecordPart;
  #path = new FieldPath('', 'V1');
  #replacesNull = true;
  readonly #plans = new SchemaCache<Plan>((schema) => this.#plan(schema));

  constructor(part: RecordPart) {
    this.#part = part;
  }

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    this.#path = new FieldPath(config.field, fieldSyntaxVersion(config['field.syntax.version']));
    this.#replacesNull = config['replace.null.with.default'];
  }

  apply<R extends AnyRecord>(record: R): R {
    const schema = partSchema(record, this.#part);
    const value = partValue(record, this.#part);
    if (schema === null) {
      const map = requireMapOrNull(value, PURPOSE);
      const member = map === null ? null : this.#path.valueInMap(map);
      return withPart(record, this.#part, null, member);
    }
    const struct = requireStructOrNull(value, schema, PURPOSE);
    const plan = this.#plans.get(schema);
    return withPart(record, this.#part, plan.schema, struct === null ? null : plan.read(struct));
  }

  #plan(schema: Schema): Plan {
    const field = this.#path.fieldOf(schema);
    // Java's IllegalArgumentException, which a RangeError is reported as.
    if (field === null) throw new RangeError(`Unknown field: ${this.#path.text}`);
    if (this.#path.steps.length > 1) {
      const read = (struct: PlainObject): unknown =>
        this.#path.valueInStruct(schema, struct, this.#replacesNull);
      return { schema: field.schema, read };
    }
    const fallback = this.#replacesNull ? (field.schema.defaultValue ?? null) : null;
    return { schema: field.schema, read: compileMemberReader(field.name, fallback) };
  }
}

const SHARED = {
  className: 'org.apache.kafka.connect.transforms.ExtractField',
  config: CONFIG,
  create: (part: RecordPart): Transformation => new ExtractField(part),
};

/** `org.apache.kafka.connect.transforms.ExtractField$Key` */
export const extractFieldKey: TransformationPlugin = partPlugin(SHARED, 'key');
/** `org.apache.kafka.connect.transforms.ExtractField$Value` */
export const extractFieldValue: TransformationPlugin = partPlugin(SHARED, 'value');
