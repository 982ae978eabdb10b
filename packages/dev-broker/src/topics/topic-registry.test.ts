import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { makeTempDir } from '@sluice/testing';
import { aBatch } from '../../test/a-batch.ts';
import { BrokerConfig } from '../config/broker-config.ts';
import { BrokerError } from '../storage/broker-error.ts';
import { SILENT_LOGGER } from '../storage/broker-log.ts';
import { openLogFile } from '../storage/log-file.ts';
import type { WantedTopic } from './topic-plan.ts';
import { TopicRegistry } from './topic-registry.ts';

function registryIn(dataDir: string, values: Readonly<Record<string, string>> = {}) {
  return TopicRegistry.open({
    dataDir,
    leaderEpoch: 0,
    config: new BrokerConfig(values),
    openFile: openLogFile,
    logger: SILENT_LOGGER,
    now: Date.now,
  });
}

function wanted(name: string, changes: Partial<WantedTopic> = {}): WantedTopic {
  return { name, partitions: -1, replicationFactor: -1, assignments: [], configs: [], ...changes };
}

test('topics, their ids, partitions and configs are there after a restart', async () => {
  await using dir = await makeTempDir('topics');
  const registry = await registryIn(dir.path, { 'num.partitions': '2' });
  const configs = [{ name: 'retention.ms', value: '5' }];
  const { id } = await registry.create(wanted('a', { configs }));
  await registry.create(wanted('b', { partitions: 3, replicationFactor: 1 }));
  const topic = registry.get('a');
  assert.ok(topic !== undefined);
  await registry.addPartitions(topic, 4);
  await registry.replaceConfigs(topic, new Map([['retention.bytes', '9']]));
  const log = await topic.partition(3)?.log();
  await log?.append(aBatch());
  await registry.close();
  const again = await registryIn(dir.path);
  assert.deepEqual(
    again.list().map((one) => [one.name, one.partitions.length]),
    [
      ['a', 4],
      ['b', 3],
    ],
  );
  assert.equal(again.byId(id)?.name, 'a');
  assert.deepEqual([...(again.get('a')?.configs ?? [])], [['retention.bytes', '9']]);
  assert.equal(again.get('a')?.settings.retentionBytes, 9);
  assert.equal((await again.get('a')?.partition(3)?.log())?.endOffset, 1);
  await again.close();
});

test('a topic that is deleted is gone with its records, and comes back empty', async () => {
  await using dir = await makeTempDir('topics');
  const registry = await registryIn(dir.path);
  const topic = await registry.getOrCreate('a');
  await (await topic.partition(0)?.log())?.append(aBatch());
  await registry.delete(topic);
  assert.equal(registry.get('a'), undefined);
  assert.equal(registry.byId(topic.id), undefined);
  assert.deepEqual(await readdir(dir.join('topics')), []);
  await assert.rejects(topic.partition(0)?.log() ?? Promise.resolve(), /was deleted/);
  const anew = await registry.getOrCreate('a');
  assert.notEqual(anew.id, topic.id);
  assert.equal((await anew.partition(0)?.log())?.endOffset, 0);
  await registry.close();
});

test('what an interrupted deletion left is removed at the next start', async () => {
  await using dir = await makeTempDir('topics');
  const registry = await registryIn(dir.path);
  const topic = await registry.getOrCreate('kept');
  await (await topic.partition(0)?.log())?.append(aBatch());
  await registry.close();
  await mkdir(dir.join('topics', 'gone.1234567890123456789012', '0'), { recursive: true });
  await mkdir(dir.join('topics', 'not-ours'));
  const again = await registryIn(dir.path);
  assert.deepEqual((await readdir(dir.join('topics'))).sort(), [`kept.${topic.id}`, 'not-ours']);
  await again.close();
});

test('a topic that is asked for by many at once is made once', async () => {
  await using dir = await makeTempDir('topics');
  const registry = await registryIn(dir.path);
  const topics = await Promise.all(Array.from({ length: 10 }, () => registry.getOrCreate('a')));
  assert.equal(new Set(topics).size, 1);
  await registry.close();
});

test('topics that can not be are refused as a Kafka of one node refuses them', async () => {
  await using dir = await makeTempDir('topics');
  const registry = await registryIn(dir.path);
  await registry.create(wanted('a.b'));
  const table: readonly (readonly [WantedTopic, string])[] = [
    [wanted('a.b'), 'TOPIC_ALREADY_EXISTS'],
    [wanted('a_b'), 'INVALID_TOPIC_EXCEPTION'],
    [wanted(''), 'INVALID_TOPIC_EXCEPTION'],
    [wanted('..'), 'INVALID_TOPIC_EXCEPTION'],
    [wanted('ä'), 'INVALID_TOPIC_EXCEPTION'],
    [wanted('a/b'), 'INVALID_TOPIC_EXCEPTION'],
    [wanted('x'.repeat(250)), 'INVALID_TOPIC_EXCEPTION'],
    [wanted('c', { partitions: 0 }), 'INVALID_PARTITIONS'],
    [wanted('c', { partitions: 1e6 }), 'INVALID_PARTITIONS'],
    [wanted('c', { replicationFactor: 3 }), 'INVALID_REPLICATION_FACTOR'],
    [wanted('c', { replicationFactor: 0 }), 'INVALID_REPLICATION_FACTOR'],
    [wanted('c', { configs: [{ name: 'retention', value: '1' }] }), 'INVALID_CONFIG'],
    [wanted('c', { configs: [{ name: 'retention.ms', value: null }] }), 'INVALID_CONFIG'],
    [wanted('c', { configs: [{ name: 'retention.ms', value: 'x' }] }), 'INVALID_CONFIG'],
    [
      wanted('c', { assignments: [{ partitionIndex: 0, brokerIds: [2] }] }),
      'INVALID_REPLICA_ASSIGNMENT',
    ],
    [
      wanted('c', { assignments: [{ partitionIndex: 1, brokerIds: [1] }] }),
      'INVALID_REPLICA_ASSIGNMENT',
    ],
    [
      wanted('c', { partitions: 1, assignments: [{ partitionIndex: 0, brokerIds: [1] }] }),
      'INVALID_REQUEST',
    ],
  ];
  for (const [topic, code] of table) {
    await assert.rejects(registry.create(topic), (error: unknown) => {
      assert.ok(error instanceof BrokerError, String(error));
      assert.equal(error.code, code, `${topic.name}: ${error.message}`);
      return true;
    });
  }
  assert.equal((await registry.create(wanted('checked'), true)).partitions, 1);
  const placed = [0, 1].map((partitionIndex) => ({ partitionIndex, brokerIds: [1] }));
  assert.equal((await registry.create(wanted('placed', { assignments: placed }))).partitions, 2);
  assert.equal((await registry.create(wanted('y'.repeat(249)))).partitions, 1);
  assert.deepEqual(
    registry.list().map((topic) => topic.name.length),
    [3, 6, 249],
  );
  await registry.close();
});

test('a list of topics that can not be understood is a clear error', async () => {
  await using dir = await makeTempDir('topics');
  await writeFile(dir.join('topics.json'), '{"topics":[{"name":"a"}]}');
  await assert.rejects(
    registryIn(dir.path),
    /topics\.json can't be understood .*without name or id/,
  );
});
