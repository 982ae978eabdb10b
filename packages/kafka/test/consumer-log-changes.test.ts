// Goal: a consumer never skips, repeats or invents records when the log changes under it: cut, made anew, damaged, moved.
// Method: the fake cluster, whose logs the test changes between polls; every change is counted where it is noticed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Consumer } from '../src/consumer/consumer.ts';
import { KafkaError } from '../src/errors/kafka-error.ts';
import { readValues, testConsumer, valuesOf } from './consuming.ts';
import { FakeCluster, type FakePartition } from './fake-cluster.ts';

const T0 = { topic: 't', partition: 0 };

const hasCode =
  (code: string, message?: RegExp) =>
  (error: unknown): boolean =>
    error instanceof KafkaError && error.code === code && (message?.test(error.message) ?? true);

async function oneTopic(nodes = 1): Promise<{ cluster: FakeCluster; partition: FakePartition }> {
  const cluster = await FakeCluster.start(nodes);
  const [partition] = cluster.makeTopic('t');
  if (partition === undefined) throw new Error('no partition');
  return { cluster, partition };
}

function consumerOf(
  cluster: FakeCluster,
  properties: Readonly<Record<string, string>> = {},
): Consumer {
  const consumer = testConsumer(cluster.bootstrapServers, {
    'retry.backoff.ms': '5',
    'reconnect.backoff.ms': '5',
    ...properties,
  });
  consumer.assign([T0]);
  return consumer;
}

/** Polls until it throws. */
async function pollError(consumer: Consumer): Promise<unknown> {
  for (let polls = 0; polls < 200; polls++) {
    try {
      await consumer.poll(50);
    } catch (error) {
      return error;
    }
  }
  throw new Error('no error came');
}

describe('a log that was truncated', () => {
  test('below the position: reading goes on where the logs part, and nothing is skipped', async () => {
    const { cluster, partition } = await oneTopic();
    await using _cluster = cluster;
    partition.log.append(['a']);
    partition.log.append(['b']);
    partition.log.append(['lost']);
    await using consumer = consumerOf(cluster);
    assert.deepEqual(await readValues(consumer, 3), ['a', 'b', 'lost']);
    partition.log.truncate(2);
    partition.log.append(['c', 'd', 'e']);
    assert.deepEqual(await readValues(consumer, 3), ['c', 'd', 'e']);
    assert.ok((cluster.counts.get('OffsetForLeaderEpoch') ?? 0) > 0);
  });

  test('below the position, without a reset policy: an error with both offsets, no record', async () => {
    const { cluster, partition } = await oneTopic();
    await using _cluster = cluster;
    partition.log.append(['a', 'b']);
    partition.log.append(['lost']);
    await using consumer = consumerOf(cluster, { 'auto.offset.reset': 'none' });
    consumer.seek({ ...T0, offset: 0 });
    await readValues(consumer, 3);
    partition.log.truncate(2);
    partition.log.append(['c', 'd', 'e']);
    assert.ok(
      hasCode(
        'LOG_TRUNCATION',
        /t-0.*offset 3.*epoch 0.*ends that epoch at 2/,
      )(await pollError(consumer)),
    );
    consumer.seek({ ...T0, offset: 2 });
    assert.deepEqual(await readValues(consumer, 3), ['c', 'd', 'e']);
  });

  test('between what was fetched and what was polled: the new records come, not the old ones', async () => {
    const { cluster, partition } = await oneTopic();
    await using _cluster = cluster;
    partition.log.append(['a']);
    partition.log.append(['old-b', 'old-c']);
    await using consumer = consumerOf(cluster, { 'max.poll.records': '1' });
    assert.deepEqual(await readValues(consumer, 1), ['a']);
    partition.log.truncate(1);
    partition.log.append(['new-b', 'new-c', 'new-d']);
    // The consumer hears of the new epoch with its next metadata; until then what it has fetched was true.
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.deepEqual(await readValues(consumer, 3), ['new-b', 'new-c', 'new-d']);
    assert.equal(consumer.bufferedBytes, 0, 'what was cut is still held');
  });

  test('while nobody read: a committed offset with its epoch is checked before it is used', async () => {
    const { cluster, partition } = await oneTopic();
    await using _cluster = cluster;
    partition.log.append(['a', 'b']);
    partition.log.append(['lost-1', 'lost-2']);
    partition.log.truncate(2);
    partition.log.append(['c', 'd', 'e', 'f']);
    cluster.committed.set('g t-0', { offset: 4, epoch: 0 });
    await using consumer = consumerOf(cluster, { 'group.id': 'g' });
    assert.deepEqual(await readValues(consumer, 4), ['c', 'd', 'e', 'f']);
  });

  test('a seek with an epoch is checked as well, one without is believed', async () => {
    const { cluster, partition } = await oneTopic();
    await using _cluster = cluster;
    partition.log.append(['a', 'b']);
    partition.log.truncate(9);
    partition.log.append(['c', 'd']);
    await using consumer = consumerOf(cluster);
    consumer.seek({ ...T0, offset: 3, leaderEpoch: 0 });
    assert.deepEqual(await readValues(consumer, 2), ['c', 'd']);
    consumer.seek({ ...T0, offset: 3 });
    assert.deepEqual(await readValues(consumer, 1), ['d']);
  });
});

