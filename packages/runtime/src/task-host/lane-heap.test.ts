import assert from 'node:assert/strict';
import { test } from 'node:test';
import { laneHeapMb } from './lane-heap.ts';

const GB = 2 ** 30;

test('a container’s memory is shared by its threads; a machine without limits keeps Node’s own', () => {
  assert.equal(laneHeapMb({ constrained: GB, total: 24 * GB }, 2), 307);
  assert.equal(laneHeapMb({ constrained: 128 * 2 ** 20, total: 24 * GB }, 4), 64);
  assert.equal(laneHeapMb({ constrained: 16 * GB, total: 24 * GB }, 2), null);
  assert.equal(laneHeapMb({ constrained: 0, total: 24 * GB }, 2), null);
  assert.equal(laneHeapMb({ constrained: 2 ** 64, total: 24 * GB }, 2), null);
});
