import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StateShares } from './state-shares.ts';

test('R8.02 running and paused are shares of the whole life', () => {
  let nowMs = 0;
  const shares = new StateShares(() => nowMs);
  shares.enter('starting');
  nowMs = 100;
  shares.enter('running');
  nowMs = 300;
  shares.enter('paused');
  nowMs = 400;
  assert.deepEqual(shares.values(), { 'running-ratio': 0.5, 'pause-ratio': 0.25 });
  shares.enter('running');
  nowMs = 1_000;
  assert.deepEqual(shares.values(), { 'running-ratio': 0.8, 'pause-ratio': 0.1 });
});
