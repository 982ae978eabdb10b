/** Counterpart of Java's ConnectWorkerIntegrationTest, as far as one worker shows it. */
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { skipReason } from '@sluice/testing';
import { ConnectWorker, sinkConfig, sourceConfig } from './support/connect-worker.ts';
import {
  connectorHasFailed,
  connectorIs,
  connectorIsGone,
  connectorIsPaused,
  connectorIsStopped,
  connectorRuns,
  eventually,
  tasksHaveFailed,
} from './support/connector-states.ts';
import { SharedBroker } from './support/shared-broker.ts';

const title = 'one worker';
const TASKS = 4;
const FILE_PROVIDER = 'org.apache.kafka.common.config.provider.FileConfigProvider';

type Props = Readonly<Record<string, string>>;

describe(title, { skip: await skipReason('kafka', title), concurrency: 4 }, () => {
  let broker: SharedBroker;
  let worker: ConnectWorker;
  before(async () => {
    broker = await SharedBroker.start();
    worker = await ConnectWorker.start({
      bootstrapServers: broker.bootstrapServers,
      props: { 'config.providers': 'file', 'config.providers.file.class': FILE_PROVIDER },
    });
  });
  after(async () => {
    await worker[Symbol.asyncDispose]();
    await broker[Symbol.asyncDispose]();
  });

  /** A connector's own topic bears its name, so that none disturbs another. */
  const source = (name: string, changes: Props = {}): Props =>
    sourceConfig(name, { 'tasks.max': String(TASKS), ...changes });

  test('R10.02 testRestartFailedTask: tasks that failed for a wrong broker run once that is mended', async () => {
    const name = 'restart-failed-task';
    const wrong = { 'producer.override.bootstrap.servers': 'nobrokerrunningatthisaddress' };
    const config = source(name, { 'tasks.max': '1', ...wrong });
    await worker.rest.createConnector({ name, config });
    await tasksHaveFailed(worker, name, { tasks: 1, failed: 1 });
    await worker.rest.putConnectorConfig(name, source(name, { 'tasks.max': '1' }));
    await worker.rest.restartTask(name, 0);
    await connectorRuns(worker, name, 1);
  });

  test('R10.02 testTaskStatuses: there are as many statuses as tasks, when they grow and shrink', async () => {
    const name = 'task-statuses';
    for (const tasks of [1, 5, 3]) {
      await worker.rest.putConnectorConfig(name, source(name, { 'tasks.max': String(tasks) }));
      await connectorRuns(worker, name, tasks);
      assert.equal((await worker.rest.tasks(name)).length, tasks);
    }
    assert.equal((await worker.ask('GET', `/connectors/${name}/tasks/3/status`)).status, 404);
  });

  test('R10.02 testPauseStopResume: every way from running over paused and stopped to deleted', async () => {
    const name = 'pause-stop-resume';
    await worker.rest.createConnector({ name, config: source(name) });
    await connectorRuns(worker, name, TASKS);
    // Each wish twice: the second changes nothing.
    for (const _time of [1, 2]) await worker.rest.stopConnector(name);
    await connectorIsStopped(worker, name);
    for (const _time of [1, 2]) await worker.rest.resumeConnector(name);
    await connectorRuns(worker, name, TASKS);
    for (const _time of [1, 2]) await worker.rest.pauseConnector(name);
    await connectorIsPaused(worker, name, TASKS);
    await worker.rest.stopConnector(name);
    await connectorIsStopped(worker, name);
    await worker.rest.pauseConnector(name);
    await connectorIsPaused(worker, name, 0);
    await worker.rest.resumeConnector(name);
    await connectorRuns(worker, name, TASKS);
    await worker.rest.deleteConnector(name);
    await connectorIsGone(worker, name);
  });

  test('R10.02 testStoppedState: a connector that fails to start or to stop can be stopped, resumed and deleted', async () => {
    const name = 'stopped-state';
    const failing = source(name, { 'connector.start.inject.error': 'true' });
    await worker.ask('PUT', `/connectors/${name}/config`, failing);
    await connectorHasFailed(worker, name);
    await worker.rest.stopConnector(name);
    await connectorIsStopped(worker, name);
    await worker.rest.putConnectorConfig(name, source(name));
    await worker.rest.resumeConnector(name);
    await connectorRuns(worker, name, TASKS);
    const failingLater = source(name, { 'connector.stop.inject.error': 'true' });
    await worker.rest.putConnectorConfig(name, failingLater);
    await worker.ask('PUT', `/connectors/${name}/stop`);
    await connectorIsStopped(worker, name);
    await worker.rest.resumeConnector(name);
    await connectorRuns(worker, name, TASKS);
    await worker.rest.deleteConnector(name);
    await connectorIsGone(worker, name);
  });

  test('R10.03 testTasksConfigDeprecation: the endpoint that was deprecated there is gone, as from Kafka 4.0 on', async () => {
    const name = 'tasks-config';
    await worker.rest.createConnector({ name, config: source(name) });
    await connectorRuns(worker, name, TASKS);
    const answer = await worker.ask('GET', `/connectors/${name}/tasks-config`);
    assert.deepEqual(answer.body, { error_code: 404, message: 'HTTP 404 Not Found' });
    assert.equal((await worker.rest.tasks(name)).length, TASKS);
  });

  test('R10.03 testCreateConnectorWithPausedInitialState: no tasks until it is resumed', async () => {
    const name = 'initially-paused';
    await worker.rest.createConnector({ name, config: source(name), initialState: 'PAUSED' });
    await connectorIsPaused(worker, name, 0);
    assert.deepEqual((await worker.rest.connector(name)).tasks, []);
    assert.deepEqual(await worker.rest.tasks(name), []);
    assert.equal(worker.journal.startsAndStops(name).starts, 0);
    await worker.rest.resumeConnector(name);
    await connectorRuns(worker, name, TASKS);
  });

  test('R10.03 testCreateSourceConnectorWithStoppedInitialStateAndModifyOffsets: it begins at the offset it was given', async () => {
    const name = 'initially-stopped-source';
    const config = source(name, { 'tasks.max': '1', 'max.messages': '10', throughput: '-1' });
    await worker.rest.createConnector({ name, config, initialState: 'STOPPED' });
    await connectorIsStopped(worker, name);
    const entry = { partition: { 'task.id': `${name}-0` }, offset: { saved: 5 } };
    await worker.rest.alterConnectorOffsets(name, [entry]);
    await worker.rest.resumeConnector(name);
    await connectorRuns(worker, name, 1);
    await eventually(
      'the rest of its records to be in Kafka',
      () => worker.journal.sum(`${name}-0`, 'committed', 'count') === 5,
    );
    assert.deepEqual(
      await broker.values(name),
      [6, 7, 8, 9, 10].map((seq) => `value-${name}-0-${seq}`),
    );
  });

  test('R10.03 testCreateSinkConnectorWithStoppedInitialStateAndModifyOffsets: it begins at the offset it was given', async () => {
    const name = 'initially-stopped-sink';
    await broker.createTopic(name);
    const messages = Array.from({ length: 10 }, (_, at) => `Message ${at}`);
    await broker.produce(name, messages);
    const config = sinkConfig(name, { 'fail.below.offset': '5' });
    await worker.rest.createConnector({ name, config, initialState: 'STOPPED' });
    await connectorIsStopped(worker, name);
    const partition = { kafka_topic: name, kafka_partition: 0 };
    await worker.rest.alterConnectorOffsets(name, [{ partition, offset: { kafka_offset: 5 } }]);
    await worker.rest.resumeConnector(name);
    await eventually(
      'five records to have come',
      () => worker.journal.sum(`${name}-0`, 'put', 'count') === 5,
    );
    await connectorRuns(worker, name, 1);
  });

  test('R10.03 testDeleteConnectorCreatedWithPausedOrStoppedInitialState: both can be deleted', async () => {
    const name = 'initially-idle';
    await worker.rest.createConnector({ name, config: source(name), initialState: 'PAUSED' });
    await connectorIsPaused(worker, name, 0);
    await worker.rest.deleteConnector(name);
    await connectorIsGone(worker, name);
    await worker.rest.createConnector({ name, config: source(name), initialState: 'STOPPED' });
    await connectorIsStopped(worker, name);
    await worker.rest.deleteConnector(name);
    await connectorIsGone(worker, name);
  });

  test('R10.03 testPatchConnectorConfig: values change, come and go, and the rest stays', async () => {
    const name = 'patched';
    await broker.createTopic(name);
    const config = sinkConfig(name, {
      'tasks.max': '2',
      'unaffected-key': 'unaffected-value',
      'to-be-deleted-key': 'value',
    });
    await worker.rest.createConnector({ name, config });
    await connectorRuns(worker, name, 2);
    const patch = { 'tasks.max': '3', 'to-be-added-key': 'value', 'to-be-deleted-key': null };
    await worker.rest.patchConnectorConfig(name, patch);
    await connectorRuns(worker, name, 3);
    const { 'to-be-deleted-key': _deleted, ...kept } = config;
    assert.deepEqual((await worker.rest.connector(name)).config, {
      ...kept,
      name,
      'tasks.max': '3',
      'to-be-added-key': 'value',
    });
  });

  test('R10.04 testSourceTaskNotBlockedOnShutdownWithNonExistentTopic: it can be deleted while its producer waits for the topic', async () => {
    const name = 'nonexistent-topic';
    const { 'topic.creation.default.replication.factor': _r, ...some } = source(name, {
      throughput: '-1',
    });
    const { 'topic.creation.default.partitions': _p, ...config } = some;
    await worker.rest.createConnector({ name, config });
    await connectorRuns(worker, name, TASKS);
    const tasks = [0, 1, 2, 3].map((task) => `${name}-${task}`);
    await eventually('all tasks to have records for it', () =>
      tasks.every((task) => worker.journal.sum(task, 'records', 'count') >= 10),
    );
    await worker.rest.deleteConnector(name);
    for (const by of [name, ...tasks])
      await eventually(`${by} to be stopped`, () => worker.journal.count(by, 'stop') === 1);
  });

  test('R10.04 testTasksMaxEnforcement: too many tasks fail the connector, unless it may have them', async () => {
    const name = 'tasks-max';
    const configure = (changes: Props) =>
      worker.ask(
        'PUT',
        `/connectors/${name}/config`,
        source(name, { 'tasks.max': '1', ...changes }),
      );
    await configure({ 'num.tasks': '2' });
    const { connector } = await connectorHasFailed(worker, name);
    const words =
      /The connector tasks-max has generated 2 tasks, which is greater than 1, the maximum number/;
    assert.match(connector.trace ?? '', words);
    await configure({ 'num.tasks': '2', 'tasks.max.enforce': 'false' });
    await connectorRuns(worker, name, 2);
    await configure({ 'num.tasks': '3', 'tasks.max.enforce': 'false' });
    await connectorRuns(worker, name, 3);
    await configure({ 'num.tasks': '1' });
    await connectorRuns(worker, name, 1);
    await configure({ 'num.tasks': '2' });
    const failed = await connectorIs(
      worker,
      name,
      'FAILED, its task RUNNING still',
      (status) => status.connector.state === 'FAILED' && status.tasks.length === 1,
    );
    assert.match(failed.connector.trace ?? '', words);
    assert.equal(failed.tasks[0]?.state, 'RUNNING');
  });

  test('R10.04 testReconfigureConnectorWithFailingTaskConfigs: a config that mends what the old one refers to takes effect', async () => {
    const name = 'failing-task-configs';
    const secrets = worker.dir.join('test-secrets');
    await writeFile(secrets, 'secret-throughput=100\n');
    const throughput = '${file:' + secrets + ':secret-throughput}';
    await worker.rest.createConnector({ name, config: source(`${name}-1`, { throughput }) });
    await connectorRuns(worker, name, TASKS);
    await allTasks(name, 'committed', 1);
    await rm(secrets);
    const starts = worker.journal.count(name, 'start');
    await broker.createTopic(`${name}-2`);
    const config = source(`${name}-2`, { throughput: '100' });
    await worker.rest.putConnectorConfig(name, config);
    await eventually('it to be restarted', () => worker.journal.count(name, 'start') > starts);
    await allTasks(name, 'start', 2);
    await connectorRuns(worker, name, TASKS);
    await eventually(
      'records to be in the other topic',
      async () => (await broker.values(`${name}-2`)).length > 0,
    );
  });

  test('R10.04 testRuntimePropertyReconfiguration: another converter restarts tasks whose own configs stay', async () => {
    const name = 'kafka9228';
    await broker.createTopic(name);
    await broker.produce(name, ['non-json-value']);
    const config = {
      'connector.class': 'EmptyTaskConfigsConnector',
      'tasks.max': '1',
      topics: name,
      'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
      'value.converter.schemas.enable': 'false',
    };
    await worker.rest.createConnector({ name, config });
    await tasksHaveFailed(worker, name, { tasks: 1, failed: 1 });
    assert.deepEqual((await worker.rest.connectorOffsets(name)).offsets, []);
    const mended = {
      ...config,
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    };
    await worker.rest.putConnectorConfig(name, mended);
    await connectorRuns(worker, name, 1);
    const wanted = {
      partition: { kafka_topic: name, kafka_partition: 0 },
      offset: { kafka_offset: 1 },
    };
    await eventually('the record to be committed', async () => {
      const { offsets } = await worker.rest.connectorOffsets(name);
      return offsets.length === 1 && offsets[0]?.offset?.['kafka_offset'] === 1;
    });
    const { offsets } = await worker.rest.connectorOffsets(name);
    assert.deepEqual(offsets, [wanted]);
  });

  test('R10.04 testPluginAliases: every kind of plug-in is found by its short name', async () => {
    const topic = 'kafka17150';
    await broker.createTopic(topic);
    const aliases = {
      'tasks.max': '2',
      'key.converter': 'StringConverter',
      'value.converter': 'StringConverter',
      'header.converter': 'StringConverter',
      transforms: 'filter',
      'transforms.filter.type': 'Filter',
      'transforms.filter.predicate': 'tombstone',
      predicates: 'tombstone',
      'predicates.tombstone.type': 'RecordIsTombstone',
    };
    const configs = {
      'alias-source': sourceConfig(topic, aliases),
      'alias-sink': sinkConfig(topic, aliases),
    };
    for (const [name, config] of Object.entries(configs)) {
      await worker.rest.createConnector({ name, config });
      await connectorRuns(worker, name, 2);
      await worker.rest.deleteConnector(name);
    }
  });

  /** Until each of the tasks has written that so often. */
  async function allTasks(name: string, event: string, times: number): Promise<void> {
    await eventually(`${times} times ${event} of each task of ${name}`, () =>
      [0, 1, 2, 3].every((task) => worker.journal.count(`${name}-${task}`, event) >= times),
    );
  }
});

