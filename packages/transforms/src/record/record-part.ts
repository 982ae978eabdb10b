import { withRecord, type AnyRecord, type Schema } from '@sluice/api';

/** Which half of a record a transformation works on: its `$Key` or its `$Value` class. */
export type RecordPart = 'key' | 'value';

/** The schema of one half; `null` for schemaless data. */
export function partSchema(record: AnyRecord, part: RecordPart): Schema | null {
  return part === 'key' ? record.keySchema : record.valueSchema;
}

/** The data of one half. */
export function partValue(record: AnyRecord, part: RecordPart): unknown {
  return part === 'key' ? record.key : record.value;
}

/** The record with one half replaced. */
export function withPart<R extends AnyRecord>(
  record: R,
  part: RecordPart,
  schema: Schema | null,
  value: unknown,
): R {
  return part === 'key'
    ? withRecord(record, { keySchema: schema, key: value })
    : withRecord(record, { valueSchema: schema, value });
}

/** `Cast` and `value` make `org.apache.kafka.connect.transforms.Cast$Value`. */
export function partClassName(outerClass: string, part: RecordPart): string {
  return `${outerClass}$${part === 'key' ? 'Key' : 'Value'}`;
}
