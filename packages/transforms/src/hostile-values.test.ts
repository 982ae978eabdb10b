/** Values that break careless code, through every transformation and predicate of this package. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Decimal,
  FLOAT64_SCHEMA,
  Float32,
  Float64,
  INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  SchemaBuilder,
  TIMESTAMP_SCHEMA,
  float64,
  getOwn,
  newSinkRecord,
  newStruct,
  setOwn,
  validateValue,
  valueEquals,
  type AnyRecord,
  type PredicatePlugin,
  type Schema,
  type TransformationPlugin,
} from '@sluice/api';
import { loadPlugins } from '../test/plugin-case.ts';
import { deepFreeze, isDeliberate } from '../test/recording.ts';

type Props = Readonly<Record<string, string>>;

const KAFKA = 'org.apache.kafka.connect.transforms.';
const CONFLUENT = 'io.confluent.connect.transforms.';
const DEBEZIUM = 'io.debezium.transforms.';
const COMMUNITY = 'com.github.jcustenborder.kafka.connect.transform.common.';
const MONGO_DOCUMENTS = { 'array.encoding': 'document', 'flatten.struct': 'true' };
const JAVASCRIPT = { language: 'jsr223.graal.js' };
const SPECS = ['int8', 'int32', 'int64', 'float32', 'float64', 'boolean', 'string'];
const TARGETS = ['unix', 'Date', 'Time', 'Timestamp', 'string'];

/** Configs by class, without `$Key` and `$Value`; each looks at the field `a`. */
const CONFIGS: Readonly<Record<string, readonly Props[]>> = {
  [`${KAFKA}Cast`]: SPECS.flatMap((type) => [{ spec: `a:${type}` }, { spec: type }]),
  [`${KAFKA}DropHeaders`]: [{ headers: 'a' }],
  [`${KAFKA}ExtractField`]: [{ field: 'a' }, { field: 'a.b', 'field.syntax.version': 'V2' }],
  [`${KAFKA}Filter`]: [{}],
  [`${KAFKA}Flatten`]: [{}],
  [`${KAFKA}HeaderFrom`]: ['move', 'copy'].map((operation) => {
    return { fields: 'a', headers: 'h', operation };
  }),
  [`${KAFKA}HoistField`]: [{ field: '__proto__' }],
  [`${KAFKA}InsertField`]: [{ 'topic.field': 'constructor', 'timestamp.field': 'a2' }],
  [`${KAFKA}InsertHeader`]: [{ header: 'h', 'value.literal': 'x' }],
  [`${KAFKA}MaskField`]: [{ fields: 'a' }, { fields: 'a', replacement: '7' }],
  [`${KAFKA}RegexRouter`]: [{ regex: '.*', replacement: 'x' }],
  [`${KAFKA}ReplaceField`]: [{ exclude: 'a' }, { renames: 'a:__proto__' }],
  [`${KAFKA}SetSchemaMetadata`]: [{ 'schema.name': '__proto__' }],
  [`${KAFKA}TimestampConverter`]: TARGETS.flatMap((target) => {
    const shared = { 'target.type': target, format: 'yyyy-MM-dd' };
    return [{ ...shared, field: 'a' }, shared];
  }),
  [`${KAFKA}TimestampRouter`]: [{}],
  [`${KAFKA}ValueToKey`]: [{ fields: 'a' }],
  [`${KAFKA}predicates.HasHeaderKey`]: [{ name: 'a' }],
  [`${KAFKA}predicates.RecordIsTombstone`]: [{}],
  [`${KAFKA}predicates.TopicNameMatches`]: [{ pattern: '.*' }],
  [`${CONFLUENT}Drop`]: [{}],
  [`${CONFLUENT}ExtractTopic`]: [{ field: 'a' }, { field: '$.a', 'field.format': 'JSON_PATH' }],
  [`${CONFLUENT}ExtractTopic$Header`]: [{ field: 'a' }],
  [`${CONFLUENT}Filter`]: ['include', 'exclude'].map((type) => {
    return { 'filter.condition': "$[?(@.a == 'x')]", 'filter.type': type };
  }),
  [`${CONFLUENT}GzipDecompress`]: [{}],
  [`${CONFLUENT}MessageTimestampRouter`]: [{ 'message.timestamp.keys': 'a' }],
  'io.confluent.transforms.NullFilter': [{}],
  [`${CONFLUENT}TombstoneHandler`]: [{}],
  'io.confluent.connect.cloud.transforms.TopicRegexRouter': [{ regex: '(.*)', replacement: '$1' }],
  [`${DEBEZIUM}ContentBasedRouter`]: [{ ...JAVASCRIPT, 'topic.expression': 'value.a' }],
  [`${DEBEZIUM}outbox.EventRouter`]: [{}, { 'table.expand.json.payload': 'true' }],
  [`${DEBEZIUM}ExtractChangedRecordState`]: [{ 'header.changed.name': 'h' }],
  [`${DEBEZIUM}ExtractNewRecordState`]: [{}, { 'delete.tombstone.handling.mode': 'rewrite' }],
  'io.debezium.connector.mongodb.transforms.ExtractNewDocumentState': [{}, MONGO_DOCUMENTS],
  [`${DEBEZIUM}Filter`]: [{ ...JAVASCRIPT, condition: "value.a === 'x'" }],
  [`${DEBEZIUM}HeaderToValue`]: [{ headers: 'a', fields: 'b', operation: 'move' }],
  [`${DEBEZIUM}partitions.PartitionRouting`]: ['java', 'murmur'].map((hash) => {
    const fields = { 'partition.payload.fields': 'after.a', 'partition.topic.num': '4' };
    return { ...fields, 'partition.hash.function': hash };
  }),
  [`${DEBEZIUM}SchemaChangeEventFilter`]: [{ 'schema.change.event.exclude.list': 'CREATE_TABLE' }],
  [`${DEBEZIUM}TimezoneConverter`]: [{ 'converted.timezone': '+02:00' }],
  [`${DEBEZIUM}ToLogicalTopicRouter`]: [{ 'topic.regex': '(.*)', 'topic.replacement': '$1' }],
  [`${DEBEZIUM}ByLogicalTableRouter`]: [{ 'topic.regex': '(.*)', 'topic.replacement': '$1x' }],
  [`${DEBEZIUM}UnwrapFromEnvelope`]: [{}, { 'delete.handling.mode': 'rewrite' }],
  [`${COMMUNITY}ChangeTopicCase`]: [{ from: 'LOWER_HYPHEN', to: 'UPPER_CAMEL' }],
  'com.github.cjmatta.kafka.connect.smt.InsertUuid': [{}],
  [`${COMMUNITY}TimestampNowField`]: [{ fields: 'b' }],
};

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 'x';
  for (let i = 0; i < depth; i++) value = wrap(value);
  return value;
}