const outages = 'one worker whose brokers go away';

describe(outages, { skip: await skipReason('kafka', outages) }, () => {
  test('R10.04 testBrokerCoordinator testRequestTimeouts: what needs brokers times out and says so, the rest is answered, and all goes on when they are back', async () => {
    await using broker = await SharedBroker.start();
    for (const topic of ['lines', 'quiet']) await broker.createTopic(topic);
    await using worker = await ConnectWorker.start({ bootstrapServers: broker.bootstrapServers });
    const config = sourceConfig('lines', { 'tasks.max': String(TASKS) });
    await worker.rest.createConnector({ name: 'source', config });
    await worker.rest.createConnector({ name: 'sink', config: sinkConfig('lines') });
    await worker.rest.createConnector({ name: 'stopped', config: sinkConfig('quiet') });
    await connectorRuns(worker, 'source', TASKS);
    await connectorRuns(worker, 'sink', 1);
    await connectorRuns(worker, 'stopped', 1);
    await worker.rest.stopConnector('stopped');
    const read = () => worker.journal.sum('sink-0', 'put', 'count');
    await eventually('the sink to read', () => read() > 0);

    await broker.kafka.stop();
    const reset = await worker.withRequestTimeout(2_000, () =>
      worker.ask('DELETE', '/connectors/stopped/offsets'),
    );
    assert.equal(reset.status, 500);
    assert.match(
      JSON.stringify(reset.body),
      /Request timed out\. The worker is currently changing offsets of the connector stopped, wh/,
    );
    assert.equal((await worker.ask('GET', '/health')).status, 200);
    assert.deepEqual(await worker.rest.connectors(), ['source', 'sink', 'stopped']);
    await connectorRuns(worker, 'source', TASKS);

    await broker.kafka.start();
    const before = read();
    await eventually('records to flow again', () => read() > before + 10);
    await worker.rest.putConnectorConfig('source', { ...config, 'tasks.max': '5' });
    await connectorRuns(worker, 'source', 5);
    await connectorRuns(worker, 'sink', 1);
  });
});
