import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActivitySnapshot } from '../../data-plane/task-activity.ts';
import { stallOf } from './stall-rule.ts';

const LIMIT = 1_000;
const IDLE: ActivitySnapshot = {
  stage: 'poll',
  stageForMs: 0,
  lastProgressMs: null,
  unacknowledgedForMs: null,
  redeliveringForMs: null,
  committingForMs: null,
  isToRest: false,
};

function stage(changes: Partial<ActivitySnapshot>): string | null {
  return stallOf({ ...IDLE, ...changes }, LIMIT)?.stage ?? null;
}

test('a source without data and a sink without records are idle, however long', () => {
  assert.equal(stage({ stageForMs: 1e9 }), null);
  assert.equal(stage({ stage: 'consume', stageForMs: 1e9 }), null);
});

test('calls of a task that do not return are stalls once the limit is over', () => {
  for (const each of ['start', 'send', 'rebalance', 'put', 'commit', 'stop'] as const) {
    assert.equal(stage({ stage: each, stageForMs: LIMIT - 1 }), null);
    assert.equal(stage({ stage: each, stageForMs: LIMIT }), each);
  }
});

test('a poll that ignores that it should end is one', () => {
  assert.equal(stage({ isToRest: true, stageForMs: LIMIT }), 'poll');
});

test('records that nobody acknowledges, takes or whose offsets are not stored are', () => {
  assert.equal(stage({ unacknowledgedForMs: LIMIT }), 'produce');
  assert.equal(stage({ stage: 'consume', redeliveringForMs: LIMIT }), 'put');
  assert.equal(stage({ committingForMs: LIMIT }), 'commit');
  assert.equal(stage({ unacknowledgedForMs: LIMIT - 1 }), null);
});
