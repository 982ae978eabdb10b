import { setOwn, type Schema } from '@sluice/api';
import type { FieldTree } from '../field/field-tree.ts';
import { isObjectValue, type PlainObject } from '../record/requirements.ts';
import { copySchemaBasics } from '../schema/copy-schema.ts';
import {
  compileStructMaker,
  copySlot,
  type Slot,
  type StructMaker,
} from '../schema/struct-plan.ts';

/** How to take fields out of the structs of a schema. */
export interface RemovalPlan {
  readonly schema: Schema;
  readonly make: StructMaker;
}

/**
 * The plan that takes the leaves of a tree out of a struct.
 *
 * @param isRoot whether being optional, and the default, are lost, as Java's transformations do to
 *   the schema of a whole key or value
 */
export function removalPlan(
  schema: Schema,
  tree: FieldTree<true>,
  withDefault: boolean,
  isRoot: boolean,
): RemovalPlan {
  const builder = copySchemaBasics(schema, 'STRUCT');
  if (!isRoot && schema.isOptional) builder.optional();
  const slots: Slot[] = [];
  for (const field of schema.fields) {
    const node = tree.children.get(field.name);
    if (node?.leaf === true) continue;
    if (node === undefined || field.schema.type !== 'STRUCT') {
      builder.field(field.name, field.schema);
      slots.push(copySlot(field, withDefault));
      continue;
    }
    const inner = removalPlan(field.schema, node, withDefault, false);
    const map = (value: unknown): unknown => (isObjectValue(value) ? inner.make(value) : null);
    builder.field(field.name, inner.schema);
    slots.push(copySlot(field, withDefault, field.name, map));
  }
  const make = compileStructMaker(builder.build(), slots);
  if (!isRoot && isObjectValue(schema.defaultValue)) {
    builder.defaultValue(make(schema.defaultValue));
  }
  return { schema: builder.build(), make };
}

/** A copy of a schemaless map without the leaves of a tree. */
export function removeFromMap(map: PlainObject, tree: FieldTree<true>): PlainObject {
  const rest = {};
  for (const [name, value] of Object.entries(map)) {
    const node = tree.children.get(name);
    if (node?.leaf === true) continue;
    const isInner = node !== undefined && isObjectValue(value);
    setOwn(rest, name, isInner ? removeFromMap(value, node) : value);
  }
  return rest;
}
