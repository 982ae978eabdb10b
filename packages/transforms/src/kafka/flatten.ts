import {
  ConfigDef,
  DataError,
  Decimal,
  structGet,
  type AnyRecord,
  type Field,
  type Props,
  type Schema,
  type SchemaBuilder,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { partPlugin } from '../part-plugin.ts';
import { javaClassText } from '../record/java-class-name.ts';
import { partSchema, partValue, withPart, type RecordPart } from '../record/record-part.ts';
import { setMember, type MutableObject, type PlainObject } from '../record/plain-object.ts';
import { isObjectValue, requireMap, requireStruct } from '../record/requirements.ts';
import { copySchemaBasics } from '../schema/copy-schema.ts';
import { SchemaCache } from '../schema/schema-cache.ts';
import { compileStructMaker, type Slot, type StructMaker } from '../schema/struct-plan.ts';
import { FlatShapes } from './flat-shapes.ts';

const CONFIG = new ConfigDef({
  delimiter: {
    type: 'STRING',
    default: '.',
    importance: 'MEDIUM',
    doc: 'Stands between the names that a new field name is made of.',
  },
});

const PURPOSE = 'flattening';

interface Plan {
  readonly schema: Schema;
  readonly make: StructMaker;
}

/** What a nested field inherits from the structs it is in. */
interface Parent {
  readonly path: readonly string[];
  readonly isOptional: boolean;
  readonly defaultValue: unknown;
}

/**
 * Takes nested structs and maps apart into one struct or map; arrays stay whole.
 * Mirrors `org.apache.kafka.connect.transforms.Flatten`.
 */
class Flatten implements Transformation {
  readonly #part: RecordPart;
  #delimiter = '.';
  readonly #plans = new SchemaCache<Plan>((schema) => this.#plan(schema));
  readonly #shapes = new FlatShapes((prefix, name) => this.#join(prefix, name), requireKnown);

  constructor(part: RecordPart) {
    this.#part = part;
  }

  configure(props: Props): void {
    this.#delimiter = CONFIG.parse(props).delimiter;
  }

  apply<R extends AnyRecord>(record: R): R {
    const value = partValue(record, this.#part);
    if (value === null) return record;
    const schema = partSchema(record, this.#part);
    if (schema === null) {
      const map = requireMap(value, PURPOSE);
      const made = this.#shapes.flatten(map);
      if (made !== null) return withPart(record, this.#part, null, made);
      if (isFlat(map)) return record;
      const flat: MutableObject = {};
      this.#flattenMap(map, '', flat);
      return withPart(record, this.#part, null, flat);
    }
    const struct = requireStruct(value, schema, PURPOSE);
    const plan = this.#plans.get(schema);
    return withPart(record, this.#part, plan.schema, plan.make(struct));
  }

  #flattenMap(map: PlainObject, prefix: string, flat: MutableObject): void {
    for (const key of Object.keys(map)) {
      const value = map[key];
      const name = this.#join(prefix, key);
      if (isObjectValue(value)) this.#flattenMap(value, name, flat);
      else {
        requireKnown(value);
        setMember(flat, name, value ?? null);
      }
    }
  }

  #join(prefix: string, name: string): string {
    return prefix === '' ? name : prefix + this.#delimiter + name;
  }

  #plan(schema: Schema): Plan {
    const builder = copySchemaBasics(schema, 'STRUCT');
    const { isOptional, defaultValue } = schema;
    const slots: Slot[] = [];
    this.#addFields(schema, '', { path: [], isOptional, defaultValue }, builder, slots);
    const made = builder.build();
    return { schema: made, make: compileStructMaker(made, slots) };
  }

  #addFields(
    schema: Schema,
    prefix: string,
    parent: Parent,
    builder: SchemaBuilder,
    slots: Slot[],
  ): void {
    for (const field of schema.fields) {
      const name = this.#join(prefix, field.name);
      const inherited: Parent = {
        path: [...parent.path, field.name],
        isOptional: parent.isOptional || field.schema.isOptional,
        defaultValue: defaultOf(field, schema, parent),
      };
      if (field.schema.type === 'STRUCT') {
        this.#addFields(field.schema, name, inherited, builder, slots);
      } else if (field.schema.type === 'MAP') {
        throw new DataError(
          'Flatten transformation does not support MAP for record with schemas ' +
            `(for field ${name}).`,
        );
      } else {
        builder.field(name, flatSchema(field.schema, inherited));
        slots.push(flatSlot(field, name, inherited));
      }
    }
  }
}

/** Whether there is nothing to do: no member is a map. */
function isFlat(map: PlainObject): boolean {
  for (const key of Object.keys(map)) {
    const value = map[key];
    if (typeof value !== 'object' || value === null) continue;
    if (isObjectValue(value)) return false;
    requireKnown(value);
  }
  return true;
}

/** A field's own default, or its part of the default of the struct that it is in. */
function defaultOf(field: Field, schema: Schema, parent: Parent): unknown {
  if (field.schema.defaultValue !== undefined) return field.schema.defaultValue;
  if (!isObjectValue(parent.defaultValue)) return undefined;
  return structGet(schema, parent.defaultValue, field.name) ?? undefined;
}

function flatSchema(schema: Schema, { isOptional, defaultValue }: Parent): Schema {
  const builder = copySchemaBasics(schema);
  if (isOptional) builder.optional();
  if (defaultValue !== undefined) builder.defaultValue(defaultValue);
  return builder.build();
}

/** Values are read with the default of their own field, not with an inherited one. */
function flatSlot(field: Field, name: string, { path, isOptional }: Parent): Slot {
  const fallback = path.length === 1 || !isOptional ? (field.schema.defaultValue ?? null) : null;
  const isRequired = !isOptional && fallback === null;
  const own = field.schema.defaultValue;
  if (path.length === 1 || !isOptional || own === undefined) {
    return { name, from: path, argument: 0, fallback, isRequired, map: null };
  }
  // Inside of a struct that may be null: its default counts only where the struct is there.
  const map = (parent: unknown): unknown =>
    isObjectValue(parent) ? (memberAt(parent, path.slice(1)) ?? null) : null;
  const withDefault = (parent: unknown): unknown => {
    const value = map(parent);
    return value === null && isStructThere(parent, path.slice(1, -1)) ? own : value;
  };
  return {
    name,
    from: path.slice(0, 1),
    argument: 0,
    fallback: null,
    isRequired: false,
    map: withDefault,
  };
}

function memberAt(struct: PlainObject, path: readonly string[]): unknown {
  let value: unknown = struct;
  for (const name of path) {
    if (!isObjectValue(value) || !Object.hasOwn(value, name)) return null;
    value = value[name];
  }
  return value;
}

function isStructThere(parent: unknown, path: readonly string[]): boolean {
  return isObjectValue(parent) && isObjectValue(memberAt(parent, path));
}

/** Java's data API has no schemaless decimals and dates. */
function requireKnown(value: unknown): void {
  if (value instanceof Date || value instanceof Decimal) {
    throw new DataError(
      `Flatten transformation was passed a value of type ${javaClassText(value, null)} ` +
        "which is not supported by Connect's data API",
    );
  }
}

const SHARED = {
  className: 'org.apache.kafka.connect.transforms.Flatten',
  config: CONFIG,
  create: (part: RecordPart): Transformation => new Flatten(part),
};

/** `org.apache.kafka.connect.transforms.Flatten$Key` */
export const flattenKey: TransformationPlugin = partPlugin(SHARED, 'key');
/** `org.apache.kafka.connect.transforms.Flatten$Value` */
export const flattenValue: TransformationPlugin = partPlugin(SHARED, 'value');
