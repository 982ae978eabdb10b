import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SampledStat } from './sampled-stat.ts';

const WINDOW = { windowMs: 1_000, samples: 2 };

test('without values everything is NaN but the rate, which is nothing', () => {
  const { avg, max, min, count, rate } = new SampledStat(WINDOW).measure(5_000);
  assert.deepEqual(
    { avg, max, min, count, rate },
    { avg: NaN, max: NaN, min: NaN, count: 0, rate: 0 },
  );
});

test('a first burst is spread over a whole window, as Kafka’s Rate does', () => {
  const stat = new SampledStat(WINDOW);
  stat.record(500, 10_000);
  assert.equal(stat.measure(10_000).rate, 500);
  assert.equal(stat.measure(10_500).rate, 500 / 1.5);
});

test('averages, maxima and minima are those of the windows that still count', () => {
  const stat = new SampledStat(WINDOW);
  stat.record(100, 0);
  stat.record(4, 1_500);
  stat.record(2, 2_600);
  const { avg, max, min, count, total } = stat.measure(2_700);
  assert.deepEqual({ avg, max, min, count, total }, { avg: 3, max: 4, min: 2, count: 2, total: 6 });
  assert.equal(stat.measure(60_000).count, 0);
});

test('many values at once count one by one', () => {
  const stat = new SampledStat(WINDOW);
  stat.recordMany(30, 3, 20, 100);
  const { avg, max, count } = stat.measure(200);
  assert.deepEqual({ avg, max, count }, { avg: 10, max: 20, count: 3 });
});

test('memory does not grow with time', () => {
  const stat = new SampledStat(WINDOW);
  for (let at = 0; at < 100; at++) stat.record(1, at * 1_000);
  assert.equal(stat.measure(99_500).count, 2);
});