function polluting(): object {
  const map = {};
  for (const name of ['__proto__', 'constructor', 'prototype', 'toString']) {
    setOwn(map, name, { polluted: true });
  }
  return map;
}

const HOSTILE: readonly (readonly [string, Schema | null, unknown])[] = [
  ['ten million characters', OPTIONAL_STRING_SCHEMA, 'x1'.repeat(5_000_000)],
  ['half a surrogate pair', OPTIONAL_STRING_SCHEMA, 'a\ud83d'],
  ['the other half', OPTIONAL_STRING_SCHEMA, '\ude00'],
  ['a byte order mark', OPTIONAL_STRING_SCHEMA, '\ufeff1'],
  ['zero bytes and line ends', OPTIONAL_STRING_SCHEMA, '\0\r\n\u2028'],
  ['NaN', FLOAT64_SCHEMA, Number.NaN],
  ['infinity', FLOAT64_SCHEMA, Number.POSITIVE_INFINITY],
  ['minus infinity', FLOAT64_SCHEMA, Number.NEGATIVE_INFINITY],
  ['minus zero', FLOAT64_SCHEMA, -0],
  ['the largest double', FLOAT64_SCHEMA, Number.MAX_VALUE],
  ['the largest long', INT64_SCHEMA, 2n ** 63n - 1n],
  ['the smallest long', INT64_SCHEMA, -(2n ** 63n)],
  ['before 1970', TIMESTAMP_SCHEMA, new Date(-1)],
  ['the year 1', TIMESTAMP_SCHEMA, new Date('0001-01-01T00:00:00Z')],
  ['after 9999', TIMESTAMP_SCHEMA, new Date('+012345-01-01T00:00:00Z')],
  ['the last date', TIMESTAMP_SCHEMA, new Date(8_640_000_000_000_000)],
  ['a whole float', null, float64(1)],
  ['a boxed NaN', null, new Float64(Number.NaN)],
  ['a single float', null, new Float32(0.1)],
  ['a decimal of a large exponent', null, new Decimal(1n, -100_000)],
  ['1,000 lists', null, nested(1000, (inner) => [inner])],
  ['1,000 maps', null, nested(1000, (inner) => ({ a: inner }))],
  ['names of the prototype', null, polluting()],
  ['bytes', null, Buffer.from([0xff, 0xfe])],
  ['nothing', OPTIONAL_STRING_SCHEMA, null],
];

