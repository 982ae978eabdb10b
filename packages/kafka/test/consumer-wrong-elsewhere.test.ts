// Goal: what other clients got wrong (kafka-wire 1.6, 1.7, 7.2) and no other test of this folder pins. Method: the fake cluster.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAdminConfig } from '../src/admin/admin-config.ts';
import { systemClock } from '../src/clock.ts';
import { Cluster } from '../src/cluster/cluster.ts';
import { Coordinators } from '../src/cluster/coordinators.ts';
import { Commits } from '../src/consumer/commits.ts';
import { parseConsumerConfig } from '../src/consumer/consumer-config.ts';
import { silentLogger } from '../src/logger.ts';
import { readValues, testConsumer } from './consuming.ts';
import { FakeCluster } from './fake-cluster.ts';

const T0 = { topic: 't', partition: 0 };

const HOLD = {};

describe('committed offsets', () => {
  // kafka-wire 1.7 rows #223 and #267
  for (const code of [
    'STALE_MEMBER_EPOCH',
    'UNSTABLE_OFFSET_COMMIT',
    'COORDINATOR_LOAD_IN_PROGRESS',
  ] as const) {
    test(`that can’t be fetched now (${code}) are never taken for none`, async () => {
      await using cluster = await FakeCluster.start();
      const [partition] = cluster.makeTopic('t');
      partition?.log.append(['a', 'b', 'c']);
      cluster.committed.set('g t-0', { offset: 2, epoch: 0 });
      cluster.offsetFetchAnswers.push(code, code);
      await using consumer = testConsumer(cluster.bootstrapServers, {
        'group.id': 'g',
        'retry.backoff.ms': '5',
        'auto.offset.reset': 'earliest',
      });
      consumer.assign([T0]);
      const values: (string | null)[] = [];
      let errors = 0;
      for (let polls = 0; polls < 100 && values.length === 0; polls++) {
        try {
          values.push(...(await readValues(consumer, 1, 2000)));
        } catch {
          // An error that tells is as good as one that is waited out.
          errors++;
        }
      }
      assert.deepEqual(values, ['c']);
      assert.ok(errors <= 2);
      assert.equal(cluster.offsetFetchAnswers.length, 0);
    });
  }

  // kafka-wire 1.6 row "Static membership"
  test('of a static member are committed with its instance id', async () => {
    await using cluster = await FakeCluster.start();
    const servers = { 'bootstrap.servers': cluster.bootstrapServers };
    using client = new Cluster({
      config: parseAdminConfig(servers, silentLogger).client,
      logger: silentLogger,
      clock: systemClock,
      random: Math.random,
      isCreatingTopics: false,
    });
    const properties = { ...servers, 'group.id': 'g', 'group.instance.id': 'one' };
    const commits = new Commits({
      cluster: client,
      coordinators: new Coordinators(client),
      group: parseConsumerConfig(properties, silentLogger).group,
      signal: new AbortController().signal,
      onCommitted: () => undefined,
      holdOf: () => HOLD,
    });
    const member = {
      generation: { generationId: 3, memberId: 'me' },
      isRebalancing: false,
      noteCommit: () => undefined,
      enterPoll: () => undefined,
      leavePoll: () => undefined,
      update: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    const offset = { ...T0, offset: 5, metadata: 'mine' };
    await commits.commit([offset], member, systemClock.now() + 5000);
    const [request] = cluster.commits;
    assert.equal(request?.groupInstanceId, 'one');
    assert.equal(request.generationIdOrMemberEpoch, 3);
    // kafka-wire 1.6 row "Offset metadata"
    assert.equal(request.topics[0]?.partitions[0]?.committedMetadata, 'mine');
  });
});

describe('waiting', () => {
  // kafka-wire 1.3 and 7.2: one time-out for all requests closes connections that only rest.
  test('for records at the broker longer than request.timeout.ms cuts no connection', async () => {
    await using cluster = await FakeCluster.start();
    const [partition] = cluster.makeTopic('t');
    await using consumer = testConsumer(cluster.bootstrapServers, {
      'request.timeout.ms': '300',
      'fetch.max.wait.ms': '900',
      'metadata.max.age.ms': '60000',
    });
    consumer.assign([T0]);
    assert.deepEqual(await consumer.poll(1200), []);
    assert.equal(cluster.counts.get('full fetch'), 1, 'the session was begun anew');
    partition?.log.append(['a']);
    assert.deepEqual(await readValues(consumer, 1), ['a']);
    assert.equal(cluster.counts.get('full fetch'), 1);
  });

  // kafka-wire 1.6 row "Consumer": it must not join a group that nobody asked for.
  test('with assigned partitions needs no group, and asks for no coordinator', async () => {
    await using cluster = await FakeCluster.start();
    const [partition] = cluster.makeTopic('t');
    partition?.log.append(['a']);
    await using consumer = testConsumer(cluster.bootstrapServers);
    consumer.assign([T0]);
    assert.deepEqual(await readValues(consumer, 1), ['a']);
    assert.equal(cluster.counts.get('FindCoordinator'), undefined);
    assert.equal(consumer.groupMetadata(), null);
  });
});
