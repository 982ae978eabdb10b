import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FamilySet } from './family-set.ts';
import { clientMetricName, metricName, metricType } from './metric-name.ts';

test('names are those that the usual rules of the JMX exporter make', () => {
  assert.equal(
    metricName('source-task-metrics', 'source-record-poll-rate'),
    'kafka_connect_source_task_source_record_poll_rate',
  );
  assert.equal(
    metricName('connect-worker-metrics', 'task-count'),
    'kafka_connect_worker_task_count',
  );
  assert.equal(
    metricName('task-error-metrics', 'total-record-errors'),
    'kafka_connect_task_error_total_record_errors',
  );
  assert.equal(metricName('sluice-task-metrics', 'x-ms'), 'sluice_task_x_ms');
  assert.equal(
    clientMetricName('consumer-fetch-manager-metrics', 'records-lag'),
    'kafka_consumer_fetch_manager_records_lag',
  );
});

test('what only grows is a counter', () => {
  const counters = [
    'source-record-poll-total',
    'total-retries',
    'deadletterqueue-produce-failures',
  ];
  assert.deepEqual(counters.map(metricType), ['counter', 'counter', 'counter']);
  assert.equal(metricType('connector-total-task-count'), 'gauge');
});

test('samples of one name are one family, and families are sorted', () => {
  const set = new FamilySet();
  set.addGroup('sink-task-metrics', { 'b-total': 1, a: 2 }, { connector: 'x' });
  set.addGroup('sink-task-metrics', { a: 3 }, { connector: 'y' });
  const families = set.sorted();
  assert.deepEqual(
    families.map(({ name, type, samples }) => [name, type, samples.map(({ value }) => value)]),
    [
      ['kafka_connect_sink_task_a', 'gauge', [2, 3]],
      ['kafka_connect_sink_task_b_total', 'counter', [1]],
    ],
  );
});
