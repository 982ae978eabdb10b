import {
  ConfigDef,
  ConfigError,
  lambdaValidator,
  validList,
  type AnyRecord,
  type Props,
  type Schema,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { FieldPath } from '../field/field-path.ts';
import { FIELD_SYNTAX_CONFIG, fieldSyntaxVersion } from '../field/field-syntax-config.ts';
import { fieldTree, type FieldTree } from '../field/field-tree.ts';
import { partPlugin } from '../part-plugin.ts';
import { partSchema, partValue, withPart, type RecordPart } from '../record/record-part.ts';
import { setMember, type MutableObject, type PlainObject } from '../record/plain-object.ts';
import { isObjectValue, requireMap, requireStruct } from '../record/requirements.ts';
import { copySchemaBasics } from '../schema/copy-schema.ts';
import { SchemaCache } from '../schema/schema-cache.ts';
import { ShapePlans, memberSlot } from '../schema/shape-plans.ts';
import {
  compileStructMaker,
  copySlot,
  type Slot,
  type StructMaker,
} from '../schema/struct-plan.ts';
import { parsePairs } from './parse-pairs.ts';
import { REPLACE_NULL_CONFIG } from './replace-null-config.ts';

const CONFIG = new ConfigDef({
  exclude: {
    type: 'LIST',
    default: [],
    validator: validList([]),
    importance: 'MEDIUM',
    doc: 'Fields to drop. A field named here is dropped even when include names it too.',
  },
  include: {
    type: 'LIST',
    default: [],
    validator: validList([]),
    importance: 'MEDIUM',
    doc: 'Fields to keep; all others are dropped. Empty: all are kept.',
  },
  renames: {
    type: 'LIST',
    default: [],
    validator: lambdaValidator(
      (_name, value) => void parseRenames(Array.isArray(value) ? value : []),
      'list of colon-delimited pairs, e.g. <code>foo:bar,abc:xyz</code>',
    ),
    importance: 'MEDIUM',
    doc:
      'New names for fields, as old:new. Under V2 the old name may be a path; the field stays ' +
      'where it is.',
  },
  ...REPLACE_NULL_CONFIG,
  ...FIELD_SYNTAX_CONFIG,
});

const PURPOSE = 'field replacement';

/** What the config says about one field. */
interface Rule {
  readonly isExcluded: boolean;
  readonly isIncluded: boolean;
  readonly newName: string | null;
}

interface Plan {
  readonly schema: Schema;
  readonly make: StructMaker;
}

/**
 * Drops, keeps and renames fields of a key or value.
 * Mirrors `org.apache.kafka.connect.transforms.ReplaceField`.
 */
class ReplaceField implements Transformation {
  readonly #part: RecordPart;
  #rules: FieldTree<Rule> = fieldTree([]);
  /** Without includes everything not excluded is kept. */
  #keepsAll = true;
  #replacesNull = true;
  readonly #plans = new SchemaCache<Plan>((schema) =>
    this.#plan(schema, this.#rules, this.#keepsAll, true),
  );
  readonly #shapes = new ShapePlans((keys) => this.#slotsOf(keys));

  constructor(part: RecordPart) {
    this.#part = part;
  }

  configure(props: Props): void {
    const config = CONFIG.parse(props);
    const version = fieldSyntaxVersion(config['field.syntax.version']);
    const renames = parseRenames(config.renames);
    const names = new Set([...config.exclude, ...config.include, ...renames.keys()]);
    const excluded = new Set(config.exclude);
    const included = new Set(config.include);
    this.#rules = fieldTree(
      Array.from(names, (name) => {
        const rule: Rule = {
          isExcluded: excluded.has(name),
          isIncluded: included.has(name),
          newName: renames.get(name) ?? null,
        };
        return [new FieldPath(name, version), rule] as const;
      }),
    );
    this.#keepsAll = included.size === 0;
    this.#replacesNull = config['replace.null.with.default'];
  }

  apply<R extends AnyRecord>(record: R): R {
    const value = partValue(record, this.#part);
    if (value === null) return record;
    const schema = partSchema(record, this.#part);
    if (schema === null) {
      const map = requireMap(value, PURPOSE);
      return withPart(record, this.#part, null, this.#replaceInMap(map));
    }
    const struct = requireStruct(value, schema, PURPOSE);
    const plan = this.#plans.get(schema);
    return withPart(record, this.#part, plan.schema, plan.make(struct));
  }

  #replaceInMap(map: PlainObject): PlainObject {
    const make = this.#shapes.find(map);
    return make === null ? replaceInMap(map, this.#rules, this.#keepsAll) : make(map);
  }

  #slotsOf(keys: readonly string[]): readonly Slot[] {
    return keys
      .filter((key) => isKept(this.#rules.children.get(key), this.#keepsAll))
      .map((key) => {
        const node = this.#rules.children.get(key);
        const name = node?.leaf?.newName ?? key;
        if (node === undefined || node.children.size === 0) return memberSlot(key, name);
        return memberSlot(key, name, (value) => replaceInner(value, node, this.#keepsAll));
      });
  }

  /** The root loses being optional, and its default, as in Java; structs inside keep both. */
  #plan(schema: Schema, rules: FieldTree<Rule>, keepsAll: boolean, isRoot: boolean): Plan {
    const builder = copySchemaBasics(schema, 'STRUCT');
    if (!isRoot && schema.isOptional) builder.optional();
    const slots: Slot[] = [];
    for (const field of schema.fields) {
      const node = rules.children.get(field.name);
      if (!isKept(node, keepsAll)) continue;
      const name = node?.leaf?.newName ?? field.name;
      if (node === undefined || node.children.size === 0 || field.schema.type !== 'STRUCT') {
        builder.field(name, field.schema);
        slots.push(copySlot(field, this.#replacesNull, name));
        continue;
      }
      const keepsInner = keepsAll || node.leaf?.isIncluded === true;
      const inner = this.#plan(field.schema, node, keepsInner, false);
      builder.field(name, inner.schema);
      const map = (value: unknown): unknown => (isObjectValue(value) ? inner.make(value) : null);
      slots.push(copySlot(field, this.#replacesNull, name, map));
    }
    const make = compileStructMaker(builder.build(), slots);
    const { defaultValue } = schema;
    if (!isRoot && isObjectValue(defaultValue)) builder.defaultValue(make(defaultValue));
    return { schema: builder.build(), make };
  }
}

/** A field on the way to an included one is kept, with nothing else in it. */
function isKept(node: FieldTree<Rule> | undefined, keepsAll: boolean): boolean {
  if (node?.leaf?.isExcluded === true) return false;
  return keepsAll || node?.leaf?.isIncluded === true || leadsToIncluded(node);
}

function leadsToIncluded(node: FieldTree<Rule> | undefined): boolean {
  if (node === undefined) return false;
  return [...node.children.values()].some(
    (child) => child.leaf?.isIncluded === true || leadsToIncluded(child),
  );
}

function replaceInMap(map: PlainObject, rules: FieldTree<Rule>, keepsAll: boolean): PlainObject {
  const made: MutableObject = {};
  for (const name of Object.keys(map)) {
    const node = rules.children.get(name);
    if (!isKept(node, keepsAll)) continue;
    const value = map[name];
    if (node === undefined) setMember(made, name, value);
    else setMember(made, node.leaf?.newName ?? name, replaceInner(value, node, keepsAll));
  }
  return made;
}

/** What is in a map that is kept follows the rules below it. */
function replaceInner(value: unknown, node: FieldTree<Rule>, keepsAll: boolean): unknown {
  if (node.children.size === 0 || !isObjectValue(value)) return value;
  return replaceInMap(value, node, keepsAll || node.leaf?.isIncluded === true);
}

/** @throws ConfigError when an item is no pair */
function parseRenames(items: readonly unknown[]): ReadonlyMap<string, string> {
  const renames = new Map<string, string>();
  for (const item of items) {
    const parts = parsePairs(String(item));
    const [from, to] = parts;
    if (parts.length !== 2 || from === undefined || to === undefined) {
      throw ConfigError.ofValue('renames', items, `Invalid rename mapping: ${String(item)}`);
    }
    renames.set(from, to);
  }
  return renames;
}

const SHARED = {
  className: 'org.apache.kafka.connect.transforms.ReplaceField',
  config: CONFIG,
  create: (part: RecordPart): Transformation => new ReplaceField(part),
};

/** `org.apache.kafka.connect.transforms.ReplaceField$Key` */
export const replaceFieldKey: TransformationPlugin = partPlugin(SHARED, 'key');
/** `org.apache.kafka.connect.transforms.ReplaceField$Value` */
export const replaceFieldValue: TransformationPlugin = partPlugin(SHARED, 'value');
