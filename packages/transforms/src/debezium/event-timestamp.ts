import { ConnectError, type Schema } from '@sluice/api';
import type { PlainObject } from '../record/requirements.ts';
import { typedMember } from './envelope.ts';

const UNITS_PER_MILLI: ReadonlyMap<string, number> = new Map([
  ['io.debezium.time.Timestamp', 1],
  ['io.debezium.time.MicroTimestamp', 1000],
  ['io.debezium.time.NanoTimestamp', 1_000_000],
]);

/**
 * The timestamp of an outbox event in milliseconds: a column's, or that of the change event.
 *
 * @throws ConnectError when the column is missing, or no timestamp of Debezium's
 */
export function eventTimestamp(
  name: string | null,
  envelopeSchema: Schema,
  envelope: PlainObject,
  rowSchema: Schema,
  row: PlainObject,
): number | null {
  const ofChange = (): number | null =>
    numberOf(typedMember(envelopeSchema, envelope, 'ts_ms', 'INT64'));
  if (name === null) return ofChange();
  const field = rowSchema.field(name);
  if (field === null) throw new ConnectError(`Unable to find timestamp field ${name} in event`);
  const value = typedMember(rowSchema, row, name, 'INT64');
  if (value === null) return ofChange();
  const { type, name: schemaName } = field.schema;
  if (schemaName === null) {
    throw new ConnectError(
      `Unsupported field type ${type} (without logical schema name) for event timestamp`,
    );
  }
  const units = UNITS_PER_MILLI.get(schemaName);
  if (units !== undefined) return Math.trunc((numberOf(value) ?? 0) / units);
  throw new ConnectError(`Unsupported field type ${schemaName} for event timestamp`);
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null;
}
