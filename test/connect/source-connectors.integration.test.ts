/** What Java's `SourceConnectorsIntegrationTest` asserts, of one worker. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { kafkaTool, skipReason } from '@sluice/testing';
import { ConnectWorker, sourceConfig } from './support/connect-worker.ts';
import { connectorRuns, eventually } from './support/connector-states.ts';
import { SharedBroker } from './support/shared-broker.ts';

const SUITE = 'SourceConnectorsIntegrationTest';
const FOO = 'foo-topic';
const BAR = 'bar-topic';
const FOO_PARTITIONS = 9;
const RECORDS = 20;

type Props = Readonly<Record<string, string>>;

/** Without `topic.creation.*`. */
function plainConfig(topic: string): Props {
  const config = Object.entries(
    sourceConfig(topic, { 'tasks.max': '1', 'max.messages': String(RECORDS) }),
  );
  return Object.fromEntries(config.filter(([key]) => !key.startsWith('topic.creation.')));
}

/** With a group for FOO, another without a topic, and the defaults. */
function groupedConfig(topic: string): Props {
  return {
    ...plainConfig(topic),
    'topic.creation.groups': 'foo,bar',
    'topic.creation.default.replication.factor': '1',
    'topic.creation.default.partitions': '1',
    'topic.creation.foo.include': FOO,
    'topic.creation.foo.exclude': BAR,
    'topic.creation.foo.partitions': String(FOO_PARTITIONS),
  };
}

describe(SUITE, { skip: await skipReason('kafka', SUITE) }, () => {
  test('R10.18 testTopicsAreCreatedWhenAutoCreateTopicsIsEnabledAtTheBroker: with topic.creation.enable=false it is the broker that creates, by its own defaults', async () => {
    await using broker = await SharedBroker.start({
      properties: { 'auto.create.topics.enable': 'true' },
    });
    await using worker = await ConnectWorker.start({
      bootstrapServers: broker.bootstrapServers,
      props: { 'topic.creation.enable': 'false' },
    });
    await created(worker, 'foo-source', groupedConfig(FOO));
    await topicHas(broker, FOO, 1);
    await allArrive(worker, broker, 'foo-source', FOO);
  });

  test('R10.18 testTopicsAreCreatedWhenTopicCreationIsEnabled, testSwitchingToTopicCreationEnabled: groups decide, once a worker with the feature on has taken over', async () => {
    await using broker = await SharedBroker.start();
    await broker.createTopic(BAR);
    {
      await using worker = await ConnectWorker.start({
        bootstrapServers: broker.bootstrapServers,
        props: { 'topic.creation.enable': 'false' },
      });
      await created(worker, 'bar-source', plainConfig(BAR));
      await created(worker, 'foo-source', groupedConfig(FOO));
      await allArrive(worker, broker, 'bar-source', BAR);
      await topicHas(broker, BAR, 1);
      assert.ok(!(await broker.admin.listTopics()).includes(FOO));
      // The task that waits for its topic does not hold up the worker's end.
      await worker.stop();
    }
    await using worker = await ConnectWorker.start({ bootstrapServers: broker.bootstrapServers });
    await created(worker, 'bar-source', plainConfig(BAR));
    await created(worker, 'foo-source', groupedConfig(FOO));
    await topicHas(broker, FOO, FOO_PARTITIONS);
    await allArrive(worker, broker, 'foo-source', FOO);
    await topicHas(broker, BAR, 1);
  });
});

/** Validated without an error, created and running. */
async function created(worker: ConnectWorker, name: string, config: Props): Promise<void> {
  const { error_count: errors } = await worker.rest.validateConfig(
    config['connector.class'] ?? '',
    { ...config, name },
  );
  assert.equal(errors, 0);
  await worker.rest.putConnectorConfig(name, config);
  await connectorRuns(worker, name, 1);
}

/** Waits until all of a source's records are acknowledged, and checks that they are there. */
async function allArrive(
  worker: ConnectWorker,
  broker: SharedBroker,
  source: string,
  topic: string,
): Promise<void> {
  await eventually(`the records of ${source} to be acknowledged`, () => {
    return worker.journal.sum(`${source}-0`, 'committed', 'count') >= RECORDS;
  });
  const server = ['--bootstrap-server', broker.bootstrapServers];
  const { stdout } = await kafkaTool('GetOffsetShell', [...server, '--topic', topic]);
  const ends = [...stdout.matchAll(/^.*:\d+:(\d+)$/gm)].map(([, end]) => Number(end));
  assert.equal(
    ends.reduce((sum, end) => sum + end, 0),
    RECORDS,
    stdout,
  );
}

/** Waits until the topic is there, and checks how it was made. */
async function topicHas(broker: SharedBroker, topic: string, partitions: number): Promise<void> {
  await eventually(`the topic ${topic}`, async () => {
    return (await broker.admin.listTopics()).includes(topic);
  });
  const description = (await broker.admin.describeTopics([topic])).get(topic);
  assert.equal(description?.partitions.length, partitions);
  assert.ok(description?.partitions.every(({ replicas }) => replicas.length === 1));
}
