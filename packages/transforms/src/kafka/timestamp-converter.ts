import {
  ConfigDef,
  ConfigError,
  validString,
  type AnyRecord,
  type ConfigOf,
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
import { isObjectValue, requireMap, requireStructOrNull } from '../record/requirements.ts';
import { copySchemaBasics } from '../schema/copy-schema.ts';
import { listFields } from '../schema/list-fields.ts';
import { SchemaCache } from '../schema/schema-cache.ts';
import { compileStructMaker, copySlot, type Slot } from '../schema/struct-plan.ts';
import { SimpleDateFormat } from '../text/simple-date-format.ts';
import { REPLACE_NULL_CONFIG } from './replace-null-config.ts';
import {
  TIMESTAMP_TYPES,
  convertTimestamp,
  timestampSchema,
  typeOfSchema,
  typeOfValue,
  type TimestampFormat,
  type TimestampType,
} from './timestamp-format.ts';
import { UNIX_PRECISIONS, type UnixPrecision } from './unix-time.ts';

const CONFIG = new ConfigDef({
  field: {
    type: 'STRING',
    default: '',
    importance: 'HIGH',
    doc: 'The field that holds the timestamp; empty: the whole key or value is one.',
  },
  'target.type': {
    type: 'STRING',
    validator: validString(...TIMESTAMP_TYPES),
    importance: 'HIGH',
    doc: 'What to make of it: string, unix, Date, Time or Timestamp.',
  },
  format: {
    type: 'STRING',
    default: '',
    importance: 'MEDIUM',
    doc: 'How text is read and written: a pattern as of java.text.SimpleDateFormat.',
  },
  'unix.precision': {
    type: 'STRING',
    default: 'milliseconds',
    validator: validString(...UNIX_PRECISIONS),
    importance: 'LOW',
    doc:
      'Unit of Unix time, read and written: seconds, milliseconds, microseconds or nanoseconds. ' +
      'What is finer than a millisecond is lost.',
  },
  ...REPLACE_NULL_CONFIG,
  ...FIELD_SYNTAX_CONFIG,
});

const PURPOSE = 'converting timestamp formats';

interface Plan {
  readonly schema: Schema;
  readonly convert: (value: unknown) => unknown;
}

/**
 * Converts timestamps between text, Unix time and Connect's Date, Time and Timestamp.
 * Mirrors `org.apache.kafka.connect.transforms.TimestampConverter`.
 */
class TimestampConverter implements Transformation {
  readonly #part: RecordPart;
  #isWhole = true;
  #tree: FieldTree<true> = fieldTree([]);
  #changer = new MapChanger(this.#tree, () => () => null);
  #format: TimestampFormat = { target: 'Timestamp', text: null, precision: 'milliseconds' };
  #replacesNull = true;
  readonly #plans = new SchemaCache<Plan>((schema) =>
    this.#isWhole ? this.#timestampPlan(schema) : this.#structPlan(schema, this.#tree),
  );

  constructor(part: RecordPart) {
    this.#part = part;
  }

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    const path = new FieldPath(config.field, fieldSyntaxVersion(config['field.syntax.version']));
    this.#isWhole = config.field === '';
    this.#tree = fieldTree([[path, true]]);
    this.#changer = new MapChanger(this.#tree, () => (member) => this.#convertMember(member));
    this.#format = formatOf(config);
    this.#replacesNull = config['replace.null.with.default'];
  }

  apply<R extends AnyRecord>(record: R): R {
    const schema = partSchema(record, this.#part);
    const value = partValue(record, this.#part);
    if (schema === null) {
      return withPart(record, this.#part, null, this.#convertSchemaless(value));
    }
    if (!this.#isWhole) requireStructOrNull(value, schema, PURPOSE);
    const plan = this.#plans.get(schema);
    return withPart(record, this.#part, plan.schema, plan.convert(value));
  }

  #convertSchemaless(value: unknown): unknown {
    if (value === null || this.#isWhole) return this.#convertMember(value);
    return this.#changer.change(requireMap(value, PURPOSE));
  }

  #convertMember(member: unknown): unknown {
    return member === null ? null : convertTimestamp(member, typeOfValue(member), this.#format);
  }

  #timestampPlan(source: Schema): Plan {
    const schema = timestampSchema(this.#format.target, source.isOptional);
    // As in Java, a schema that is no timestamp's is an error for null too, but not before a
    // record comes whose struct is there.
    let type: TimestampType | null = null;
    const convert = (value: unknown): unknown => {
      type ??= typeOfSchema(source);
      return value === null ? null : convertTimestamp(value, type, this.#format);
    };
    return { schema, convert };
  }

  /** Unlike in other transformations, optional and default stay, as in Java. */
  #structPlan(source: Schema, tree: FieldTree<true>): Plan {
    const builder = copySchemaBasics(source, 'STRUCT');
    const slots: Slot[] = [];
    for (const field of listFields(source)) {
      const plan = this.#fieldPlan(field.schema, tree.children.get(field.name));
      builder.field(field.name, plan?.schema ?? field.schema);
      slots.push(copySlot(field, this.#replacesNull, field.name, plan?.convert ?? null));
    }
    if (source.isOptional) builder.optional();
    const make = compileStructMaker(builder.build(), slots);
    if (isObjectValue(source.defaultValue)) builder.defaultValue(make(source.defaultValue));
    const convert = (value: unknown): unknown => (isObjectValue(value) ? make(value) : null);
    return { schema: builder.build(), convert };
  }

  #fieldPlan(schema: Schema, node: FieldTree<true> | undefined): Plan | null {
    if (node === undefined) return null;
    if (node.leaf === true) return this.#timestampPlan(schema);
    return schema.type === 'STRUCT' ? this.#structPlan(schema, node) : null;
  }
}

function formatOf(config: ConfigOf<typeof CONFIG>): TimestampFormat {
  const target = TIMESTAMP_TYPES.find((type) => type === config['target.type']) ?? 'Timestamp';
  const precision: UnixPrecision =
    UNIX_PRECISIONS.find((unit) => unit === config['unix.precision']) ?? 'milliseconds';
  const isBlank = config.format.trim() === '';
  if (target === 'string' && isBlank) {
    throw new ConfigError(
      'TimestampConverter requires format option to be specified when using string timestamps',
    );
  }
  return { target, precision, text: isBlank ? null : dateFormatOf(config.format) };
}

function dateFormatOf(pattern: string): SimpleDateFormat {
  try {
    return new SimpleDateFormat(pattern);
  } catch (cause) {
    // Java passes the parts of its message as key and value: the words below are what comes out.
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw ConfigError.ofValue(
      'TimestampConverter requires a SimpleDateFormat-compatible pattern for string ' +
        `timestamps: ${pattern}`,
      `java.lang.IllegalArgumentException: ${reason}`,
    );
  }
}

const SHARED = {
  className: 'org.apache.kafka.connect.transforms.TimestampConverter',
  config: CONFIG,
  create: (part: RecordPart): Transformation => new TimestampConverter(part),
};

/** `org.apache.kafka.connect.transforms.TimestampConverter$Key` */
export const timestampConverterKey: TransformationPlugin = partPlugin(SHARED, 'key');
/** `org.apache.kafka.connect.transforms.TimestampConverter$Value` */
export const timestampConverterValue: TransformationPlugin = partPlugin(SHARED, 'value');
