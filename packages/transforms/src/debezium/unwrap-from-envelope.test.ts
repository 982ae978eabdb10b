import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ConfigError,
  INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
  SchemaBuilder,
  newStruct,
  type SinkRecord,
} from '@sluice/api';
import { aRecord, configured } from '../../test/build-record.ts';
import { unwrapFromEnvelope } from './unwrap-from-envelope.ts';

const ROW = SchemaBuilder.struct().name('db.Row').optional().field('id', INT64_SCHEMA).build();
const SOURCE = SchemaBuilder.struct()
  .field('db', STRING_SCHEMA)
  .field('lsn', INT64_SCHEMA)
  .field('query', OPTIONAL_STRING_SCHEMA)
  .build();
const ENVELOPE = SchemaBuilder.struct()
  .name('db.Envelope')
  .field('before', ROW)
  .field('after', ROW)
  .field('source', SOURCE)
  .field('op', STRING_SCHEMA)
  .build();

function event(op: string, before: number | null, after: number | null): SinkRecord {
  const row = (id: number | null) => (id === null ? null : { id });
  const source = { db: 'shop', lsn: 77, query: null };
  const value = { before: row(before), after: row(after), source, op };
  return aRecord(ENVELOPE, newStruct(ENVELOPE, value));
}

const TOMBSTONE = aRecord(null, null);

test('by default new rows stay, deletes and tombstones go', () => {
  const unwrap = configured(unwrapFromEnvelope, {});
  const made = unwrap.apply(event('u', 1, 2));
  assert.deepEqual(made?.value, { id: 2 });
  assert.equal(made?.valueSchema, ROW);
  assert.equal(unwrap.apply(event('d', 1, null)), null);
  assert.equal(unwrap.apply(TOMBSTONE), null);
  const other = aRecord(ROW, { id: 1 });
  assert.equal(unwrap.apply(other), other);
});

test('none makes tombstones of deletes, and so does the older option', () => {
  for (const props of [{ 'delete.handling.mode': 'None' }, { 'drop.deletes': 'false' }]) {
    const unwrap = configured(unwrapFromEnvelope, { ...props, 'drop.tombstones': 'false' });
    const made = unwrap.apply(event('d', 1, null));
    assert.equal(made?.value, null);
    assert.equal(made?.valueSchema, ROW);
    assert.equal(unwrap.apply(TOMBSTONE), TOMBSTONE);
  }
});

test('rewrite says of each row whether it was deleted', () => {
  const unwrap = configured(unwrapFromEnvelope, { 'delete.handling.mode': 'rewrite' });
  assert.deepEqual(unwrap.apply(event('c', null, 2))?.value, { id: 2, __deleted: 'false' });
  const made = unwrap.apply(event('d', 1, null));
  assert.deepEqual(made?.value, { id: 1, __deleted: 'true' });
  assert.equal(made?.valueSchema?.field('__deleted')?.schema, STRING_SCHEMA);
  assert.equal(made?.valueSchema?.isOptional, false);
  assert.equal(unwrap.apply(event('t', null, null)), null);
});

test('fields of source are added as text, those that are not there as empty text', () => {
  const unwrap = configured(unwrapFromEnvelope, { 'add.source.fields': 'lsn,query,nope' });
  assert.deepEqual(unwrap.apply(event('c', null, 2))?.value, {
    id: 2,
    __lsn: '77',
    __query: '',
    __nope: '',
  });
});

test('the operation is added as a header, to a copy', () => {
  const unwrap = configured(unwrapFromEnvelope, {
    'operation.header': 'true',
    'drop.tombstones': 'false',
  });
  const record = event('c', null, 2);
  assert.equal(unwrap.apply(record)?.headers[0]?.value, 'c');
  assert.equal(record.headers.length, 0);
  assert.equal(unwrap.apply(TOMBSTONE)?.headers[0]?.value, 'DELETE');
  assert.throws(() => configured(unwrapFromEnvelope, { 'delete.handling.mode': 'x' }), ConfigError);
});
