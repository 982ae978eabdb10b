import {
  ConfigDef,
  ConfigError,
  INT32_SCHEMA,
  INT64_SCHEMA,
  OPTIONAL_INT32_SCHEMA,
  OPTIONAL_INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
  TIMESTAMP_SCHEMA,
  SchemaBuilder,
  timestampBuilder,
  type AnyRecord,
  type ConfigOf,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { FieldPath, type FieldSyntaxVersion } from '../field/field-path.ts';
import { FIELD_SYNTAX_CONFIG, fieldSyntaxVersion } from '../field/field-syntax-config.ts';
import { fieldTree, type FieldTree } from '../field/field-tree.ts';
import { partPlugin } from '../part-plugin.ts';
import { partSchema, partValue, withPart, type RecordPart } from '../record/record-part.ts';
import {
  memberOf,
  setMember,
  type MutableObject,
  type PlainObject,
} from '../record/plain-object.ts';
import {
  isObjectValue,
  requireMap,
  requireSinkRecord,
  requireStruct,
} from '../record/requirements.ts';
import { copySchemaBasics } from '../schema/copy-schema.ts';
import { SchemaCache } from '../schema/schema-cache.ts';
import { ShapePlans, memberSlot } from '../schema/shape-plans.ts';
import { argumentSlot, compileStructMaker, copySlot, type Slot } from '../schema/struct-plan.ts';
import type { StructMaker } from '../schema/struct-plan.ts';
import { REPLACE_NULL_CONFIG } from './replace-null-config.ts';

const SUFFIX_DOC = 'Ending in ! the field is required, ending in ? (or in neither) it is optional.';

const CONFIG = new ConfigDef({
  'topic.field': {
    type: 'STRING',
    default: null,
    importance: 'MEDIUM',
    doc: `Field that gets the name of the record's topic. ${SUFFIX_DOC}`,
  },
  'partition.field': {
    type: 'STRING',
    default: null,
    importance: 'MEDIUM',
    doc: `Field that gets the record's partition. ${SUFFIX_DOC}`,
  },
  'offset.field': {
    type: 'STRING',
    default: null,
    importance: 'MEDIUM',
    doc: `Field that gets the record's offset; sink connectors only. ${SUFFIX_DOC}`,
  },
  'timestamp.field': {
    type: 'STRING',
    default: null,
    importance: 'MEDIUM',
    doc: `Field that gets the record's timestamp. ${SUFFIX_DOC}`,
  },
  'static.field': {
    type: 'STRING',
    default: null,
    importance: 'MEDIUM',
    doc: `Field that gets the text of static.value. ${SUFFIX_DOC}`,
  },
  'static.value': {
    type: 'STRING',
    default: null,
    importance: 'MEDIUM',
    doc: 'Text for static.field.',
  },
  ...REPLACE_NULL_CONFIG,
  ...FIELD_SYNTAX_CONFIG,
});

const PURPOSE = 'field insertion';
const OPTIONAL_TIMESTAMP_SCHEMA = timestampBuilder().optional().build();
const EMPTY_STRUCT = SchemaBuilder.struct().optional().build();

/** What can be inserted, in the order in which it is; the position is the plan's argument. */
const SOURCES = [
  { key: 'topic.field', required: STRING_SCHEMA, optional: OPTIONAL_STRING_SCHEMA },
  { key: 'partition.field', required: INT32_SCHEMA, optional: OPTIONAL_INT32_SCHEMA },
  { key: 'offset.field', required: INT64_SCHEMA, optional: OPTIONAL_INT64_SCHEMA },
  { key: 'timestamp.field', required: TIMESTAMP_SCHEMA, optional: OPTIONAL_TIMESTAMP_SCHEMA },
  { key: 'static.field', required: STRING_SCHEMA, optional: OPTIONAL_STRING_SCHEMA },
] as const;

/** One field to insert. */
interface Insertion {
  readonly path: FieldPath;
  readonly argument: number;
  readonly schema: Schema;
}

interface Plan {
  readonly schema: Schema;
  readonly make: StructMaker;
}

/**
 * Adds topic, partition, offset, timestamp or a fixed text to a key or value. Under V2 names may
 * lead into nested structs; one that is not there is made, one that is null stays null.
 * Mirrors `org.apache.kafka.connect.transforms.InsertField`.
 */
class InsertField implements Transformation {
  readonly #part: RecordPart;
  #insertions: readonly Insertion[] = [];
  #tree: FieldTree<readonly Insertion[]> = fieldTree([]);
  #hasPartition = false;
  #hasOffset = false;
  #hasTimestamp = false;
  #staticValue: string | null = null;
  #replacesNull = true;
  /** No insertion goes into a nested map. */
  #isFlat = true;
  readonly #shapes = new ShapePlans((keys) => this.#slotsOf(keys));
  readonly #plans = new SchemaCache<Plan>((schema) => this.#plan(schema, this.#tree, false));

  constructor(part: RecordPart) {
    this.#part = part;
  }

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    this.#insertions = insertionsOf(config);
    this.#tree = treeOf(this.#insertions);
    this.#isFlat = this.#insertions.every(({ path }) => path.steps.length === 1);
    this.#hasPartition = config['partition.field'] !== null;
    this.#hasOffset = config['offset.field'] !== null;
    this.#hasTimestamp = config['timestamp.field'] !== null;
    this.#staticValue = config['static.value'];
    this.#replacesNull = config['replace.null.with.default'];
  }

  apply<R extends AnyRecord>(record: R): R {
    const value = partValue(record, this.#part);
    if (value === null) return record;
    const schema = partSchema(record, this.#part);
    if (schema === null) {
      return withPart(record, this.#part, null, this.#insertIntoMap(record, value));
    }
    const struct = requireStruct(value, schema, PURPOSE);
    const plan = this.#plans.get(schema);
    const { timestamp } = record;
    const made = plan.make(
      struct,
      record.topic,
      record.kafkaPartition,
      this.#hasOffset ? requireSinkRecord(record, PURPOSE).kafkaOffset : null,
      this.#hasTimestamp && timestamp !== null ? new Date(timestamp) : null,
      this.#staticValue,
    );
    return withPart(record, this.#part, plan.schema, made);
  }

  /** @param staysOptional only the root loses that (and its default), as in Java */
  #plan(schema: Schema, tree: FieldTree<readonly Insertion[]>, staysOptional: boolean): Plan {
    const builder = copySchemaBasics(schema, 'STRUCT');
    if (staysOptional && schema.isOptional) builder.optional();
    const slots: Slot[] = [];
    for (const field of schema.fields) {
      const child = tree.children.get(field.name);
      if (child === undefined || child.leaf !== undefined || field.schema.type !== 'STRUCT') {
        builder.field(field.name, field.schema);
        slots.push(copySlot(field, this.#replacesNull));
      } else {
        const inner = this.#plan(field.schema, child, true);
        builder.field(field.name, inner.schema);
        const map: StructMember = (value, ...args) =>
          isObjectValue(value) ? inner.make(value, ...args) : null;
        slots.push(copySlot(field, this.#replacesNull, field.name, map));
      }
    }
    for (const [name, child] of tree.children) {
      if (child.leaf !== undefined) {
        // Two insertions of one name: the second is refused by the builder, as in Java.
        for (const insertion of child.leaf) {
          builder.field(name, insertion.schema);
          slots.push(argumentSlot(name, insertion.argument));
        }
      } else if (schema.field(name) === null) {
        const inner = this.#plan(EMPTY_STRUCT, child, true);
        builder.field(name, inner.schema);
        const map: StructMember = (_value, ...args) => inner.make({}, ...args);
        slots.push({ ...argumentSlot(name, 0), from: [name], map });
      }
    }
    const made = builder.build();
    return { schema: made, make: compileStructMaker(made, slots) };
  }

  #insertIntoMap(record: AnyRecord, value: unknown): PlainObject {
    const map = requireMap(value, PURPOSE);
    const make = this.#isFlat && this.#hasAll(record) ? this.#shapes.find(map) : null;
    if (make !== null) {
      return make(
        map,
        record.topic,
        record.kafkaPartition,
        this.#hasOffset ? requireSinkRecord(record, PURPOSE).kafkaOffset : null,
        record.timestamp,
        this.#staticValue,
      );
    }
    const copy: MutableObject = { ...map };
    for (const { path, argument } of this.#insertions) {
      const inserted = this.#schemalessArgument(record, argument);
      if (inserted !== null) insertAt(copy, path.steps, 0, inserted);
    }
    return copy;
  }

  /** A partition or timestamp that is not there adds no field: such records go the slow way. */
  #hasAll(record: AnyRecord): boolean {
    if (this.#hasPartition && record.kafkaPartition === null) return false;
    return !this.#hasTimestamp || record.timestamp !== null;
  }

  /** The last insertion of a name counts, and replaces a member that is there. */
  #slotsOf(keys: readonly string[]): readonly Slot[] {
    const inserted = new Map(
      this.#insertions.map(({ path, argument }) => [path.steps[0] ?? '', argument] as const),
    );
    const added = [...inserted.keys()].filter((name) => !keys.includes(name));
    return [...keys, ...added].map((name) => {
      const argument = inserted.get(name);
      return argument === undefined ? memberSlot(name) : argumentSlot(name, argument);
    });
  }

  #schemalessArgument(record: AnyRecord, argument: number): unknown {
    switch (argument) {
      case 0:
        return record.topic;
      case 1:
        return record.kafkaPartition;
      case 2:
        return requireSinkRecord(record, PURPOSE).kafkaOffset;
      case 3:
        return record.timestamp;
      default:
        return this.#staticValue;
    }
  }
}

type StructMember = (value: unknown, ...args: readonly unknown[]) => unknown;

function treeOf(insertions: readonly Insertion[]): FieldTree<readonly Insertion[]> {
  const byPath = Map.groupBy(insertions, ({ path }) => path.text);
  return fieldTree(Array.from(byPath.values(), (group) => [pathOf(group), group] as const));
}

function pathOf(group: readonly Insertion[]): FieldPath {
  return group[0]?.path ?? new FieldPath('', 'V1');
}

/** Sets a member of a map that is ours to change; maps on the way are copied. */
function insertAt(
  map: MutableObject,
  steps: readonly string[],
  depth: number,
  value: unknown,
): void {
  const name = steps[depth] ?? '';
  if (depth === steps.length - 1) {
    setMember(map, name, value);
    return;
  }
  const inner = Object.hasOwn(map, name) ? memberOf(map, name) : {};
  if (inner === null) return;
  const copy = { ...requireMap(inner, PURPOSE) };
  insertAt(copy, steps, depth + 1, value);
  setMember(map, name, copy);
}

function insertionsOf(config: ConfigOf<typeof CONFIG>): readonly Insertion[] {
  const version = fieldSyntaxVersion(config['field.syntax.version']);
  const insertions = SOURCES.flatMap((source, argument) => {
    const spec = config[source.key];
    return spec === null ? [] : [insertionOf(spec, source, argument, version)];
  });
  if (insertions.length === 0) throw new ConfigError('No field insertion configured');
  const staticField = config['static.field'];
  if (staticField !== null && config['static.value'] === null) {
    const reason = `No value specified for static field: ${staticField}`;
    throw ConfigError.ofValue('static.value', null, reason);
  }
  return insertions;
}

function insertionOf(
  spec: string,
  source: (typeof SOURCES)[number],
  argument: number,
  version: FieldSyntaxVersion,
): Insertion {
  const hasSuffix = spec.endsWith('?') || spec.endsWith('!');
  const path = new FieldPath(hasSuffix ? spec.slice(0, -1) : spec, version);
  return { path, argument, schema: spec.endsWith('!') ? source.required : source.optional };
}

const SHARED = {
  className: 'org.apache.kafka.connect.transforms.InsertField',
  config: CONFIG,
  create: (part: RecordPart): Transformation => new InsertField(part),
};

/** `org.apache.kafka.connect.transforms.InsertField$Key` */
export const insertFieldKey: TransformationPlugin = partPlugin(SHARED, 'key');
/** `org.apache.kafka.connect.transforms.InsertField$Value` */
export const insertFieldValue: TransformationPlugin = partPlugin(SHARED, 'value');
