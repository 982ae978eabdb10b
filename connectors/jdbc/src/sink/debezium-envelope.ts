import { getOwn, withRecord, type SinkRecord } from '@sluice/api';

/** What a record of Debezium's sources asks for. */
export type Change =
  | { readonly type: 'row'; readonly record: SinkRecord }
  | { readonly type: 'truncate' }
  | { readonly type: 'nothing' };

/**
 * A record with the row itself as value: an envelope's `after`, `null` for a delete; a flattened
 * record stays as it is. The tombstone after a delete asks for the same again, which does no harm.
 */
export function flattenEnvelope(record: SinkRecord): Change {
  const { valueSchema: schema, value } = record;
  const after = schema?.field('after') ?? null;
  if (schema === null || value === null || after === null || schema.field('op') === null) {
    // Changes of the schema itself have no row.
    const isDdl = schema?.name?.endsWith('.SchemaChangeValue') === true;
    return isDdl ? { type: 'nothing' } : { type: 'row', record };
  }
  switch (getOwn(Object(value), 'op')) {
    case 't':
      return { type: 'truncate' };
    case 'm':
      return { type: 'nothing' };
    case 'd':
      return { type: 'row', record: withRecord(record, { valueSchema: null, value: null }) };
    default: {
      const row = getOwn(Object(value), 'after') ?? null;
      const changes = { valueSchema: after.schema, value: row };
      return { type: 'row', record: withRecord(record, changes) };
    }
  }
}
