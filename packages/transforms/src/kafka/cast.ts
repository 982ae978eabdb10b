import {
  ConfigDef,
  ConfigError,
  SchemaBuilder,
  lambdaValidator,
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
import { isObjectValue, requireMap, requireStruct } from '../record/requirements.ts';
import { copySchemaBasics } from '../schema/copy-schema.ts';
import { listFields } from '../schema/list-fields.ts';
import { SchemaCache } from '../schema/schema-cache.ts';
import {
  compileStructMaker,
  copySlot,
  type Slot,
  type StructMaker,
} from '../schema/struct-plan.ts';
import { CAST_TARGETS, casterTo, type CastTarget, type Caster } from './cast-value.ts';
import { parsePairs } from './parse-pairs.ts';
import { REPLACE_NULL_CONFIG } from './replace-null-config.ts';

const CONFIG = new ConfigDef({
  spec: {
    type: 'LIST',
    importance: 'HIGH',
    doc:
      'Fields and the types to cast them to, as field:type; or one type alone, to cast the whole ' +
      'key or value. Types: int8, int16, int32, int64, float32, float64, boolean, string. ' +
      'Bytes can be cast to string only, as base64.',
    validator: lambdaValidator((_name, value) => {
      const items: readonly unknown[] = Array.isArray(value) ? value : [];
      if (items.length === 0) throw new ConfigError('Must specify at least one field to cast.');
      parseSpec(items);
    }, 'list of colon-delimited pairs, e.g. <code>foo:bar,abc:xyz</code>'),
  },
  ...REPLACE_NULL_CONFIG,
  ...FIELD_SYNTAX_CONFIG,
});

const PURPOSE = 'cast types';
const SCHEMA_TYPE_CLASS = 'org.apache.kafka.connect.data.Schema.Type';

/** How to bring values of one schema to another one. */
interface Plan {
  readonly schema: Schema;
  readonly cast: Caster;
}

/**
 * Changes the type of fields, or of a whole key or value.
 * Mirrors `org.apache.kafka.connect.transforms.Cast`.
 */
class Cast implements Transformation {
  readonly #part: RecordPart;
  #whole: CastTarget | null = null;
  /** Casts whole values without schema. */
  #castWhole: Caster | null = null;
  #tree: FieldTree<CastTarget> = fieldTree<CastTarget>([]);
  #changer = new MapChanger(this.#tree, () => () => null);
  #replacesNull = true;
  readonly #plans = new SchemaCache<Plan>((schema) =>
    this.#whole === null ? this.#structPlan(schema, this.#tree) : wholePlan(schema, this.#whole),
  );

  constructor(part: RecordPart) {
    this.#part = part;
  }

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    const spec = parseSpec(config.spec);
    this.#whole = spec.whole;
    this.#tree = treeOf(spec.fields, config);
    this.#replacesNull = config['replace.null.with.default'];
    this.#castWhole = spec.whole === null ? null : casterTo(null, spec.whole);
    this.#changer = new MapChanger(this.#tree, (target) => casterTo(null, target));
  }

  apply<R extends AnyRecord>(record: R): R {
    const value = partValue(record, this.#part);
    if (value === null) return record;
    const schema = partSchema(record, this.#part);
    if (schema === null) return withPart(record, this.#part, null, this.#castSchemaless(value));
    const plan = this.#plans.get(schema);
    if (this.#whole === null) requireStruct(value, schema, PURPOSE);
    return withPart(record, this.#part, plan.schema, plan.cast(value));
  }

  #castSchemaless(value: unknown): unknown {
    if (this.#castWhole !== null) return this.#castWhole(value);
    return this.#changer.change(requireMap(value, PURPOSE));
  }

  /** Fields that are cast keep only whether they are optional, and their default, cast. */
  #structPlan(schema: Schema, tree: FieldTree<CastTarget>): Plan {
    const builder = copySchemaBasics(schema, 'STRUCT');
    const slots: Slot[] = [];
    for (const field of listFields(schema)) {
      const node = tree.children.get(field.name);
      const plan = this.#fieldPlan(field.schema, node);
      builder.field(field.name, plan?.schema ?? field.schema);
      slots.push(copySlot(field, this.#replacesNull, field.name, plan?.cast ?? null));
    }
    if (schema.isOptional) builder.optional();
    const make = compileStructMaker(builder.build(), slots);
    const cast = structCaster(make);
    if (isObjectValue(schema.defaultValue)) builder.defaultValue(cast(schema.defaultValue));
    return { schema: builder.build(), cast };
  }

  #fieldPlan(schema: Schema, node: FieldTree<CastTarget> | undefined): Plan | null {
    if (node === undefined) return null;
    if (node.leaf === undefined) {
      return schema.type === 'STRUCT' ? this.#structPlan(schema, node) : null;
    }
    const cast = casterTo(schema, node.leaf);
    return { schema: castSchema(SchemaBuilder.ofType(node.leaf), schema, cast), cast };
  }
}

function structCaster(make: StructMaker): Caster {
  return (value) => (isObjectValue(value) ? make(value) : null);
}

function wholePlan(schema: Schema, target: CastTarget): Plan {
  const cast = casterTo(schema, target);
  return { schema: castSchema(copySchemaBasics(schema, target), schema, cast), cast };
}

function castSchema(builder: SchemaBuilder, source: Schema, cast: Caster): Schema {
  if (source.isOptional) builder.optional();
  const { defaultValue } = source;
  if (defaultValue !== undefined) builder.defaultValue(cast(defaultValue));
  return builder.build();
}

function treeOf(
  fields: ReadonlyMap<string, CastTarget>,
  config: ConfigOf<typeof CONFIG>,
): FieldTree<CastTarget> {
  const version = fieldSyntaxVersion(config['field.syntax.version']);
  return fieldTree(
    Array.from(fields, ([name, target]) => [new FieldPath(name, version), target] as const),
  );
}

interface CastSpec {
  readonly whole: CastTarget | null;
  readonly fields: ReadonlyMap<string, CastTarget>;
}

/** @throws ConfigError when an item is neither a pair nor a type */
function parseSpec(items: readonly unknown[]): CastSpec {
  const fields = new Map<string, CastTarget>();
  let whole: CastTarget | null = null;
  for (const item of items) {
    const parts = parsePairs(String(item));
    if (parts.length > 2) {
      throw ConfigError.ofValue('renames', items, `Invalid rename mapping: ${String(item)}`);
    }
    const [first = '', second] = parts;
    if (second === undefined) whole = parseTarget(first.trim());
    else fields.set(first.trim(), parseTarget(second.trim()));
  }
  if (whole !== null && items.length > 1) {
    throw new ConfigError(
      'Cast transformations that specify a type to cast the entire value to ' +
        'may only specify a single cast in their spec',
    );
  }
  return { whole, fields };
}

function parseTarget(text: string): CastTarget {
  const type = text.toUpperCase();
  const target = CAST_TARGETS.find((each) => each === type);
  if (target !== undefined) return target;
  if (['BYTES', 'ARRAY', 'MAP', 'STRUCT'].includes(type)) {
    throw new ConfigError(
      `Cast transformation does not support casting to ${type}; ` +
        `supported types are [${CAST_TARGETS.join(', ')}]`,
    );
  }
  // Java passes the parts of its message as key and value: the words below are what comes out.
  throw ConfigError.ofValue(
    `Invalid type found in casting spec: ${text}`,
    `java.lang.IllegalArgumentException: No enum constant ${SCHEMA_TYPE_CLASS}.${type}`,
  );
}

const SHARED = {
  className: 'org.apache.kafka.connect.transforms.Cast',
  config: CONFIG,
  create: (part: RecordPart): Transformation => new Cast(part),
};

/** `org.apache.kafka.connect.transforms.Cast$Key` */
export const castKey: TransformationPlugin = partPlugin(SHARED, 'key');
/** `org.apache.kafka.connect.transforms.Cast$Value` */
export const castValue: TransformationPlugin = partPlugin(SHARED, 'value');
