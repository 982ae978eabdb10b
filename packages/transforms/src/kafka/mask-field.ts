import {
  ConfigDef,
  nonEmptyString,
  validList,
  type AnyRecord,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { FieldPath } from '../field/field-path.ts';
import { FIELD_SYNTAX_CONFIG, fieldSyntaxVersion } from '../field/field-syntax-config.ts';
import { MapChanger, fieldTree, type FieldTree } from '../field/field-tree.ts';
import { partPlugin } from '../part-plugin.ts';
import { partSchema, partValue, withPart, type RecordPart } from '../record/record-part.ts';
import {
  isObjectValue,
  requireMap,
  requireStruct,
  type PlainObject,
} from '../record/requirements.ts';
import { SchemaCache } from '../schema/schema-cache.ts';
import {
  compileStructMaker,
  copySlot,
  type MemberMap,
  type StructMaker,
} from '../schema/struct-plan.ts';
import { maskedValue } from './masked-value.ts';
import { REPLACE_NULL_CONFIG } from './replace-null-config.ts';

const CONFIG = new ConfigDef({
  fields: {
    type: 'LIST',
    validator: validList([], { isEmptyAllowed: false }),
    importance: 'HIGH',
    doc: 'Fields to mask.',
  },
  replacement: {
    type: 'STRING',
    default: null,
    validator: nonEmptyString(),
    importance: 'LOW',
    doc:
      "Stands in all of the fields, converted to each one's type (numbers and strings only). " +
      "Default: each type's zero, false, or empty value.",
  },
  ...REPLACE_NULL_CONFIG,
  ...FIELD_SYNTAX_CONFIG,
});

const PURPOSE = 'mask fields';

interface Plan {
  readonly make: StructMaker;
}

/**
 * Replaces the values of fields by a valid value that says nothing.
 * Mirrors `org.apache.kafka.connect.transforms.MaskField`.
 */
class MaskField implements Transformation {
  readonly #part: RecordPart;
  #tree: FieldTree<true> = fieldTree([]);
  #changer = new MapChanger(this.#tree, () => () => null);
  #replacement: string | null = null;
  #replacesNull = true;
  readonly #plans = new SchemaCache<Plan>((schema) => ({ make: this.#maker(schema, this.#tree) }));

  constructor(part: RecordPart) {
    this.#part = part;
  }

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    const version = fieldSyntaxVersion(config['field.syntax.version']);
    this.#tree = fieldTree(
      config.fields.map((name) => [new FieldPath(name, version), true] as const),
    );
    this.#replacement = config.replacement;
    this.#changer = new MapChanger(
      this.#tree,
      () => (member) => maskedValue(member, null, config.replacement),
    );
    this.#replacesNull = config['replace.null.with.default'];
  }

  apply<R extends AnyRecord>(record: R): R {
    const schema = partSchema(record, this.#part);
    const value = partValue(record, this.#part);
    return withPart(
      record,
      this.#part,
      schema,
      schema === null ? this.#maskMap(value) : this.#maskStruct(schema, value),
    );
  }

  #maskMap(value: unknown): PlainObject {
    return this.#changer.change(requireMap(value, PURPOSE));
  }

  #maskStruct(schema: Schema, value: unknown): PlainObject {
    const struct = requireStruct(value, schema, PURPOSE);
    return this.#plans.get(schema).make(struct);
  }

  #maker(schema: Schema, tree: FieldTree<true>): StructMaker {
    const slots = schema.fields.map((field) => {
      const map = this.#memberMap(field.schema, tree.children.get(field.name));
      return copySlot(field, this.#replacesNull, field.name, map);
    });
    return compileStructMaker(schema, slots);
  }

  #memberMap(schema: Schema, node: FieldTree<true> | undefined): MemberMap | null {
    if (node === undefined) return null;
    if (node.leaf) return (value) => maskedValue(value, schema, this.#replacement);
    if (schema.type !== 'STRUCT') return null;
    const make = this.#maker(schema, node);
    return (value) => (isObjectValue(value) ? make(value) : value);
  }
}

const SHARED = {
  className: 'org.apache.kafka.connect.transforms.MaskField',
  config: CONFIG,
  create: (part: RecordPart): Transformation => new MaskField(part),
};

/** `org.apache.kafka.connect.transforms.MaskField$Key` */
export const maskFieldKey: TransformationPlugin = partPlugin(SHARED, 'key');
/** `org.apache.kafka.connect.transforms.MaskField$Value` */
export const maskFieldValue: TransformationPlugin = partPlugin(SHARED, 'value');
