/** Counterpart of Java's ConnectorTopicsIntegrationTest (KIP-558), on one worker. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { skipReason } from '@sluice/testing';
import { ConnectWorker, sinkConfig, sourceConfig } from './support/connect-worker.ts';
import { connectorIsGone, connectorRuns, eventually, refusal } from './support/connector-states.ts';
import { SharedBroker } from './support/shared-broker.ts';

const title = 'the topics of connectors';

describe(title, { skip: await skipReason('kafka', title) }, () => {
  let broker: SharedBroker;
  before(async () => {
    broker = await SharedBroker.start();
    for (const topic of ['foo-topic', 'bar-topic']) await broker.createTopic(topic, 3);
  });
  after(() => broker[Symbol.asyncDispose]());

  const workerWith = (props: Readonly<Record<string, string>> = {}): Promise<ConnectWorker> =>
    ConnectWorker.start({ bootstrapServers: broker.bootstrapServers, props });

  test('R10.07 testGetActiveTopics: topics are collected, reset, seen again, forgotten on delete', async () => {
    await using worker = await workerWith();
    await topicsAre(worker, 'foo-source', []);
    await create(worker, 'foo-source', sourceConfig('foo-topic', { 'tasks.max': '1' }));
    await topicsAre(worker, 'foo-source', ['foo-topic']);
    await create(worker, 'bar-source', sourceConfig('bar-topic', { 'tasks.max': '1' }));
    await topicsAre(worker, 'bar-source', ['bar-topic']);
    await create(worker, 'baz-sink', sinkConfig('foo-topic,bar-topic'));
    await topicsAre(worker, 'baz-sink', ['bar-topic', 'foo-topic']);

    await worker.rest.deleteConnector('bar-source');
    await connectorIsGone(worker, 'bar-source');
    await topicsAre(worker, 'bar-source', []);
    await sinkHasAllOf(worker, 'bar-topic', 'bar-source-0');

    await worker.rest.resetConnectorTopics('baz-sink');
    await topicsAre(worker, 'baz-sink', ['foo-topic']);
  });

  test('R10.07 testTopicTrackingResetIsDisabled: a reset is refused, and changes nothing', async () => {
    await using worker = await workerWith({ 'topic.tracking.allow.reset': 'false' });
    await topicsAre(worker, 'foo-source', []);
    await create(worker, 'foo-source', sourceConfig('foo-topic', { 'tasks.max': '1' }));
    await topicsAre(worker, 'foo-source', ['foo-topic']);
    await create(worker, 'baz-sink', sinkConfig('foo-topic'));
    await topicsAre(worker, 'baz-sink', ['foo-topic']);
    await worker.rest.deleteConnector('foo-source');
    await connectorIsGone(worker, 'foo-source');
    await topicsAre(worker, 'foo-source', []);
    await assert.rejects(
      worker.rest.resetConnectorTopics('baz-sink'),
      refusal(403, /Topic tracking reset is disabled\./),
    );
    await topicsAre(worker, 'baz-sink', ['foo-topic']);
  });

  test('R10.07 testTopicTrackingIsDisabled: topics are neither told nor reset', async () => {
    await using worker = await workerWith({ 'topic.tracking.enable': 'false' });
    await create(worker, 'foo-source', sourceConfig('foo-topic', { 'tasks.max': '1' }));
    await eventually(
      'records are there',
      () => worker.journal.sum('foo-source-0', 'committed', 'count') > 0,
    );
    const isDisabled = refusal(403, /Topic tracking is disabled\./);
    await assert.rejects(worker.rest.resetConnectorTopics('foo-source'), isDisabled);
    await assert.rejects(worker.rest.connectorTopics('foo-source'), isDisabled);
  });
});

async function create(
  worker: ConnectWorker,
  name: string,
  config: Readonly<Record<string, string>>,
): Promise<void> {
  await worker.rest.createConnector({ name, config });
  await connectorRuns(worker, name, 1);
}

async function topicsAre(
  worker: ConnectWorker,
  name: string,
  topics: readonly string[],
): Promise<void> {
  let last: readonly string[] = [];
  await eventually(
    `topics of ${name} to be [${topics.join(', ')}]`,
    async () => {
      last = await worker.rest.connectorTopics(name);
      return [...last].sort().join() === topics.join();
    },
    () => `They are [${last.join(', ')}].`,
  );
}

/** Until the sink has read the last record of a source that is gone. */
async function sinkHasAllOf(worker: ConnectWorker, topic: string, task: string): Promise<void> {
  await eventually(`the sink to have read all of ${topic}`, async () => {
    const { offsets } = await worker.rest.connectorOffsets('baz-sink');
    const read = offsets
      .filter(({ partition }) => partition?.['kafka_topic'] === topic)
      .reduce((total, { offset }) => total + Number(offset?.['kafka_offset'] ?? 0), 0);
    return read > 0 && read === worker.journal.sum(task, 'records', 'count');
  });
}
