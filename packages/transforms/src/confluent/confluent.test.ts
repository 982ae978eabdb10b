import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ConfigError,
  DataError,
  INT32_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
  SchemaBuilder,
  newStruct,
  withRecord,
  type SinkRecord,
} from '@sluice/api';
import { aRecord, configured } from '../../test/build-record.ts';
import { dropKey, dropValue } from './drop.ts';
import { extractTopicHeader, extractTopicKey, extractTopicValue } from './extract-topic.ts';
import { confluentFilterValue } from './filter.ts';
import { JsonPath } from './json-path.ts';
import { messageTimestampRouter } from './message-timestamp-router.ts';
import { nullFilter } from './null-filter.ts';
import { tombstoneHandler } from './tombstone-handler.ts';
import { topicRegexRouter } from './topic-regex-router.ts';

const ORDER = {
  id: 7,
  state: 'open',
  lines: [
    { sku: 'a', n: 1 },
    { sku: 'b', n: 5 },
  ],
  note: null,
};

describe('JSON paths', () => {
  const cases: readonly (readonly [string, readonly unknown[]])[] = [
    ['$', [ORDER]],
    ['$.id', [7]],
    ["$['state']", ['open']],
    ['["lines"][0]["sku"]', ['a']],
    ['$.lines[*].n', [1, 5]],
    ['$.lines[-1].sku', ['b']],
    ['$.lines[0:1].sku', ['a']],
    ['$..sku', ['a', 'b']],
    ['$.lines[?(@.n > 2)].sku', ['b']],
    ["$.lines[?(@.sku == 'a' || @.n >= 5)].n", [1, 5]],
    ['$.lines[?(!(@.n == 1))].sku', ['b']],
    ["$.lines[?(@.sku in ['b', 'c'])].n", [5]],
    ['$.lines[?(@.sku =~ /A/i)].n', [1]],
    ["$[?(@.state == 'open' && @.id < 10)]", [ORDER]],
    ['$[?(@.note == null)]', [ORDER]],
    ['$[?(@.id != 7)]', []],
    ['$[?(@.nope)]', []],
    ['$.lines[?(@.n == $.id)]', []],
  ];
  for (const [path, values] of cases) {
    test(`${path} finds ${values.length}`, () => {
      assert.deepEqual(new JsonPath(path).evaluate(ORDER).values, values);
    });
  }

  test('what can not be read is told with its place', () => {
    for (const path of ['$[', '$.', '$[?(@.a ==)]', "$['a", '$ x', '$[?(1)]']) {
      assert.throws(() => new JsonPath(path), ConfigError, path);
    }
  });
});

describe('Confluent’s Filter', () => {
  const props = { 'filter.condition': "$[?(@.state == 'open')]", 'filter.type': 'include' };
  const closed = aRecord(null, { state: 'closed' });

  test('include keeps what matches, exclude drops it', () => {
    const open = aRecord(null, ORDER);
    const include = configured(confluentFilterValue, props);
    assert.equal(include.apply(open), open);
    assert.equal(include.apply(closed), null);
    const exclude = configured(confluentFilterValue, { ...props, 'filter.type': 'exclude' });
    assert.equal(exclude.apply(open), null);
    assert.equal(exclude.apply(closed), closed);
  });

  test('what lacks the field fails, unless told otherwise', () => {
    for (const record of [aRecord(null, { x: 1 }), aRecord(null, null)]) {
      assert.throws(() => configured(confluentFilterValue, props).apply(record), DataError);
      const kept = { ...props, 'missing.or.null.behavior': 'include' };
      assert.equal(configured(confluentFilterValue, kept).apply(record), record);
      const dropped = { ...props, 'missing.or.null.behavior': 'exclude' };
      assert.equal(configured(confluentFilterValue, dropped).apply(record), null);
    }
  });
});

