import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataError } from '../errors/data-error.ts';
import {
  addHeader,
  applyToHeaders,
  headersEqual,
  headersWithKey,
  lastHeader,
  newHeader,
  removeHeaders,
  retainLatestHeaders,
} from './connect-headers.ts';
import {
  BYTES_SCHEMA,
  INT32_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
} from './schema-constants.ts';

const HEADERS = [
  newHeader('a', 'one', STRING_SCHEMA),
  newHeader('b', 2, INT32_SCHEMA),
  newHeader('a', 'three', STRING_SCHEMA),
];

test('headers are an ordered list in which keys repeat', () => {
  assert.deepEqual(
    headersWithKey(HEADERS, 'a').map(({ value }) => value),
    ['one', 'three'],
  );
  assert.equal(lastHeader(HEADERS, 'a')?.value, 'three');
  assert.equal(lastHeader(HEADERS, 'x'), null);
  assert.deepEqual(
    removeHeaders(HEADERS, 'a').map(({ value }) => value),
    [2],
  );
  assert.equal(addHeader(HEADERS, 'c', null).length, 4);
  assert.equal(HEADERS.length, 3);
});

test('retaining the latest keeps the last of each key, or of one, where it stood', () => {
  assert.deepEqual(
    retainLatestHeaders(HEADERS).map(({ value }) => value),
    [2, 'three'],
  );
  assert.deepEqual(
    retainLatestHeaders(HEADERS, 'b').map(({ value }) => value),
    ['one', 2, 'three'],
  );
});

test('applying changes each header, one key only, or drops it', () => {
  const upper = applyToHeaders(HEADERS, (h) => ({
    ...h,
    value: String(h.value).toUpperCase(),
    schema: null,
  }));
  assert.deepEqual(
    upper.map(({ value }) => value),
    ['ONE', '2', 'THREE'],
  );
  const dropped = applyToHeaders(HEADERS, () => null, 'a');
  assert.deepEqual(
    dropped.map(({ key }) => key),
    ['b'],
  );
});

test('a header is checked against its schema; without one anything will do', () => {
  assert.throws(() => newHeader('a', 1, STRING_SCHEMA), DataError);
  assert.throws(() => newHeader('a', null, STRING_SCHEMA), DataError);
  assert.throws(() => newHeader(null as never, 1), DataError);
  assert.equal(newHeader('a', null, OPTIONAL_STRING_SCHEMA).value, null);
  assert.deepEqual(newHeader('a', { x: 1 }).value, { x: 1 });
});

test('lists are equal element by element, bytes by content', () => {
  const bytes = (): ReturnType<typeof newHeader> => newHeader('k', Buffer.from('x'), BYTES_SCHEMA);
  assert.ok(headersEqual([bytes(), ...HEADERS], [bytes(), ...HEADERS]));
  assert.ok(!headersEqual(HEADERS, HEADERS.toReversed()));
});
