import {
  ConnectError,
  INT32_SCHEMA,
  INT64_SCHEMA,
  STRING_SCHEMA,
  getOwn,
  lastHeader,
  type Schema,
  type SinkRecord,
} from '@sluice/api';
import { recordText } from './record-text.ts';
import type { SinkSettings } from './sink-settings.ts';

/** A column that a record gives a value for. */
export interface PlannedField {
  /** The field's name, which is the column's. */
  readonly name: string;
  readonly schema: Schema;
  valueOf(record: SinkRecord): unknown;
}

/** How records of one shape become rows. */
export interface RecordPlan {
  readonly isDelete: boolean;
  readonly keys: readonly PlannedField[];
  /** Empty for a delete. */
  readonly columns: readonly PlannedField[];
  /** Keys and columns in the order of a new table. */
  readonly inTableOrder: readonly PlannedField[];
}

/** The columns of `pk.mode=kafka`, unless `pk.fields` names them. */
const KAFKA_KEY_FIELDS: readonly string[] = [
  '__connect_topic',
  '__connect_partition',
  '__connect_offset',
];

/**
 * Works out keys and columns of records that look like this one.
 *
 * @throws ConnectError when the record has not what `pk.mode` asks for
 */
export function planRecord(record: SinkRecord, settings: SinkSettings): RecordPlan {
  const isDelete = record.value === null;
  if (isDelete) requireDeletes(record, settings);
  const values = isDelete ? [] : valueFields(record, settings);
  const keys = keyFields(record, settings, values);
  const keyNames = new Set(keys.map(({ name }) => name));
  const columns = values.filter(
    ({ name }) => !keyNames.has(name) && settings.isFieldKept(record.topic, name),
  );
  if (!isDelete && keys.length === 0 && columns.length === 0) {
    throw new ConnectError(
      `No fields found using key and value schemas for ${recordText(record)}: nothing is left to ` +
        'be written. Look at fields.whitelist and pk.mode.',
    );
  }
  const isKafka = settings.keyMode === 'kafka';
  const kept = new Map([...keys, ...columns].map((field) => [field.name, field]));
  const rest = keys.filter(({ name }) => !values.some((value) => value.name === name));
  const ordered = [
    ...(isKafka ? keys : []),
    ...values.flatMap(({ name }) => kept.get(name) ?? []),
    ...(isKafka ? [] : rest.toSorted((a, b) => (a.name < b.name ? -1 : 1))),
  ];
  return { isDelete, keys, columns, inTableOrder: ordered };
}

function requireDeletes(record: SinkRecord, settings: SinkSettings): void {
  if (settings.isDeleteEnabled) return;
  const { connectorName, keyMode } = settings;
  throw new ConnectError(
    `Sink connector '${connectorName}' is configured with 'delete.enabled=false' and ` +
      `'pk.mode=${keyMode}' and therefore requires records with a non-null Struct value and ` +
      `non-null Struct schema, but found ${recordText(record)} with a null value. ` +
      'Set delete.enabled=true and pk.mode=record_key, or drop such records by a transformation.',
  );
}

function valueFields(record: SinkRecord, settings: SinkSettings): readonly PlannedField[] {
  const { valueSchema: schema, value } = record;
  const column = settings.stringColumn;
  if (schema?.type === 'STRUCT') return structFields(schema, valueOfRecord, settings);
  if (typeof value === 'string' && column !== null) {
    return [{ name: column, schema: STRING_SCHEMA, valueOf: valueOfRecord }];
  }
  const found = schema === null ? 'no schema' : `the schema ${schema.toString()}`;
  throw new ConnectError(
    `Sink connector '${settings.connectorName}' requires records with a non-null Struct value and ` +
      `non-null Struct schema, but found ${recordText(record)} with ${found}. Use a converter that ` +
      'gives schemas (Avro, Protobuf, JSON Schema, or JSON with schemas.enable=true).',
  );
}

function keyFields(
  record: SinkRecord,
  settings: SinkSettings,
  values: readonly PlannedField[],
): readonly PlannedField[] {
  switch (settings.keyMode) {
    case 'none':
      return [];
    case 'kafka':
      return kafkaKeys(settings);
    case 'record_key':
      return recordKeys(record, settings);
    case 'record_value': {
      if (settings.keyFields.length === 0) return values;
      return settings.keyFields.map((name) => named(values, name, record, settings, 'value'));
    }
    default:
      return settings.keyFields.map((name) => headerField(name, record, settings));
  }
}

function kafkaKeys({ keyFields: names }: SinkSettings): readonly PlannedField[] {
  const [topic = '', partition = '', offset = ''] = names.length === 0 ? KAFKA_KEY_FIELDS : names;
  return [
    { name: topic, schema: STRING_SCHEMA, valueOf: (record) => record.topic },
    { name: partition, schema: INT32_SCHEMA, valueOf: (record) => record.kafkaPartition },
    { name: offset, schema: INT64_SCHEMA, valueOf: (record) => record.kafkaOffset },
  ];
}

function recordKeys(record: SinkRecord, settings: SinkSettings): readonly PlannedField[] {
  const { keySchema: schema, key } = record;
  const names = settings.keyFields;
  if (schema === null || key === null) {
    throw keyError(record, settings, 'a key with a schema', 'without one');
  }
  if (schema.type === 'STRUCT') {
    const fields = structFields(schema, keyOfRecord, settings);
    if (names.length === 0) return fields;
    return names.map((name) => named(fields, name, record, settings, 'key'));
  }
  const [name] = names;
  if (name === undefined || names.length !== 1) {
    throw keyError(
      record,
      settings,
      'exactly one column name in pk.fields for a primitive key',
      `with a key of type ${schema.type} and ${names.length} names`,
    );
  }
  return [{ name, schema, valueOf: keyOfRecord }];
}

function headerField(name: string, record: SinkRecord, settings: SinkSettings): PlannedField {
  const schema = lastHeader(record.headers, name)?.schema ?? null;
  if (schema === null) throw keyError(record, settings, `the header "${name}"`, 'without it');
  return { name, schema, valueOf: ({ headers }) => lastHeader(headers, name)?.value ?? null };
}

function named(
  fields: readonly PlannedField[],
  name: string,
  record: SinkRecord,
  settings: SinkSettings,
  where: string,
): PlannedField {
  const field = fields.find((one) => one.name === name);
  if (field !== undefined) return field;
  const has = fields.map((one) => one.name).join(', ');
  throw keyError(record, settings, `the field "${name}" in its ${where}`, `with [${has}]`);
}

function keyError(
  record: SinkRecord,
  { connectorName, keyMode, keyFields: names }: SinkSettings,
  wanted: string,
  found: string,
): ConnectError {
  return new ConnectError(
    `Sink connector '${connectorName}' is configured with 'pk.mode=${keyMode}' and ` +
      `'pk.fields=[${names.join(', ')}]' and therefore requires ${wanted}, but found ` +
      `${recordText(record)} ${found}. Correct pk.mode and pk.fields, or what writes the topic.`,
  );
}

const valueOfRecord = (record: SinkRecord): unknown => record.value;
const keyOfRecord = (record: SinkRecord): unknown => record.key;

function structFields(
  schema: Schema,
  structOf: (record: SinkRecord) => unknown,
  { nullsBecomeDefaults }: SinkSettings,
): readonly PlannedField[] {
  return schema.fields.map(({ name, schema: type }) => {
    const fallback = nullsBecomeDefaults ? (type.defaultValue ?? null) : null;
    return {
      name,
      schema: type,
      valueOf: (record) => getOwn(Object(structOf(record)), name) ?? fallback,
    };
  });
}
