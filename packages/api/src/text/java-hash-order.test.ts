import assert from 'node:assert/strict';
import { test } from 'node:test';
import { javaHashCode, javaHashOrder } from './java-hash-order.ts';

test('strings have the hash codes of Java', () => {
  assert.equal(javaHashCode(''), 0);
  assert.equal(javaHashCode('a'), 97);
  assert.equal(javaHashCode('filename'), -734768633);
  assert.equal(javaHashCode('polygenelubricants'), -(2 ** 31));
});

test('strings stand in the order of a HashSet', () => {
  assert.deepEqual(javaHashOrder(['BASE64', 'NUMERIC', 'BASE64']), ['NUMERIC', 'BASE64']);
  assert.deepEqual(javaHashOrder(['b', 'a']), ['a', 'b']);
});
