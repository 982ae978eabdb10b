// Goal: the consumer counts what Java's consumer counts, under the same names. Method: names are compared with those that
// Java's own consumer shows (java-consumer-metrics.ts); values with what the test has written and read.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brokersUnderTest, waitUntil } from '@sluice/testing';
import type { ClientMetric } from '../src/metrics/client-metric.ts';
import { makeTopic, noListener, numbered, produce, readValues, testConsumer } from './consuming.ts';
import { JAVA_CONSUMER_METRICS } from './java-consumer-metrics.ts';

const WAIT = { timeoutMs: 60_000 } as const;
const RECORDS = 1000;
const VALUE_BYTES = 100;
/** Lengths, timestamp, offset and counts around a value of 100 bytes. */
const RECORD_BYTES_MIN = VALUE_BYTES + 6;

function find(
  metrics: readonly ClientMetric[],
  name: string,
  tags: Readonly<Record<string, string>> = {},
): number {
  const wanted = { 'client-id': 'counted', ...tags };
  const found = metrics.find(
    (each) =>
      each.name === name &&
      Object.keys(each.tags).length === Object.keys(wanted).length &&
      Object.entries(wanted).every(([tag, value]) => each.tags[tag] === value),
  );
  assert.ok(found !== undefined, `there is no ${name} with ${JSON.stringify(wanted)}`);
  return found.value;
}

for (const kind of brokersUnderTest()) {
  const skip = await kind.skipReason('consumer metrics');
  describe(`consumer metrics on ${kind.title}`, { skip }, () => {
    test('are named as Java’s, and say what happened', async () => {
      await using broker = await kind.start();
      const servers = broker.bootstrapServers;
      const topic = await makeTopic(servers, 'counted', 1);
      const value = Buffer.alloc(VALUE_BYTES, 'x');
      await produce(
        servers,
        topic,
        numbered(RECORDS).map(() => ({ value })),
        { 'compression.type': 'lz4' },
      );
      await using consumer = testConsumer(servers, {
        'group.id': 'counted',
        'client.id': 'counted',
        'max.poll.records': '1000',
      });
      consumer.subscribe([topic], noListener);
      await readValues(consumer, RECORDS);
      await consumer.commit([{ topic, partition: 0, offset: RECORDS }]);
      await consumer.committed([{ topic, partition: 0 }]);
      await waitUntil('a heartbeat', () => find(consumer.metrics(), 'heartbeat-total') > 0, WAIT);
      const metrics = consumer.metrics();
      for (const { group, tags, names } of JAVA_CONSUMER_METRICS) {
        const ours = metrics
          .filter((each) => each.group === group)
          .filter((each) => Object.keys(each.tags).toSorted().join() === tags.join())
          .map(({ name }) => name);
        // Several partitions, topics and nodes have the same ones.
        assert.deepEqual([...new Set(ours)].toSorted(), [...names], group);
      }
      assert.equal(find(metrics, 'records-consumed-total'), RECORDS);
      assert.equal(find(metrics, 'records-consumed-total', { topic }), RECORDS);
      // Unpacked, as Java counts, not what came over the wire.
      const bytes = find(metrics, 'bytes-consumed-total');
      assert.ok(bytes >= RECORDS * RECORD_BYTES_MIN, `${bytes} bytes`);
      const at = { topic, partition: '0' };
      assert.equal(find(metrics, 'records-lag', at), 0);
      assert.equal(find(metrics, 'records-lead', at), RECORDS);
      assert.ok(find(metrics, 'records-lag-max') >= 0);
      assert.equal(find(metrics, 'preferred-read-replica', at), -1);
      assert.ok(find(metrics, 'fetch-total') > 0);
      assert.ok(find(metrics, 'fetch-rate') > 0);
      assert.equal(find(metrics, 'assigned-partitions'), 1);
      assert.equal(find(metrics, 'commit-total'), 1);
      assert.ok(find(metrics, 'commit-sync-time-ns-total') > 0);
      assert.ok(find(metrics, 'committed-time-ns-total') > 0);
      assert.ok(find(metrics, 'join-total') >= 1);
      assert.equal(find(metrics, 'sync-total'), 1);
      assert.equal(find(metrics, 'rebalance-total'), 1);
      assert.equal(find(metrics, 'failed-rebalance-total'), 0);
      assert.ok(find(metrics, 'partition-assigned-latency-max') >= 0);
      assert.ok(Number.isNaN(find(metrics, 'partition-lost-latency-max')));
      assert.equal(find(metrics, 'last-poll-seconds-ago') >= 0, true);
      // One of the bootstrap list is given up for lanes to the broker itself, sooner or later.
      const opened = find(metrics, 'connection-creation-total');
      const closed = find(metrics, 'connection-close-total');
      assert.ok(opened >= 1);
      assert.equal(find(metrics, 'connection-count'), opened - closed);
      const nodes = [...new Set(metrics.map(({ tags }) => tags['node-id']))].filter(
        (node) => node !== undefined,
      );
      assert.ok(nodes.includes('node--1') && nodes.length === 2, nodes.join());
      const sumOf = (name: string): number =>
        nodes.reduce((sum, node) => sum + find(metrics, name, { 'node-id': node }), 0);
      for (const name of ['request-total', 'response-total', 'incoming-byte-total']) {
        assert.equal(sumOf(name), find(metrics, name), name);
      }
      assert.ok(find(metrics, 'incoming-byte-total') > find(metrics, 'fetch-total'));
    });
  });
}
