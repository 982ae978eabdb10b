import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSinkRecord, type SinkRecord } from '@sluice/api';
import { agesOf } from './record-ages.ts';
import { RecordMetrics } from './record-metrics.ts';

const WINDOW = { windowMs: 30_000, samples: 2 };

function aged(timestamp: number | null): SinkRecord {
  return newSinkRecord({ topic: 'orders', kafkaPartition: 0, kafkaOffset: 0, timestamp });
}

test('record latency is the age by the own timestamp; without one, or from the future, it is none', () => {
  const metrics = new RecordMetrics(WINDOW);
  metrics.latency(agesOf([aged(1_000), aged(null), aged(1_900), aged(9_000)], 2_000), 2_000);
  assert.deepEqual(metrics.latencyValues(2_000), {
    'record-latency-max-ms': 1_000,
    'record-latency-avg-ms': (1_000 + 100 + 0) / 3,
  });
  metrics.latency(agesOf([aged(null)], 2_000), 2_000);
  assert.equal(metrics.latencyValues(2_000)['record-latency-max-ms'], 1_000);
});

test('record latency is of the last window only', () => {
  const metrics = new RecordMetrics(WINDOW);
  metrics.latency({ sumMs: 500, maxMs: 500, count: 1 }, 0);
  metrics.latency({ sumMs: 30, maxMs: 20, count: 2 }, 100_000);
  assert.deepEqual(metrics.latencyValues(100_000), {
    'record-latency-max-ms': 20,
    'record-latency-avg-ms': 15,
  });
});
