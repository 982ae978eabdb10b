import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActivitySnapshot } from '../../data-plane/task-activity.ts';
import { stallOf } from './stall-rule.ts';

const LIMIT = 1_000;
const IDLE: ActivitySnapshot = {
  stage: 'poll',
  stageSinceMs: 0,
  lastProgressMs: null,
  unacknowledgedSinceMs: null,
  redeliveringSinceMs: null,
  committingSinceMs: null,
  isToRest: false,
};

function stage(changes: Partial<ActivitySnapshot>, nowMs = LIMIT): string | null {
  return stallOf({ ...IDLE, ...changes }, nowMs, LIMIT)?.stage ?? null;
}

test('a source without data and a sink without records are idle, however long', () => {
  assert.equal(stage({}, 1e9), null);
  assert.equal(stage({ stage: 'consume' }, 1e9), null);
});

test('calls of a task that do not return are stalls once the limit is over', () => {
  for (const each of ['start', 'send', 'rebalance', 'put', 'commit', 'stop'] as const) {
    assert.equal(stage({ stage: each }, LIMIT - 1), null);
    assert.equal(stage({ stage: each }), each);
  }
});

test('a poll that ignores that it should end is one', () => {
  assert.equal(stage({ isToRest: true }), 'poll');
});

test('records that nobody acknowledges, takes or whose offsets are not stored are', () => {
  assert.equal(stage({ unacknowledgedSinceMs: 0 }), 'produce');
  assert.equal(stage({ stage: 'consume', redeliveringSinceMs: 0 }), 'put');
  assert.equal(stage({ committingSinceMs: 0 }), 'commit');
  assert.equal(stage({ unacknowledgedSinceMs: 500 }), null);
});
