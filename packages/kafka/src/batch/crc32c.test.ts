import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chooseCrc32c } from './crc32c.ts';
import { makeCrc32cTable } from './crc32c-table.ts';

test('the check value of CRC-32C comes out', () => {
  assert.equal(makeCrc32cTable()(Buffer.from('123456789')), 0xe306_9283);
  assert.equal(chooseCrc32c()(Buffer.from('123456789')), 0xe306_9283);
});

test('the chosen checksum and the one in JavaScript agree on every input', () => {
  const plain = makeCrc32cTable();
  const chosen = chooseCrc32c();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => plain(bytes) === chosen(bytes)),
  );
});

test('a checksum can be continued over pieces', () => {
  const plain = makeCrc32cTable();
  const bytes = Buffer.from('some bytes that come in two pieces');
  assert.equal(plain(bytes.subarray(11), plain(bytes.subarray(0, 11))), plain(bytes));
});
