// Goal: the admin calls that Connect makes, on the real thing. Method: one broker of each kind, one
// client, each call seen from the outside by another call.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { brokersUnderTest, type RunningBroker, waitUntil } from '@sluice/testing';
import type { Admin } from '../src/admin/admin.ts';
import { createAdmin } from '../src/admin/create-admin.ts';
import { OFFSET_SPEC } from '../src/cluster/partition-offsets.ts';
import { KafkaError } from '../src/errors/kafka-error.ts';
import { silentLogger } from '../src/logger.ts';

const topicOf = (name: string, partitions = 1): Parameters<Admin['createTopics']>[0][number] => ({
  name,
  partitions,
  replicationFactor: -1,
  configs: { 'cleanup.policy': 'compact' },
});

const hasCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof KafkaError && error.code === code;

for (const kind of brokersUnderTest()) {
  const skip = await kind.skipReason('admin');
  describe(`admin on ${kind.title}`, { skip }, () => {
    let broker: RunningBroker;
    let admin: Admin;
    before(async () => {
      broker = await kind.start();
      const properties = { 'bootstrap.servers': broker.bootstrapServers };
      admin = createAdmin(properties, { logger: silentLogger });
    });
    after(async () => {
      await admin.close();
      await broker[Symbol.asyncDispose]();
    });

    test('tells who the brokers are', async () => {
      const cluster = await admin.describeCluster();
      assert.match(cluster.clusterId, /^[\w-]{22}$/);
      assert.equal(cluster.nodes.length, 1);
      assert.ok((cluster.nodes[0]?.port ?? 0) > 0);
    });

    test('creates topics once, describes, grows and deletes them', async () => {
      assert.deepEqual(
        [...(await admin.createTopics([topicOf('a', 2), topicOf('b')]))],
        ['a', 'b'],
      );
      assert.deepEqual([...(await admin.createTopics([topicOf('b'), topicOf('c')]))], ['c']);
      const found = await admin.describeTopics(['a', 'nowhere']);
      assert.deepEqual([...found.keys()], ['a']);
      assert.equal(found.get('a')?.partitions.length, 2);
      const configs = await admin.describeTopicConfigs(['a']);
      assert.equal(configs.get('a')?.get('cleanup.policy'), 'compact');
      await admin.alterTopicConfigs('a', [{ name: 'retention.ms', value: '1234' }]);
      // A broker answers before it has read its own change back from the metadata log.
      await waitUntil('the changed config to be seen', async () => {
        const altered = (await admin.describeTopicConfigs(['a'])).get('a');
        assert.equal(altered?.get('cleanup.policy'), 'compact');
        return altered?.get('retention.ms') === '1234';
      });
      await admin.createPartitions('a', 3);
      await waitUntil('the new partition to be seen', async () => {
        return (await admin.describeTopics(['a'])).get('a')?.partitions.length === 3;
      });
      await admin.deleteTopics(['b']);
      await waitUntil('the topic to be gone', async () => {
        return !(await admin.listTopics()).includes('b');
      });
    });

    test('names what is wrong with a topic', async () => {
      await assert.rejects(
        admin.createTopics([topicOf('not a name')]),
        hasCode('INVALID_TOPIC_EXCEPTION'),
      );
      await assert.rejects(admin.deleteTopics(['nowhere']), /Deleting the topic/);
      const bad = { ...topicOf('d'), configs: { 'retention.ms': 'soon' } };
      await assert.rejects(admin.createTopics([bad]), hasCode('INVALID_CONFIG'));
    });

    test('lists, alters and deletes the offsets of a group without members', async () => {
      await admin.createTopics([topicOf('offsets', 2)]);
      const at = (
        partition: number,
        offset: number,
      ): { topic: string; partition: number; offset: number } => ({
        topic: 'offsets',
        partition,
        offset,
      });
      assert.deepEqual(await admin.listGroupOffsets('g'), []);
      await admin.alterGroupOffsets('g', [at(0, 7), { ...at(1, 9), metadata: 'by hand' }]);
      const listed = (await admin.listGroupOffsets('g')).toSorted(
        (a, b) => a.partition - b.partition,
      );
      assert.deepEqual(
        listed.map(({ partition, offset, metadata }) => ({ partition, offset, metadata })),
        [
          { partition: 0, offset: 7, metadata: '' },
          { partition: 1, offset: 9, metadata: 'by hand' },
        ],
      );
      await admin.deleteGroupOffsets('g', [{ topic: 'offsets', partition: 0 }]);
      assert.deepEqual(
        (await admin.listGroupOffsets('g')).map((each) => each.partition),
        [1],
      );
      await admin.deleteGroup('g');
      assert.deepEqual(await admin.listGroupOffsets('g'), []);
      await assert.rejects(admin.deleteGroup('g'), hasCode('GROUP_ID_NOT_FOUND'));
    });

    test('finds the ends of partitions', async () => {
      await admin.createTopics([topicOf('ends', 2)]);
      const ends = await admin.listOffsets([
        { topic: 'ends', partition: 1, timestamp: OFFSET_SPEC.latest },
        { topic: 'ends', partition: 0, timestamp: OFFSET_SPEC.earliest },
      ]);
      assert.deepEqual(
        ends.map(({ partition, offset }) => [partition, offset]),
        [
          [1, 0],
          [0, 0],
        ],
      );
    });
  });
}

test('a broker that is not there is named, with the key to check, when the time is up', async () => {
  const properties = {
    'bootstrap.servers': '127.0.0.1:1',
    'default.api.timeout.ms': '700',
    'request.timeout.ms': '500',
  };
  await using admin = createAdmin(properties, { logger: silentLogger });
  await assert.rejects(admin.describeCluster(), (error: unknown) => {
    assert.ok(error instanceof KafkaError);
    assert.equal(error.code, 'TIMEOUT');
    assert.match(error.message, /Describing the cluster/);
    assert.match(error.message, /127\.0\.0\.1:1/);
    assert.match(error.message, /bootstrap\.servers/);
    return true;
  });
});
