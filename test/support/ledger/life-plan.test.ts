import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KILL_POINTS } from './kill-point.ts';
import { plannedKills, plannedStops } from './life-plan.ts';

test('a seed is a plan, and another seed another one', () => {
  assert.deepEqual(plannedKills(7, 20), plannedKills(7, 20));
  assert.notDeepEqual(plannedKills(7, 20), plannedKills(8, 20));
  assert.deepEqual(plannedStops(7, 5), plannedStops(7, 5));
});

test('every other kill is at a point, and all points come before one comes again', () => {
  const plans = plannedKills(3, KILL_POINTS.length * 4);
  const points = plans.flatMap((plan) => (plan.type === 'point' ? [plan.point] : []));
  assert.equal(points.length, plans.length / 2);
  for (let from = 0; from < points.length; from += KILL_POINTS.length) {
    assert.equal(new Set(points.slice(from, from + KILL_POINTS.length)).size, KILL_POINTS.length);
  }
});
