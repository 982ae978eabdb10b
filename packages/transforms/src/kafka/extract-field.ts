import {
  ConfigDef,
  type AnyRecord,
  type Field,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { FieldPath } from '../field/field-path.ts';
import { FIELD_SYNTAX_CONFIG, fieldSyntaxVersion } from '../field/field-syntax-config.ts';
import { partPlugin } from '../part-plugin.ts';
import { partSchema, partValue, withPart, type RecordPart } from '../record/record-part.ts';
import { memberOf, type PlainObject } from '../record/plain-object.ts';
import { requireMapOrNull, requireStructOrNull } from '../record/requirements.ts';
import { SchemaCache } from '../schema/schema-cache.ts';
import { REPLACE_NULL_CONFIG } from './replace-null-config.ts';

const CONFIG = new ConfigDef({
  field: { type: 'STRING', importance: 'MEDIUM', doc: 'The field to take out.' },
  ...FIELD_SYNTAX_CONFIG,
  ...REPLACE_NULL_CONFIG,
});

const PURPOSE = 'field extraction';

/**
 * Replaces a key or value by one of its fields.
 * Mirrors `org.apache.kafka.connect.transforms.ExtractField`.
 */
class ExtractField implements Transformation {
  readonly #part: RecordPart;
  #path = new FieldPath('', 'V1');
  #isTopLevel = true;
  #replacesNull = true;
  readonly #fields = new SchemaCache<Field>((schema) => this.#fieldOf(schema));

  constructor(part: RecordPart) {
    this.#part = part;
  }

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    this.#path = new FieldPath(config.field, fieldSyntaxVersion(config['field.syntax.version']));
    this.#isTopLevel = this.#path.steps.length === 1;
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
    const field = this.#fields.get(schema);
    const member = struct === null ? null : this.#memberOf(schema, struct, field);
    return withPart(record, this.#part, field.schema, member);
  }

  #memberOf(schema: Schema, struct: PlainObject, field: Field): unknown {
    if (!this.#isTopLevel) {
      return this.#path.valueInStruct(schema, struct, this.#replacesNull);
    }
    const member = memberOf(struct, field.name);
    return member ?? (this.#replacesNull ? (field.schema.defaultValue ?? null) : null);
  }

  #fieldOf(schema: Schema): Field {
    const field = this.#path.fieldOf(schema);
    // Java's IllegalArgumentException, which a RangeError is reported as.
    if (field === null) throw new RangeError(`Unknown field: ${this.#path.text}`);
    return field;
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
