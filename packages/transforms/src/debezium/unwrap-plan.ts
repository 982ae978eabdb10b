import { DataError, OPTIONAL_STRING_SCHEMA, type Schema } from '@sluice/api';
import { copySchemaBasics } from '../schema/copy-schema.ts';
import {
  argumentSlot,
  compileStructMaker,
  copySlot,
  type Slot,
  type StructMaker,
} from '../schema/struct-plan.ts';
import type { FieldReference } from './field-reference.ts';

/** The field that tells deleted rows from others. */
const DELETED_FIELD = '__deleted';

/** How the row inside of change events of one schema is made. */
export interface UnwrapPlan {
  readonly schema: Schema;
  /** Takes the whole envelope, and the text of `__deleted` where there is one. */
  readonly make: StructMaker;
}

/** What all plans of a transformation share. */
export interface UnwrapOptions {
  readonly addedFields: readonly FieldReference[];
  /** Rows get the field `__deleted`. */
  readonly isRewrite: boolean;
  /** In rewrite modes, whether null is replaced by a field's default. */
  readonly replacesNull: boolean;
}

/**
 * The plan that makes a row out of an envelope in one step: the fields of `before` or `after`,
 * `__deleted`, and the metadata asked for.
 *
 * @throws RangeError when the envelope has no such part, DataError when that is no struct
 */
export function unwrapPlan(
  envelope: Schema,
  part: 'before' | 'after',
  options: UnwrapOptions,
): UnwrapPlan {
  const row = partSchema(envelope, part);
  if (row.type !== 'STRUCT') {
    throw new DataError(
      'Only Struct objects supported for [source field insertion], ' +
        `found: a ${row.type} in "${part}"`,
    );
  }
  const builder = copySchemaBasics(row, 'STRUCT');
  const slots: Slot[] = row.fields.map((field) => {
    builder.field(field.name, field.schema);
    const slot = copySlot(field, options.isRewrite && options.replacesNull);
    return { ...slot, from: [part, field.name] };
  });
  if (options.isRewrite) {
    builder.field(DELETED_FIELD, OPTIONAL_STRING_SCHEMA);
    slots.push(argumentSlot(DELETED_FIELD, 0));
  }
  for (const reference of options.addedFields) {
    const referred = reference.resolve(envelope);
    if (referred === null) continue;
    builder.field(reference.newName, referred.schema);
    slots.push({ ...argumentSlot(reference.newName, 0), from: referred.path });
  }
  const schema = builder.build();
  return { schema, make: compileStructMaker(schema, slots) };
}

/** The schema of `before` or `after`. */
export function partSchema(envelope: Schema, part: 'before' | 'after'): Schema {
  const field = envelope.field(part);
  if (field === null) throw new RangeError(`Unknown field: ${part}`);
  return field.schema;
}