describe('a topic that was deleted and made anew', () => {
  for (const reset of ['earliest', 'latest']) {
    test(`is read from its start, under ${reset} too: all of it was written while it was followed`, async () => {
      const { cluster, partition } = await oneTopic();
      await using _cluster = cluster;
      partition.log.append(['a', 'b', 'c']);
      await using consumer = consumerOf(cluster, { 'auto.offset.reset': reset });
      consumer.seek({ ...T0, offset: 0 });
      await readValues(consumer, 3);
      const [anew] = cluster.makeTopic('t');
      anew?.log.append(['x', 'y', 'z', 'later']);
      assert.deepEqual(await readValues(consumer, 4), ['x', 'y', 'z', 'later']);
    });
  }

  test('is an error without a reset policy', async () => {
    const { cluster, partition } = await oneTopic();
    await using _cluster = cluster;
    partition.log.append(['a']);
    await using consumer = consumerOf(cluster, { 'auto.offset.reset': 'none' });
    consumer.seek({ ...T0, offset: 0 });
    await readValues(consumer, 1);
    cluster.makeTopic('t')[0]?.log.append(['x', 'y']);
    assert.ok(hasCode('TOPIC_RECREATED', /"t".*offset 1 of t-0/)(await pollError(consumer)));
  });
});

describe('a damaged batch', () => {
  // kafka-wire 1.6 row "CRC"
  test('is an error with its place, at every poll, and a seek goes past it', async () => {
    const { cluster, partition } = await oneTopic();
    await using _cluster = cluster;
    partition.log.append(['a']);
    partition.log.append(['bad']);
    partition.log.append(['c']);
    partition.log.corrupt(1);
    await using consumer = consumerOf(cluster);
    assert.deepEqual(await readValues(consumer, 1), ['a']);
    for (let times = 0; times < 3; times++) {
      assert.ok(hasCode('CORRUPT_MESSAGE', /Reading t-0 at offset 1/)(await pollError(consumer)));
    }
    assert.equal(await consumer.position(T0), 1);
    consumer.seek({ ...T0, offset: 2 });
    assert.deepEqual(await readValues(consumer, 1), ['c']);
  });

  test('does not keep other partitions from being read', async () => {
    const cluster = await FakeCluster.start();
    await using _cluster = cluster;
    const [bad, good] = cluster.makeTopic('t', 2);
    bad?.log.append(['bad']);
    bad?.log.corrupt(0);
    good?.log.append(['a', 'b']);
    await using consumer = consumerOf(cluster);
    consumer.assign([T0, { topic: 't', partition: 1 }]);
    const values: (string | null)[] = [];
    let errors = 0;
    for (let polls = 0; polls < 10 && values.length < 2; polls++) {
      try {
        for (const columns of await consumer.poll(200)) values.push(...valuesOf(columns));
      } catch (error) {
        assert.ok(hasCode('CORRUPT_MESSAGE')(error));
        errors++;
        consumer.pause([T0]);
      }
    }
    assert.deepEqual(values, ['a', 'b']);
    assert.equal(errors, 1);
  });
});

