// Goal: the producer counts what Java's producer counts, under the same names. Method: names are compared with those that
// Java's own producer shows (java-producer-metrics.ts); values with what the test has written.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brokersUnderTest } from '@sluice/testing';
import { silentLogger } from '../src/logger.ts';
import type { ClientMetric } from '../src/metrics/client-metric.ts';
import { createProducer } from '../src/producer/producer.ts';
import { makeTopic } from './consuming.ts';
import { JAVA_PRODUCER_METRICS } from './java-producer-metrics.ts';

const RECORDS = 1000;
const VALUE_BYTES = 100;
/** Length, attributes, timestamp, offset, key, value's length and headers around a value of 100 bytes. */
const RECORD_BYTES_MIN = VALUE_BYTES + 6;
const BUFFER_BYTES = 1024 * 1024;

function find(
  metrics: readonly ClientMetric[],
  name: string,
  tags: Readonly<Record<string, string>> = {},
): number {
  const wanted = { 'client-id': 'counted', ...tags };
  const found = metrics.filter(
    (each) =>
      each.name === name &&
      Object.keys(each.tags).length === Object.keys(wanted).length &&
      Object.entries(wanted).every(([tag, value]) => each.tags[tag] === value),
  );
  assert.equal(found.length, 1, `${found.length} of ${name} with ${JSON.stringify(wanted)}`);
  return found[0]?.value ?? Number.NaN;
}

for (const kind of brokersUnderTest()) {
  const skip = await kind.skipReason('producer metrics');
  describe(`producer metrics on ${kind.title}`, { skip }, () => {
    test('are named as Java’s, and say what happened', async () => {
      await using broker = await kind.start();
      const servers = broker.bootstrapServers;
      const topic = await makeTopic(servers, 'counted', 2);
      await using producer = createProducer(
        {
          'bootstrap.servers': servers,
          'client.id': 'counted',
          'compression.type': 'lz4',
          'buffer.memory': String(BUFFER_BYTES),
        },
        { logger: silentLogger },
      );
      await producer.prepare([topic]);
      const value = Buffer.alloc(VALUE_BYTES, 'x');
      for (let token = 0; token < RECORDS; token++) {
        if (!producer.hasRoom) await producer.room();
        const rest = { key: null, headers: [], timestamp: null, token };
        producer.append({ topic, partition: token % 2, value, ...rest });
      }
      const underWay = producer.metrics();
      assert.ok(find(underWay, 'buffer-available-bytes') < BUFFER_BYTES);
      await producer.flush();
      const metrics = producer.metrics();
      for (const { group, tags, names } of JAVA_PRODUCER_METRICS) {
        const ours = metrics
          .filter((each) => each.group === group)
          .filter((each) => Object.keys(each.tags).toSorted().join() === tags.join())
          .map(({ name }) => name);
        // Several nodes have the same ones.
        assert.deepEqual([...new Set(ours)].toSorted(), [...names], group);
      }
      const groups = new Set(metrics.map(({ group }) => group));
      assert.deepEqual(groups, new Set(JAVA_PRODUCER_METRICS.map(({ group }) => group)));
      checkRecords(metrics, topic);
      checkNetwork(metrics);
    });
  });
}

function checkRecords(metrics: readonly ClientMetric[], topic: string): void {
  assert.equal(find(metrics, 'record-send-total'), RECORDS);
  assert.equal(find(metrics, 'record-send-total', { topic }), RECORDS);
  assert.ok(find(metrics, 'record-send-rate') > 0);
  for (const what of ['record-retry-total', 'record-error-total']) {
    assert.equal(find(metrics, what), 0, what);
    assert.equal(find(metrics, what, { topic }), 0, what);
  }
  const average = find(metrics, 'record-size-avg');
  const largest = find(metrics, 'record-size-max');
  assert.ok(largest >= RECORD_BYTES_MIN && largest < RECORD_BYTES_MIN + 10, `${largest}`);
  assert.ok(average >= RECORD_BYTES_MIN && average < RECORD_BYTES_MIN * 1.5, `${average}`);
  // The same letter a hundred times over: the wire sees little of it.
  const ratio = find(metrics, 'compression-rate-avg');
  assert.ok(ratio > 0 && ratio < 0.5, `${ratio}`);
  assert.ok(find(metrics, 'byte-total', { topic }) < RECORDS * VALUE_BYTES * 0.5);
  const batchMax = find(metrics, 'batch-size-max');
  assert.ok(batchMax >= find(metrics, 'batch-size-avg') && batchMax < RECORDS * VALUE_BYTES);
  assert.ok(find(metrics, 'records-per-request-avg') <= RECORDS);
  assert.ok(find(metrics, 'record-queue-time-max') >= find(metrics, 'record-queue-time-avg'));
  assert.equal(find(metrics, 'batch-split-total'), 0);
  assert.equal(find(metrics, 'buffer-exhausted-total'), 0);
  assert.equal(find(metrics, 'buffer-total-bytes'), BUFFER_BYTES);
  assert.equal(find(metrics, 'buffer-available-bytes'), BUFFER_BYTES);
  assert.equal(find(metrics, 'requests-in-flight'), 0);
  assert.equal(find(metrics, 'waiting-threads'), 0);
  assert.ok(find(metrics, 'metadata-age') >= 0);
  assert.ok(find(metrics, 'metadata-wait-time-ns-total') > 0);
  assert.ok(find(metrics, 'flush-time-ns-total') > 0);
  assert.equal(find(metrics, 'txn-commit-time-ns-total'), 0);
}

function checkNetwork(metrics: readonly ClientMetric[]): void {
  const nodes = [...new Set(metrics.map(({ tags }) => tags['node-id']))].filter(
    (node) => node !== undefined,
  );
  assert.ok(nodes.includes('node--1') && nodes.length === 2, nodes.join());
  for (const name of ['request-total', 'response-total', 'outgoing-byte-total']) {
    const sum = nodes.reduce((all, node) => all + find(metrics, name, { 'node-id': node }), 0);
    assert.equal(sum, find(metrics, name), name);
  }
  const all = find(metrics, 'request-total');
  assert.equal(find(metrics, 'response-total'), all);
  assert.equal(find(metrics, 'network-io-total'), 2 * all);
  // Not less than what the topic took went out.
  const bytes = find(metrics, 'byte-total', { topic: 'counted' });
  assert.ok(find(metrics, 'outgoing-byte-total') > bytes);
  const latency = find(metrics, 'request-latency-max');
  assert.ok(latency > 0 && latency >= find(metrics, 'request-latency-avg'), `${latency}`);
  assert.equal(find(metrics, 'produce-throttle-time-max'), 0);
  const open = find(metrics, 'connection-creation-total') - find(metrics, 'connection-close-total');
  assert.equal(find(metrics, 'connection-count'), open);
  assert.equal(open, 1);
}
