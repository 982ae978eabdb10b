import assert from 'node:assert/strict';
import { test } from 'node:test';
import { murmur2, partitionOfKey } from './murmur2.ts';

/** Recorded from `org.apache.kafka.common.utils.Utils.murmur2` of kafka-clients 4.3.1. */
const fromJava: readonly (readonly [string, number])[] = [
  ['', 275646681],
  ['a', -1563381124],
  ['ab', 316155434],
  ['abc', 479470107],
  ['abcd', -1323649548],
  ['hello world', 1221641059],
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
];

test("murmur2 gives Java's hash for every tail length", () => {
  for (const [text, hash] of fromJava) assert.equal(murmur2(Buffer.from(text)), hash, text);
  assert.equal(murmur2(Buffer.from('ff800001fe', 'hex')), -173560464);
});

test('a negative hash loses its sign, not its remainder: Java masks, it does not shift', () => {
  assert.equal(partitionOfKey(Buffer.from('foobar'), 3), (-790332482 & 0x7fffffff) % 3);
  assert.notEqual(partitionOfKey(Buffer.from('foobar'), 5), (-790332482 >>> 0) % 5);
});