describe('leaders and replicas', () => {
  test('a leader that moves is followed, with nothing lost or doubled', async () => {
    const { cluster, partition } = await oneTopic(3);
    await using _cluster = cluster;
    await using consumer = consumerOf(cluster);
    const expected: string[] = [];
    const values: (string | null)[] = [];
    for (let round = 0; round < 8; round++) {
      partition.log.append([`r${round}`]);
      expected.push(`r${round}`);
      values.push(...(await readValues(consumer, 1)));
      cluster.moveLeader(partition);
    }
    assert.deepEqual(values, expected);
    assert.ok((cluster.counts.get('fetch error 6') ?? 0) > 0);
  });

  test('a rack reads from the replica that the leader recommends', async () => {
    const { cluster, partition } = await oneTopic(2);
    await using _cluster = cluster;
    partition.preferredReplica = 1;
    partition.log.append(['a']);
    await using consumer = consumerOf(cluster, { 'client.rack': 'rack-1' });
    assert.deepEqual(await readValues(consumer, 1), ['a']);
    assert.equal(cluster.counts.get('sent to replica'), 1);
    assert.ok((cluster.counts.get('read from replica') ?? 0) > 0);
    // The replica goes: back to the leader.
    partition.preferredReplica = -1;
    partition.log.append(['b']);
    assert.deepEqual(await readValues(consumer, 1), ['b']);
  });
});

describe('fetches', () => {
  // kafka-wire 1.7 rows #315, #316, #321: sessions go on, forget, and never rewind
  test('go on after every kind of fault, and each fault really happened', async () => {
    const { cluster, partition } = await oneTopic();
    await using _cluster = cluster;
    await using consumer = consumerOf(cluster);
    const faults = [
      'cut',
      'FETCH_SESSION_ID_NOT_FOUND',
      'INVALID_FETCH_SESSION_EPOCH',
      'UNKNOWN_SERVER_ERROR',
    ] as const;
    for (const fault of faults) {
      partition.log.append([`before ${fault}`]);
      assert.deepEqual(await readValues(consumer, 1), [`before ${fault}`]);
      cluster.fetchFaults.push(fault);
      partition.log.append([`after ${fault}`]);
      assert.deepEqual(await readValues(consumer, 1), [`after ${fault}`]);
      assert.equal(cluster.counts.get(`fault ${fault}`), 1);
    }
    assert.ok((cluster.counts.get('incremental fetch') ?? 0) > 0);
  });

  test('that are answered after a seek are dropped', async () => {
    const { cluster, partition } = await oneTopic();
    await using _cluster = cluster;
    partition.log.append(['a', 'b', 'c', 'd']);
    await using consumer = consumerOf(cluster, { 'max.poll.records': '1' });
    for (let round = 0; round < 20; round++) {
      const offset = round % 4;
      consumer.seek({ ...T0, offset });
      assert.deepEqual(await readValues(consumer, 1), [['a', 'b', 'c', 'd'][offset]]);
    }
  });

  test('end their session when the consumer closes', async () => {
    const { cluster, partition } = await oneTopic();
    await using _cluster = cluster;
    partition.log.append(Array.from({ length: 100 }, () => 'x'.repeat(100)));
    // What is buffered is more than a partition's part: no fetch is on its way.
    const consumer = consumerOf(cluster, {
      'max.poll.records': '1',
      'max.partition.fetch.bytes': '100',
    });
    await readValues(consumer, 1);
    await consumer.close();
    assert.equal(cluster.counts.get('session ended'), 1);
  });

  // kafka-wire 1.7 row #260
  test('stay within fetch.max.bytes in all, and what is kept for paused partitions starves nobody', async () => {
    const cluster = await FakeCluster.start();
    await using _cluster = cluster;
    const partitions = cluster.makeTopic('t', 4);
    const batch = Array.from({ length: 10 }, () => 'x'.repeat(100));
    for (const { log } of partitions) for (let i = 0; i < 20; i++) log.append(batch);
    const all = partitions.map((_, partition) => ({ topic: 't', partition }));
    await using consumer = consumerOf(cluster, {
      'max.poll.records': '5',
      'fetch.max.bytes': '6000',
      'max.partition.fetch.bytes': '2500',
    });
    consumer.assign(all);
    let most = 0;
    let count = 0;
    const paused = all.slice(0, 3);
    for (let polls = 0; polls < 40; polls++) {
      count += (await consumer.poll(50)).reduce((sum, columns) => sum + columns.count, 0);
      most = Math.max(most, consumer.bufferedBytes);
    }
    // A broker may exceed the limit by one batch.
    assert.ok(most > 0 && most <= 6000 + 1300, `${most} bytes were buffered`);
    consumer.pause(paused);
    const rest = await readValues(consumer, 200 - (await consumer.position(all[3] ?? T0)));
    consumer.resume(paused);
    count += rest.length;
    count += (await readValues(consumer, 800 - count)).length;
    assert.equal(count, 800);
  });
});
