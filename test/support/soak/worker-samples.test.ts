import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSample, trendOf, type WorkerSample } from './worker-samples.ts';

const MINUTE_MS = 60_000;

function samples(bytes: (minute: number) => number): readonly WorkerSample[] {
  return Array.from({ length: 31 }, (_, minute) => ({
    atMs: minute * MINUTE_MS,
    residentBytes: bytes(minute),
    heapBytes: 1,
    threads: 10,
    descriptors: 20,
  }));
}

test('a warm-up is left out, what stays level has no slope', () => {
  const level = samples((minute) => (minute < 5 ? minute * 100 : 1000));
  assert.deepEqual(trendOf(level, 'residentBytes', 5 * MINUTE_MS), {
    early: 1000,
    late: 1000,
    perHour: 0,
  });
});

test('a leak has its slope, per hour', () => {
  const leak = trendOf(
    samples((minute) => 1000 + minute * 10),
    'residentBytes',
    5 * MINUTE_MS,
  );
  assert.equal(Math.round(leak.perHour), 600);
  assert.ok(leak.late > leak.early);
});

test('too few samples are an error, not a level line', () => {
  assert.throws(() => trendOf(samples(() => 1).slice(0, 2), 'threads', 0), /too few/);
});

test('a process that runs is read', () => {
  const sample = readSample(process.pid, 0, 5);
  assert.ok(sample.residentBytes > 1_000_000 && sample.threads > 1 && sample.descriptors > 2);
});
