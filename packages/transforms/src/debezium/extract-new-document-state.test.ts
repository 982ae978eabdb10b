import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
  SchemaBuilder,
  getOwn,
  newSinkRecord,
  newStruct,
  validateValue,
  type Props,
  type SinkRecord,
} from '@sluice/api';
import { isDeliberate } from '../../test/recording.ts';
import { extractNewDocumentState } from './extract-new-document-state.ts';

const KEY = SchemaBuilder.struct().name('t.Key').field('id', STRING_SCHEMA).build();
const ENVELOPE = SchemaBuilder.struct()
  .name('t.Envelope')
  .field('before', OPTIONAL_STRING_SCHEMA)
  .field('after', OPTIONAL_STRING_SCHEMA)
  .field('updateDescription', OPTIONAL_STRING_SCHEMA)
  .field('op', OPTIONAL_STRING_SCHEMA)
  .build();

const NAMES = fc.constantFrom(
  '$oid',
  '$date',
  '$numberLong',
  '$code',
  '$binary',
  '__proto__',
  'a.b',
);

function event(op: string | null, document: string | null): SinkRecord {
  const [before, after] = op === 'd' ? [document, null] : [null, document];
  const value = newStruct(ENVELOPE, { before, after, updateDescription: null, op });
  return newSinkRecord({
    topic: 't',
    kafkaPartition: 0,
    kafkaOffset: 1,
    keySchema: KEY,
    key: newStruct(KEY, { id: '7' }),
    valueSchema: op === null ? null : ENVELOPE,
    value: op === null ? null : value,
  });
}

function apply(props: Props, record: SinkRecord): SinkRecord | null {
  const transformation = extractNewDocumentState.create();
  transformation.configure(props);
  return transformation.apply(record);
}

function field(record: SinkRecord | null, name: string): unknown {
  return getOwn(Object(record?.value), name);
}

describe('ExtractNewDocumentState', () => {
  test('keeps tombstones and drops deletes for drop.tombstones=false, as Debezium 2 did', () => {
    const props = { 'drop.tombstones': 'false' };
    assert.equal(apply(props, event('d', '{"x":1}')), null);
    const tombstone = apply(props, event(null, null));
    assert.equal(tombstone?.value, null);
    assert.deepEqual({ ...Object(tombstone?.key) }, { id: 7 });
  });

  test('rewrites, or makes tombstones of, deletes by delete.handling.mode', () => {
    const rewritten = apply({ 'delete.handling.mode': 'rewrite' }, event('d', '{"x":1}'));
    assert.equal(field(rewritten, 'x'), 1);
    assert.equal(field(rewritten, '__deleted'), true);
    const none = apply({ 'delete.handling.mode': 'none' }, event('d', '{"x":1}'));
    assert.equal(none?.value, null);
    assert.equal(none?.valueSchema, null);
  });

  test('follows the newer key when both are there', () => {
    const props = { 'drop.tombstones': 'false', 'delete.tombstone.handling.mode': 'tombstone' };
    assert.equal(apply(props, event(null, null)), null);
    assert.equal(apply(props, event('d', null))?.value, null);
  });

  test('adds the operation as a header for operation.header, and sanitizes names', () => {
    const props = { 'operation.header': 'true', 'sanitize.field.names': 'true' };
    const made = apply(props, event('c', '{"a-b": 1, "2nd": 2, "list": []}'));
    assert.deepEqual(
      made?.headers.map(({ key, value }) => [key, value]),
      [['__op', 'c']],
    );
    assert.deepEqual({ ...Object(made?.value) }, { a_b: 1, _nd: 2, list: null });
  });

  test('ignores debezium.source.struct.version', () => {
    const made = apply({ 'debezium.source.struct.version': 'v2' }, event('c', '{"x":1}'));
    assert.equal(field(made, 'x'), 1);
  });

  test('says which array is of several types, and what to do', () => {
    assert.throws(() => apply({}, event('c', '{"tags": [1, "a"]}')), {
      message:
        'Array elements with different Bson types are not supported: "tags" has ' +
        'int32, string. Set array.encoding=document, or make them of one type.',
    });
    const made = apply({ 'array.encoding': 'document' }, event('c', '{"tags": [1, "a"]}'));
    assert.deepEqual({ ...Object(field(made, 'tags')) }, { _0: 1, _1: 'a' });
  });

  test('makes one schema of documents that are alike', () => {
    const transformation = extractNewDocumentState.create();
    transformation.configure({});
    const [one, two] = ['{"a": {"b": 1}}', '{"a": {"b": 2}}'].map((text) =>
      transformation.apply(event('c', text)),
    );
    assert.ok(one?.valueSchema);
    assert.equal(one.valueSchema, two?.valueSchema);
    assert.equal(one.keySchema, two?.keySchema);
  });

  test('makes values that fit their schemas of any JSON, or says what is wrong', () => {
    let made = 0;
    const props = fc.record({
      'array.encoding': fc.constantFrom('array', 'document'),
      'flatten.struct': fc.constantFrom('true', 'false'),
      'field.name.adjustment.mode': fc.constantFrom('none', 'avro', 'avro_unicode'),
    });
    const documents = fc.dictionary(
      fc.oneof({ weight: 5, arbitrary: fc.string({ minLength: 1 }) }, NAMES),
      fc.jsonValue({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(props, documents, (config, document) => {
        try {
          const { value, valueSchema } = apply(config, event('c', JSON.stringify(document))) ?? {};
          if (valueSchema === undefined || valueSchema === null) return;
          validateValue(valueSchema, value);
          made++;
        } catch (error) {
          assert.ok(isDeliberate(error), String(error));
        }
      }),
      { numRuns: 500 },
    );
    assert.ok(made > 100, `${made} made`);
  });

  for (const text of [
    '{"a": {"$numberLong": "99999999999999999999"}}',
    '{"a": {"$numberInt": "x"}}',
    '{"a": {"$numberDouble": "x"}}',
    '{"a": {"$date": "yesterday"}}',
    '{"a": {"$maxKey": 1}}',
    `{"a": ${'['.repeat(500)}${']'.repeat(500)}}`,
  ]) {
    test(`refuses ${text.slice(0, 50)} with a clear error`, () => {
      assert.throws(() => apply({}, event('c', text)), { message: /MongoDB document/ });
    });
  }
});
