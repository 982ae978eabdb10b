import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ConfigError,
  DataError,
  INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
  SchemaBuilder,
  SchemaBuilderError,
  TIMESTAMP_SCHEMA,
  newStruct,
  withRecord,
} from '@sluice/api';
import { aRecord, configured } from '../../test/build-record.ts';
import { changeTopicCase } from './change-topic-case.ts';
import { InsertUuid, insertUuidKey, insertUuidValue } from './insert-uuid.ts';
import { TimestampNowField, timestampNowFieldValue } from './timestamp-now-field.ts';

const NOW = Date.UTC(2026, 10, 21, 12, 30, 15, 678);

test('topics are written in every case from every other', () => {
  const written = {
    LOWER_CAMEL: 'shopOrdersEu',
    LOWER_HYPHEN: 'shop-orders-eu',
    LOWER_UNDERSCORE: 'shop_orders_eu',
    UPPER_CAMEL: 'ShopOrdersEu',
    UPPER_UNDERSCORE: 'SHOP_ORDERS_EU',
  };
  for (const [from, topic] of Object.entries(written)) {
    for (const [to, expected] of Object.entries(written)) {
      const record = withRecord(aRecord(null, 1), { topic });
      const made = configured(changeTopicCase, { from, to }).apply(record);
      assert.equal(made?.topic, expected, `${from} to ${to}`);
    }
  }
});

test('a topic that is not written as the config says changes as far as it can', () => {
  const cases = [
    ['LOWER_HYPHEN', 'LOWER_UNDERSCORE', 'Shop-orders', 'Shop_orders'],
    ['LOWER_HYPHEN', 'UPPER_CAMEL', 'shop.orders', 'Shop.orders'],
    ['UPPER_UNDERSCORE', 'LOWER_CAMEL', 'A__B', 'aB'],
    ['LOWER_CAMEL', 'UPPER_UNDERSCORE', 'öffnenÄ', 'öFFNENÄ'],
  ] as const;
  for (const [from, to, topic, expected] of cases) {
    const record = withRecord(aRecord(null, 1), { topic });
    assert.equal(configured(changeTopicCase, { from, to }).apply(record)?.topic, expected);
  }
  assert.throws(
    () => configured(changeTopicCase, { from: 'camel', to: 'LOWER_CAMEL' }),
    ConfigError,
  );
});

test('a UUID is added to structs and maps', () => {
  const insert = new InsertUuid('value', () => 'the uuid');
  insert.configure({ 'uuid.field.name': '__proto__' });
  const schema = SchemaBuilder.struct().field('a', STRING_SCHEMA).build();
  const made = insert.apply(aRecord(schema, newStruct(schema, { a: 'x' })));
  assert.deepEqual(Object.entries(Object(made.value)), [
    ['a', 'x'],
    ['__proto__', 'the uuid'],
  ]);
  assert.equal(made.valueSchema?.field('__proto__')?.schema, STRING_SCHEMA);
  const map = insert.apply(aRecord(null, { a: 'x' })).value;
  assert.deepEqual(Object.entries(Object(map)), Object.entries(Object(made.value)));
});

test('UUIDs differ from record to record; null, and a field of that name, are errors', () => {
  const insert = configured(insertUuidValue, {});
  const uuids = [1, 2].map((a) => JSON.stringify(insert.apply(aRecord(null, { a }))?.value));
  for (const text of uuids) assert.match(text, /"uuid":"[0-9a-f]{8}-[0-9a-f]{4}-4/);
  assert.notEqual(uuids[0]?.slice(6), uuids[1]?.slice(6));
  assert.throws(() => insert.apply(aRecord(null, null)), DataError);
  assert.throws(() => configured(insertUuidKey, {}).apply(aRecord(null, {})), DataError);
  const schema = SchemaBuilder.struct().field('uuid', OPTIONAL_STRING_SCHEMA).build();
  const taken = aRecord(schema, newStruct(schema, { uuid: null }));
  assert.throws(() => insert.apply(taken), SchemaBuilderError);
});

test('fields are set to the time of the worker, those that fit in their places', () => {
  const schema = SchemaBuilder.struct()
    .field('seen', TIMESTAMP_SCHEMA)
    .field('text', STRING_SCHEMA)
    .field('a', INT64_SCHEMA)
    .build();
  const value = newStruct(schema, { seen: new Date(0), text: 'x', a: 5 });
  const transformation = new TimestampNowField('value', () => NOW);
  transformation.configure({ fields: 'new,text,seen' });
  const made = transformation.apply(aRecord(schema, value));
  const now = new Date(NOW);
  assert.deepEqual(Object.entries(Object(made.value)), [
    ['seen', now],
    ['a', 5],
    ['new', now],
    ['text', now],
  ]);
  assert.equal(made.valueSchema?.field('text')?.schema, TIMESTAMP_SCHEMA);
});

test('with Unix, fields are seconds, and a Timestamp does not fit', () => {
  const schema = SchemaBuilder.struct().field('t', TIMESTAMP_SCHEMA).build();
  const transformation = new TimestampNowField('value', () => NOW);
  transformation.configure({ fields: 't', 'target.type': 'Unix' });
  const made = transformation.apply(aRecord(schema, newStruct(schema, { t: new Date(0) })));
  assert.equal(made.valueSchema?.field('t')?.schema, INT64_SCHEMA);
  assert.deepEqual(made.value, { t: Math.floor(NOW / 1000) });
  assert.deepEqual(transformation.apply(aRecord(null, { t: 1, u: 2 })).value, {
    t: Math.floor(NOW / 1000),
    u: 2,
  });
});

test('null passes where a time is set; what has no fields is an error', () => {
  const transformation = configured(timestampNowFieldValue, { fields: 't' });
  assert.equal(transformation.apply(aRecord(null, null))?.value, null);
  assert.throws(() => transformation.apply(aRecord(null, 'text')), DataError);
  assert.throws(() => transformation.apply(aRecord(STRING_SCHEMA, 'text')), DataError);
});
