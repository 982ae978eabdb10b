import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupPartitions } from './group-partitions.ts';

test('items are dealt out in order, the first groups one larger', () => {
  assert.deepEqual(groupPartitions([1, 2, 3, 4, 5], 3), [[1, 2], [3, 4], [5]]);
  assert.deepEqual(groupPartitions([1], 3), [[1], [], []]);
  assert.deepEqual(groupPartitions([], 1), [[]]);
  for (const groups of [0, -1, 1.5]) assert.throws(() => groupPartitions([1], groups));
});
