import { DataError, getOwn, type Schema } from '@sluice/api';
import type { PlainObject } from '../record/requirements.ts';

const ENVELOPE_SUFFIX = '.Envelope';

/** Whether a value schema is that of a change event; every other record passes unchanged. */
export function isEnvelope(schema: Schema | null): schema is Schema {
  return schema?.name?.endsWith(ENVELOPE_SUFFIX) === true;
}

/** The name of the envelope schema of a topic. */
export function envelopeName(topic: string): string {
  return topic + ENVELOPE_SUFFIX;
}

/**
 * A field's own value, without its default. Mirrors `Struct.getString` and its siblings.
 *
 * @throws DataError when there is no such field, or it is of another type
 */
export function typedMember(
  schema: Schema,
  struct: PlainObject,
  name: string,
  type: Schema['type'],
): unknown {
  const field = schema.field(name);
  if (field === null) throw new DataError(`${name} is not a valid field name`);
  if (field.schema.type !== type) throw new DataError(`Field '${name}' is not of type ${type}`);
  return getOwn(struct, name) ?? null;
}

/** As {@link typedMember}, of type STRING. */
export function stringMember(schema: Schema, struct: PlainObject, name: string): string | null {
  const value = typedMember(schema, struct, name, 'STRING');
  return typeof value === 'string' ? value : null;
}
