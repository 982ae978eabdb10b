import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { BYTES_SCHEMA, DataError, STRING_SCHEMA } from '@sluice/api';
import { aRecord, configured } from '../../test/build-record.ts';
import { gzipDecompressKey, gzipDecompressValue } from './gzip-decompress.ts';

const unpack = configured(gzipDecompressValue, {});

test('bytes are unpacked, with a schema and without, several members in a row too', () => {
  const packed = Buffer.concat([gzipSync('one '), gzipSync('two')]);
  for (const schema of [BYTES_SCHEMA, null]) {
    const made = unpack.apply(aRecord(schema, packed));
    assert.equal(String(made?.value), 'one two');
    assert.equal(made?.valueSchema, schema);
  }
});

test('null passes, for keys too', () => {
  const record = aRecord(BYTES_SCHEMA, null);
  assert.equal(unpack.apply(record), record);
  assert.equal(configured(gzipDecompressKey, {}).apply(record), record);
});

test('what is no bytes, or no gzip, is a DataError', () => {
  assert.throws(() => unpack.apply(aRecord(STRING_SCHEMA, 'text')), DataError);
  const cut = gzipSync('x'.repeat(1000)).subarray(0, 20);
  for (const bytes of [Buffer.from('text'), Buffer.alloc(0), cut]) {
    assert.throws(() => unpack.apply(aRecord(BYTES_SCHEMA, bytes)), DataError);
  }
});

test('what grows beyond a bound is refused', () => {
  const bomb = gzipSync(Buffer.alloc(257 * 1024 * 1024));
  assert.throws(() => unpack.apply(aRecord(BYTES_SCHEMA, bomb)), DataError);
});