/** A stack that runs over is a RangeError as well, but nobody's deliberate one. */
function isClear(error: unknown): boolean {
  return isDeliberate(error) && !/call stack|string length/i.test(String(error));
}

function recordOf(schema: Schema | null, value: unknown): AnyRecord {
  return newSinkRecord({
    topic: 'topic',
    kafkaPartition: 0,
    kafkaOffset: 1,
    timestamp: 1_700_000_000_000,
    keySchema: schema,
    key: value,
    valueSchema: schema,
    value,
    headers: [{ key: 'a', schema: null, value: 'h' }],
  });
}

/** The value as it is, as a member of a map and of a struct, and as one of a changed row. */
function recordsWith(schema: Schema | null, value: unknown): readonly AnyRecord[] {
  const map = { a: value, kept: value };
  const records = [recordOf(null, value), recordOf(null, map)];
  if (schema === null) return records.map(frozen);
  const row = SchemaBuilder.struct().name('r').optional().field('a', schema).field('kept', schema);
  const struct = row.build();
  const envelope = SchemaBuilder.struct()
    .name('r.Envelope')
    .field('before', struct)
    .field('after', struct)
    .field('op', OPTIONAL_STRING_SCHEMA)
    .build();
  const event = newStruct(envelope, { before: null, after: newStruct(struct, map), op: 'c' });
  const more = [
    recordOf(schema, value),
    recordOf(struct, newStruct(struct, map)),
    recordOf(envelope, event),
  ];
  return [...records, ...more].map(frozen);
}

/** Freezing a thousand levels, or bytes, is the test's problem and not the transformation's. */
function frozen(record: AnyRecord): AnyRecord {
  try {
    return deepFreeze(record);
  } catch {
    return record;
  }
}

const loaded = await loadPlugins();

test('there are configs for every class', () => {
  for (const name of loaded.keys()) assert.ok(configsOf(name).length > 0, name);
});

function configsOf(name: string): readonly Props[] {
  return CONFIGS[name] ?? CONFIGS[name.replace(/\$(?:Key|Value)$/, '')] ?? [];
}

for (const [className, plugin] of loaded) {
  test(`${className} answers hostile values, or says what is wrong with them`, () => {
    for (const props of configsOf(className)) {
      for (const [what, schema, value] of HOSTILE) {
        for (const record of recordsWith(schema, value)) {
          check(plugin, props, record, `${what} with ${JSON.stringify(props)}`);
        }
      }
    }
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });
}

function check(
  plugin: TransformationPlugin | PredicatePlugin,
  props: Props,
  record: AnyRecord,
  what: string,
): void {
  try {
    if (plugin.type === 'predicate') {
      const predicate = plugin.create();
      predicate.configure(props);
      assert.equal(typeof predicate.test(record), 'boolean');
      return;
    }
    const transformation = plugin.create();
    transformation.configure(props);
    const made = transformation.apply(record);
    if (made !== null) checkMade(record, made, what);
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    assert.ok(isClear(error), `${what}: ${String(error).slice(0, 300)}`);
  }
}

/** What fits its schema, and has what nobody asked to change as it was. */
function checkMade(record: AnyRecord, made: AnyRecord, what: string): void {
  for (const [schema, value] of [
    [made.keySchema, made.key],
    [made.valueSchema, made.value],
  ] as const) {
    if (schema !== null) validateValue(schema, value);
  }
  const before = memberKept(record.value);
  const after = memberKept(made.value);
  if (before === undefined || after === undefined || before === after) return;
  assert.ok(Object.is(before, after) || valueEquals(before, after), what);
}

function memberKept(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? getOwn(value, 'kept') : undefined;
}
