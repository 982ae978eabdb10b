// Goal: what a consumer holds is bounded by bytes over all partitions, whoever is paused, cut off or slow, and the bound
// starves nobody. Method: the fake cluster, with limits small enough to matter.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testConsumer, valuesOf } from './consuming.ts';
import { FakeCluster } from './fake-cluster.ts';

const QUICK = { 'retry.backoff.ms': '5', 'reconnect.backoff.ms': '5' } as const;
const ofTopic = (count: number) =>
  Array.from({ length: count }, (_, partition) => ({ topic: 't', partition }));

describe('with room for one request at a time', () => {
  test('brokers are asked in turn: one that always has more does not starve the other', async () => {
    await using cluster = await FakeCluster.start(2);
    const partitions = cluster.makeTopic('t', 2);
    const batch = Array.from({ length: 10 }, () => 'x'.repeat(100));
    for (const { log } of partitions) for (let i = 0; i < 100; i++) log.append(batch);
    await using consumer = testConsumer(cluster.bootstrapServers, {
      ...QUICK,
      'fetch.max.bytes': '1500',
      'max.partition.fetch.bytes': '1500',
    });
    consumer.assign(ofTopic(2));
    const counts = [0, 0];
    for (let polls = 0; polls < 40; polls++) {
      for (const { partition, count } of await consumer.poll(100)) {
        counts[partition] = (counts[partition] ?? 0) + count;
      }
    }
    const [a = 0, b = 0] = counts;
    assert.ok(Math.min(a, b) >= Math.max(a, b) / 4, `${a} records of one, ${b} of the other`);
  });
});

describe('a partition that is paused half way through what was fetched', () => {
  test('lets go of a response that holds others’ records too, and goes on with the next record', async () => {
    await using cluster = await FakeCluster.start();
    const partitions = cluster.makeTopic('t', 4);
    partitions.forEach(({ log }, p) => {
      log.append(Array.from({ length: 10 }, (_, i) => `${p}-${i}-${'x'.repeat(10_000)}`));
    });
    await using consumer = testConsumer(cluster.bootstrapServers, {
      ...QUICK,
      'max.poll.records': '3',
    });
    consumer.assign(ofTopic(4));
    const [first] = await consumer.poll(5000);
    assert.ok(first !== undefined && first.count === 3);
    const before = consumer.bufferedBytes;
    const half = { topic: 't', partition: first.partition };
    consumer.pause([half]);
    assert.ok(consumer.bufferedBytes < before, `${before} bytes are still held`);
    const values = new Map<number, string[]>();
    const note = async (): Promise<void> => {
      for (const columns of await consumer.poll(100)) {
        const known = values.get(columns.partition) ?? [];
        values.set(columns.partition, [...known, ...valuesOf(columns).map((v) => v ?? '')]);
      }
    };
    const total = (): number => [...values.values()].reduce((sum, each) => sum + each.length, 0);
    while (total() < 30) await note();
    assert.ok(!values.has(half.partition), 'a paused partition was delivered');
    consumer.resume([half]);
    while (total() < 37) await note();
    assert.deepEqual(
      values.get(half.partition)?.map((value) => value.slice(0, 3)),
      ['3', '4', '5', '6', '7', '8', '9'].map((i) => `${half.partition}-${i}`),
    );
  });
});

describe('a replica that can’t serve', () => {
  test('and is recommended all the same is not asked in a busy loop', async () => {
    await using cluster = await FakeCluster.start(1);
    const [partition] = cluster.makeTopic('t');
    assert.ok(partition !== undefined);
    partition.log.append(['a']);
    // Not one of the brokers that the metadata names.
    partition.preferredReplica = 77;
    await using consumer = testConsumer(cluster.bootstrapServers, {
      'client.rack': 'r',
      'retry.backoff.ms': '50',
      'retry.backoff.max.ms': '100',
    });
    consumer.assign(ofTopic(1));
    await consumer.poll(1000);
    const asked = cluster.counts.get('Fetch') ?? 0;
    assert.ok(asked > 0 && asked < 60, `asked ${asked} times within a second`);
  });
});