describe('ExtractTopic', () => {
  const schema = SchemaBuilder.struct().field('table', OPTIONAL_STRING_SCHEMA).build();
  const struct = aRecord(schema, newStruct(schema, { table: 'customers' }));
  const topicOf = (record: SinkRecord | null): string | undefined => record?.topic;

  test('takes a field, a nested one by JSON path, the whole part, or a header', () => {
    const plain = configured(extractTopicValue, { field: 'table' });
    assert.equal(topicOf(plain.apply(struct)), 'customers');
    const nested = { field: '$["a"]["b"]', 'field.format': 'JSON_PATH' };
    const record = aRecord(null, { a: { b: 'deep' } });
    assert.equal(topicOf(configured(extractTopicValue, nested).apply(record)), 'deep');
    const keyed = withRecord(struct, { keySchema: STRING_SCHEMA, key: 'by-key' });
    assert.equal(topicOf(configured(extractTopicKey, {}).apply(keyed)), 'by-key');
    const headers = [{ key: 'to', schema: null, value: 'by-header' }];
    const sent = withRecord(struct, { headers });
    assert.equal(topicOf(configured(extractTopicHeader, { field: 'to' }).apply(sent)), 'by-header');
  });

  test('a missing text fails, or keeps the topic', () => {
    const empty = aRecord(schema, newStruct(schema, { table: null }));
    assert.throws(() => configured(extractTopicValue, { field: 'table' }).apply(empty), DataError);
    const props = { field: 'table', 'skip.missing.or.null': 'true' };
    assert.equal(topicOf(configured(extractTopicValue, props).apply(empty)), 'orders');
    assert.throws(() => configured(extractTopicHeader, {}), ConfigError);
  });
});

describe('Drop', () => {
  const record = withRecord(aRecord(INT32_SCHEMA, 5), { keySchema: INT32_SCHEMA, key: 6 });

  test('sets to null what it is told, and its schema as told', () => {
    const nullified = configured(dropKey, {}).apply(record);
    assert.deepEqual([nullified?.key, nullified?.keySchema, nullified?.value], [null, null, 5]);
    const retained = configured(dropValue, { 'schema.behavior': 'retain' }).apply(record);
    assert.deepEqual([retained?.value, retained?.valueSchema], [null, INT32_SCHEMA]);
    const forced = configured(dropValue, { 'schema.behavior': 'force_optional' }).apply(record);
    assert.equal(forced?.valueSchema?.isOptional, true);
    const validating = configured(dropValue, { 'schema.behavior': 'validate' });
    assert.throws(() => validating.apply(record), DataError);
  });
});

describe('what Confluent does with tombstones, topics and times', () => {
  const tombstone = aRecord(null, null);

  test('TombstoneHandler drops or fails, NullFilter drops', () => {
    assert.equal(configured(tombstoneHandler, {}).apply(tombstone), null);
    const failing = configured(tombstoneHandler, { behavior: 'fail' });
    assert.throws(() => failing.apply(tombstone), DataError);
    assert.equal(configured(nullFilter, {}).apply(tombstone), null);
    const record = aRecord(null, 1);
    assert.equal(configured(nullFilter, {}).apply(record), record);
  });

  test('TopicRegexRouter replaces by groups', () => {
    const props = { regex: '(ord)(ers)', replacement: '$2-$1' };
    assert.equal(configured(topicRegexRouter, props).apply(tombstone)?.topic, 'ers-ord');
  });

  test('MessageTimestampRouter takes the first time that is there', () => {
    const props = {
      'message.timestamp.keys': 'missing, ts',
      'message.timestamp.format': 'yyyy-MM-dd HH:mm',
      'topic.timestamp.format': 'yyyy.MM.dd',
    };
    const router = configured(messageTimestampRouter, props);
    const topics = ['2024-05-06 07:08', 1_700_000_000_000].map((ts) => {
      return router.apply(aRecord(null, { ts }))?.topic;
    });
    assert.deepEqual(topics, ['orders-2024.05.06', 'orders-2023.11.14']);
    assert.throws(() => router.apply(aRecord(null, { ts: 'nonsense' })), DataError);
    assert.throws(() => router.apply(aRecord(null, {})), DataError);
  });
});
