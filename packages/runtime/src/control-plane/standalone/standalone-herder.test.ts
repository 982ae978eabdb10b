import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import type { Logger } from '@sluice/api';
import { RestError, type ConnectorConfigInput } from '@sluice/rest';
import { FakeTaskHost } from '../../../test/fake-task-host.ts';
import { ConfigTransformer } from '../../config/config-transformer.ts';
import { standaloneConfig } from '../../config/worker-config.ts';
import { discoverPlugins } from '../../plugins/discover-plugins.ts';
import { PluginCatalog } from '../../plugins/plugin-catalog.ts';
import { ConnectorOffsets } from '../../storage/connector-offsets.ts';
import { MemoryOffsetBackingStore } from '../../storage/memory-offset-backing-store.ts';
import { workerConverters } from '../worker/worker-converters.ts';
import { StandaloneHerder } from './standalone-herder.ts';

const silent = (): void => undefined;
const logger: Logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };
const CLI = dirname(fileURLToPath(new URL('../../../../cli/package.json', import.meta.url)));
const KAFKA = 'org.apache.kafka.connect';
const WORKER = {
  'key.converter': `${KAFKA}.json.JsonConverter`,
  'value.converter': `${KAFKA}.json.JsonConverter`,
  'key.converter.schemas.enable': 'false',
  'offset.storage.file.filename': '/tmp/none',
  'consumer.fetch.min.bytes': '7',
};
const SOURCE = { 'connector.class': 'FileStreamSource', name: 'a', topic: 't', file: '/in' };
const SINK = { 'connector.class': 'FileStreamSink', name: 's', topics: 't', file: '/out' };

async function setUp(
  props: Record<string, string> = {},
  transformer: ConfigTransformer = ConfigTransformer.ofWorker(props),
): Promise<{
  readonly herder: StandaloneHerder;
  readonly host: FakeTaskHost;
}> {
  const { values } = standaloneConfig({ ...WORKER, ...props });
  const catalog = new PluginCatalog(
    await discoverPlugins({ workerDirectory: CLI, pluginPath: [] }),
  );
  const hosts: FakeTaskHost[] = [];
  const herder = new StandaloneHerder({
    worker: {
      catalog,
      converters: workerConverters(catalog, values),
      props: { ...WORKER, ...props },
      values,
      transformer,
    },
    createTaskHost: (listener) => {
      const host = new FakeTaskHost(listener);
      hosts.push(host);
      return host;
    },
    serverInfo: { version: '4.3.1-sluice', commit: 'x', kafka_cluster_id: 'c' },
    workerId: 'me:8083',
    logger,
    offsets: new ConnectorOffsets(new MemoryOffsetBackingStore()),
    openAdmin: () => Promise.reject(new Error('no broker here')),
  });
  const [host] = hosts;
  assert.ok(host !== undefined);
  return { herder, host };
}

async function create(herder: StandaloneHerder, config: ConnectorConfigInput): Promise<void> {
  await herder.putConnectorConfig(config['name'] ?? '', config, { allowReplace: false });
}

async function states(herder: StandaloneHerder, name: string): Promise<string> {
  const { connector, tasks } = await herder.connectorStatus(name);
  return [connector.state, ...tasks.map(({ state }) => state)].join(' ');
}

/** What is done in the background after an answer. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

async function rejection(promise: Promise<unknown>): Promise<RestError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof RestError, String(error));
    return error;
  }
  return assert.fail('it was accepted');
}

test('creating starts the connector, then its tasks, and tells what it did', async () => {
  const { herder, host } = await setUp();
  const created = await herder.putConnectorConfig('a', SOURCE, { allowReplace: false });
  assert.deepEqual(created, {
    isNew: true,
    info: {
      name: 'a',
      config: SOURCE,
      tasks: [{ connector: 'a', task: 0 }],
      type: 'source',
    },
  });
  assert.deepEqual(host.calls, ['start a STARTED', 'taskConfigs a 1', 'startTask a-0 STARTED']);
  assert.deepEqual(await herder.connectorStatus('a'), {
    name: 'a',
    connector: { state: 'RUNNING', worker_id: 'me:8083', version: '4.3.1' },
    tasks: [{ id: 0, state: 'RUNNING', worker_id: 'me:8083', version: '4.3.1' }],
    type: 'source',
  });
  assert.equal((await herder.taskStatus('a', 0)).state, 'RUNNING');
  assert.deepEqual(await herder.connectors(), ['a']);
});

test("A6 a task shows the connector's config with its class, references unresolved", async () => {
  const { herder, host } = await setUp({
    'config.providers': 'env',
    'config.providers.env.class': 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
  });
  const config = { ...SOURCE, file: '${env:PATH}' };
  await create(herder, config);
  const [task] = await herder.taskConfigs('a');
  const taskClass = `${KAFKA}.file.FileStreamSourceTask`;
  assert.deepEqual(task?.config, { ...config, 'task.class': taskClass });
  assert.equal(host.specs[0]?.taskProps['file'], process.env['PATH']);
  assert.equal((await herder.connectorConfig('a'))['file'], '${env:PATH}');
});

test('a task gets converters, transformations, error handling and clients', async () => {
  const { herder, host } = await setUp();
  await create(herder, {
    ...SINK,
    'value.converter': 'StringConverter',
    'value.converter.converter.encoding': 'UTF-8',
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': 'dead',
    'consumer.override.max.poll.records': '9',
  });
  const [spec] = host.specs;
  assert.ok(spec?.type === 'sink');
  assert.equal(spec.keyConverter.plugin.className, `${KAFKA}.json.JsonConverter`);
  assert.deepEqual(spec.keyConverter.props, { 'schemas.enable': 'false', 'converter.type': 'key' });
  assert.deepEqual(spec.valueConverter.props, {
    'converter.encoding': 'UTF-8',
    'converter.type': 'value',
  });
  assert.equal(spec.headerConverter.plugin.className, `${KAFKA}.storage.SimpleHeaderConverter`);
  assert.equal(spec.errors.tolerance, 'all');
  assert.deepEqual([spec.topics, spec.topicsRegex], [['t'], null]);
  assert.equal(spec.deadLetters?.topic, 'dead');
  assert.equal(spec.consumerConfig['max.poll.records'], '9');
  assert.equal(spec.consumerConfig['fetch.min.bytes'], '7');
  assert.equal(spec.isolation, 'shared');
  assert.equal(spec.taskProps['topics'], 't');
});

test('R1.47 an invalid config is 400 with every error, and nothing is created', async () => {
  const { herder, host } = await setUp();
  const error = await rejection(
    create(herder, { 'connector.class': 'FileStreamSource', name: 'a' }),
  );
  assert.equal(error.status, 400);
  assert.equal(
    error.message,
    'Connector configuration is invalid and contains the following 1 error(s):\n' +
      'Missing required configuration "topic" which has no default value.\n' +
      'You can also find the above list of errors at the endpoint ' +
      '`/connector-plugins/{connectorType}/config/validate`',
  );
  assert.deepEqual(await herder.connectors(), []);
  assert.deepEqual(host.calls, []);
});

test('creating what exists is 409, also when two ask at once', async () => {
  const { herder } = await setUp();
  const both = await Promise.allSettled([create(herder, SOURCE), create(herder, SOURCE)]);
  assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  const error = await rejection(create(herder, SOURCE));
  assert.deepEqual([error.status, error.message], [409, 'Connector a already exists']);
});

test('a connector that does not start is FAILED, and can be restarted', async () => {
  const { herder, host } = await setUp();
  host.startFailure = new Error('no such table');
  await assert.rejects(create(herder, SOURCE), /no such table/);
  assert.equal(await states(herder, 'a'), 'FAILED');
  assert.match((await herder.connectorStatus('a')).connector.trace ?? '', /no such table/);
  assert.deepEqual(await herder.connectorConfig('a'), SOURCE);
  await herder.restartConnector('a');
  assert.equal(await states(herder, 'a'), 'RUNNING RUNNING');
});

test('a connector that fails later is FAILED with the trace, its tasks untouched', async () => {
  const { herder, host } = await setUp();
  await create(herder, SOURCE);
  host.listener.onConnectorFailed('a', 'the trace');
  await settle();
  assert.equal(await states(herder, 'a'), 'FAILED RUNNING');
  assert.equal((await herder.connectorStatus('a')).connector.trace, 'the trace');
});

test('updating restarts the connector, and its tasks when something changed', async () => {
  const { herder, host } = await setUp();
  await create(herder, SOURCE);
  host.calls.length = 0;
  const same = await herder.putConnectorConfig('a', SOURCE, { allowReplace: true });
  assert.equal(same.isNew, false);
  assert.deepEqual(host.calls, ['stop a', 'start a STARTED', 'taskConfigs a 1']);
  host.calls.length = 0;
  await herder.putConnectorConfig('a', { ...SOURCE, file: '/other' }, { allowReplace: true });
  assert.deepEqual(host.calls.slice(2), [
    'taskConfigs a 1',
    'stopTasks a-0',
    'startTask a-0 STARTED',
  ]);
});

test('a change that the task configs do not show restarts the tasks too', async () => {
  const { herder, host } = await setUp();
  host.configs = [{ part: '0' }];
  await create(herder, SOURCE);
  host.calls.length = 0;
  const config = { ...SOURCE, 'errors.tolerance': 'all' };
  await herder.putConnectorConfig('a', config, { allowReplace: true });
  assert.ok(host.calls.includes('startTask a-0 STARTED'));
});

test('R1.28 a patch merges, removes nulls and is validated', async () => {
  const { herder } = await setUp();
  await create(herder, SOURCE);
  const info = await herder.patchConnectorConfig('a', { file: null, 'tasks.max': '2' });
  const { file: _file, ...rest } = SOURCE;
  assert.deepEqual(info.config, { ...rest, 'tasks.max': '2' });
  assert.equal((await rejection(herder.patchConnectorConfig('a', { topic: null }))).status, 400);
  assert.equal((await rejection(herder.patchConnectorConfig('none', {}))).status, 404);
});

test('R1.35 pause and resume keep the tasks', async () => {
  const { herder, host } = await setUp();
  await create(herder, SOURCE);
  host.calls.length = 0;
  await herder.pauseConnector('a');
  await settle();
  assert.equal(await states(herder, 'a'), 'PAUSED PAUSED');
  await herder.resumeConnector('a');
  await settle();
  assert.equal(await states(herder, 'a'), 'RUNNING RUNNING');
  assert.deepEqual(host.calls, [
    'pauseTask a-0',
    'target a PAUSED',
    'target a STARTED',
    'resumeTask a-0',
    'taskConfigs a 1',
  ]);
});

test('R1.51 stop removes the tasks and their configs, resume makes them anew', async () => {
  const { herder } = await setUp();
  await create(herder, SOURCE);
  await herder.stopConnector('a');
  assert.equal(await states(herder, 'a'), 'STOPPED');
  assert.deepEqual(await herder.taskConfigs('a'), []);
  await herder.resumeConnector('a');
  await settle();
  assert.equal(await states(herder, 'a'), 'RUNNING RUNNING');
});

test('what ends an instance waits for no call into it for ever; pausing and resuming do', async () => {
  const { herder, host } = await setUp();
  const hurries = async (ask: () => Promise<unknown>): Promise<boolean> => {
    host.hurried.length = 0;
    await ask();
    await settle();
    return host.hurried.includes('a');
  };
  await create(herder, SOURCE);
  assert.equal(await hurries(() => herder.pauseConnector('a')), false);
  assert.equal(await hurries(() => herder.resumeConnector('a')), false);
  assert.equal(await hurries(() => herder.restartTask('a', 0)), false);
  assert.equal(await hurries(() => herder.restartConnector('a')), true);
  assert.equal(await hurries(() => herder.patchConnectorConfig('a', { file: '/on' })), true);
  assert.equal(await hurries(() => herder.stopConnector('a')), true);
  assert.equal(await hurries(() => herder.deleteConnector('a')), true);
});

test('R1.46 a connector can be created paused or stopped, without tasks', async () => {
  const { herder } = await setUp();
  for (const [name, targetState] of [
    ['p', 'PAUSED'],
    ['q', 'STOPPED'],
  ] as const) {
    const options = { allowReplace: false, targetState };
    await herder.putConnectorConfig(name, { ...SOURCE, name }, options);
    assert.equal(await states(herder, name), targetState);
  }
  await herder.resumeConnector('q');
  await settle();
  assert.equal(await states(herder, 'q'), 'RUNNING RUNNING');
});

test('R1.48 and R1.49 restart restarts what was asked for', async () => {
  const { herder, host } = await setUp();
  await create(herder, SOURCE);
  host.listener.onTaskStatus({ connector: 'a', task: 0 }, 'FAILED', 'poison');
  host.calls.length = 0;
  const planned = await herder.restartConnectorAndTasks('a', {
    onlyFailed: true,
    includeTasks: true,
  });
  assert.equal(planned.connector.state, 'RUNNING');
  assert.deepEqual(
    planned.tasks.map(({ state, trace }) => [state, trace]),
    [['RESTARTING', 'poison']],
  );
  await settle();
  assert.deepEqual(host.calls, ['stopTasks a-0', 'startTask a-0 STARTED']);
  assert.equal(await states(herder, 'a'), 'RUNNING RUNNING');
  assert.equal((await herder.taskStatus('a', 0)).trace, undefined);
  host.calls.length = 0;
  await herder.restartConnectorAndTasks('a', { onlyFailed: false, includeTasks: true });
  await settle();
  assert.deepEqual(host.calls.slice(0, 2), ['stopTasks a-0', 'startTask a-0 STARTED']);
  assert.deepEqual(host.calls.slice(2, 4), ['stop a', 'start a STARTED']);
  assert.equal(await states(herder, 'a'), 'RUNNING RUNNING');
  const unknown = { onlyFailed: true, includeTasks: false };
  assert.equal((await rejection(herder.restartConnectorAndTasks('x', unknown))).status, 404);
});

test('R1.48 what restarts is RESTARTING from the answer on, whatever else is under way', async () => {
  const { herder, host } = await setUp();
  await create(herder, SOURCE);
  const { promise: gate, resolve } = Promise.withResolvers<void>();
  host.gate = gate;
  const updating = herder.putConnectorConfig('a', SOURCE, { allowReplace: true });
  await settle();
  await herder.restartConnectorAndTasks('a', { onlyFailed: false, includeTasks: true });
  assert.equal(await states(herder, 'a'), 'RESTARTING RESTARTING');
  resolve();
  await updating;
  await until(async () => (await states(herder, 'a')) === 'RUNNING RUNNING');
});

test('R1.48 a connector of which nothing is known yet can not be restarted', async () => {
  const { herder, host } = await setUp();
  const { promise: gate, resolve } = Promise.withResolvers<void>();
  host.gate = gate;
  const creating = create(herder, SOURCE);
  await settle();
  const request = { onlyFailed: false, includeTasks: true };
  const early = await rejection(herder.restartConnectorAndTasks('a', request));
  assert.deepEqual([early.status, early.message], [404, 'Status for connector a not found']);
  const unknown = await rejection(herder.restartConnectorAndTasks('x', request));
  assert.deepEqual([unknown.status, unknown.message], [404, 'Unknown connector: x']);
  resolve();
  await creating;
});

test('R1.48 tasks restart although their connector does not start', async () => {
  const { herder, host } = await setUp();
  await create(herder, SOURCE);
  host.startFailure = new Error('no');
  await herder.restartConnectorAndTasks('a', { onlyFailed: false, includeTasks: true });
  await until(async () => (await states(herder, 'a')) === 'FAILED RUNNING');
});

test('R1.34 one task restarts; an unknown one is 404', async () => {
  const { herder, host } = await setUp();
  await create(herder, SOURCE);
  host.calls.length = 0;
  await herder.restartTask('a', 0);
  assert.deepEqual(host.calls, ['stopTasks a-0', 'startTask a-0 STARTED']);
  const error = await rejection(herder.restartTask('a', 7));
  assert.deepEqual([error.status, error.message], [404, 'Task a-7 not found']);
});

test('R1.37 delete leaves nothing, and the name can be used again at once', async () => {
  const { herder, host } = await setUp();
  await create(herder, SOURCE);
  const { promise: gate, resolve } = Promise.withResolvers<void>();
  host.gate = gate;
  const deleting = herder.deleteConnector('a');
  const creating = create(herder, { ...SOURCE, file: '/new' });
  await settle();
  assert.equal((await rejection(herder.connectorInfo('a'))).status, 404);
  host.gate = null;
  resolve();
  await Promise.all([deleting, creating]);
  assert.equal(await states(herder, 'a'), 'RUNNING RUNNING');
  await herder.deleteConnector('a');
  const error = await rejection(herder.connectorStatus('a'));
  assert.equal(error.message, 'No status found for connector a');
  assert.equal((await rejection(herder.deleteConnector('a'))).message, 'Connector a not found');
});

test('a request for other tasks replaces them', async () => {
  const { herder, host } = await setUp();
  host.configs = [{ part: '0' }];
  await create(herder, { ...SOURCE, 'tasks.max': '2' });
  host.configs = [{ part: '0' }, { part: '1' }];
  host.listener.onTaskReconfigurationRequested('a');
  await settle();
  assert.equal(await states(herder, 'a'), 'RUNNING RUNNING RUNNING');
});

test('R2.53 more tasks than tasks.max fail the connector unless that is allowed', async () => {
  const { herder, host } = await setUp();
  host.configs = [{}, {}];
  await assert.rejects(create(herder, SOURCE), /generated 2 tasks, which is greater than 1/);
  assert.equal(await states(herder, 'a'), 'FAILED');
  const lenient = { ...SOURCE, name: 'b', 'tasks.max.enforce': 'false' };
  await create(herder, lenient);
  assert.equal(await states(herder, 'b'), 'RUNNING RUNNING RUNNING');
});

test('R2.73 R2.76 bad topic.creation keys pass validation and fail the start of the connector', async () => {
  const { herder, host } = await setUp();
  const config = { ...SOURCE, 'topic.creation.default.partitions': '1' };
  const { error_count: errors } = await herder.validateConfig('FileStreamSource', config);
  assert.equal(errors, 0);
  await assert.rejects(create(herder, config), /"topic\.creation\.default\.replication\.factor"/);
  assert.equal(await states(herder, 'a'), 'FAILED');
  assert.deepEqual(host.calls, []);
  const off = await setUp({ 'topic.creation.enable': 'false' });
  await create(off.herder, config);
  assert.equal(await states(off.herder, 'a'), 'RUNNING RUNNING');
});

test('plug-ins are listed and described', async () => {
  const { herder } = await setUp();
  assert.ok(herder.plugins(true).every(({ type }) => type === 'sink' || type === 'source'));
  assert.ok(herder.plugins(false).some(({ type }) => type === 'converter'));
  const keys = await herder.pluginConfig('FileStreamSource');
  assert.ok(keys.some(({ name }) => name === 'topic'));
  assert.equal((await rejection(herder.pluginConfig('Nope'))).message, 'Unknown plugin Nope.');
});

test('closing ends the task host and says so', async () => {
  const { herder, host } = await setUp();
  herder.ready();
  assert.equal(herder.isReady, true);
  await herder.close();
  await herder.close();
  assert.equal(host.isClosed, true);
  assert.equal(herder.isReady, false);
});

test('R7.03 a provider whose values hold for a while restarts the connector when they end', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const provider = {
    get: () => Promise.resolve({ data: new Map([['file', '/in']]), ttlMs: 1_000 }),
  };
  const { herder, host } = await setUp({}, new ConfigTransformer(new Map([['vault', provider]])));
  const config = { ...SOURCE, file: '${vault:secrets:file}' };
  await create(herder, config);
  const starts = (): number => host.calls.filter((call) => call === 'start a STARTED').length;
  assert.equal(starts(), 1);
  context.mock.timers.tick(1_000);
  await settle();
  assert.equal(starts(), 2);
  await herder.putConnectorConfig(
    'a',
    { ...config, 'config.action.reload': 'none' },
    { allowReplace: true },
  );
  assert.equal(starts(), 3);
  context.mock.timers.tick(10_000);
  await settle();
  assert.equal(starts(), 3);
});

test('sluice.config.strict refuses doubtful configs, by default they are warnings', async () => {
  const { herder } = await setUp({ 'sluice.config.strict': 'true' });
  const error = await rejection(create(herder, { ...SOURCE, 'task.max': '1' }));
  assert.equal(error.status, 400);
  assert.match(error.message, /"task\.max" is not known .* Did you mean "tasks\.max"\?/);
  const lenient = await setUp();
  await create(lenient.herder, { ...SOURCE, 'task.max': '1' });
  assert.equal(await states(lenient.herder, 'a'), 'RUNNING RUNNING');
});

test('after a PATCH errors still tell where each value was written', async () => {
  const { herder } = await setUp({ 'sluice.config.strict': 'true' });
  const file = 'orders.properties';
  const lines = Object.keys(SOURCE).map((key, at) => [key, at + 1] as const);
  const origins = new Map(lines.map(([key, line]) => [key, { kind: 'file', file, line } as const]));
  await herder.putConnectorConfig('a', SOURCE, { allowReplace: false, origins });
  const patch = { 'tasks.max': 'many', topic: null };
  const refused = await rejection(herder.patchConnectorConfig('a', patch));
  assert.match(refused.message, /many for configuration tasks\.max: .* \(from PATCH request\)\n/);
  await herder.patchConnectorConfig('a', { 'tasks.max': '1' });
  const later = await rejection(herder.patchConnectorConfig('a', { 'task.max': '1', name: 'b' }));
  assert.match(later.message, /"task\.max" is not known.*\(from PATCH request\)/);
  const other = new Map(origins).set('file', { kind: 'file', file, line: 9 });
  const bad = { ...SOURCE, 'tasks.max': '1', 'errors.tolerance': 'some' };
  const ofFile = new Map(other).set('errors.tolerance', { kind: 'file', file, line: 8 });
  const put = { allowReplace: true, origins: ofFile };
  assert.match(
    (await rejection(herder.putConnectorConfig('a', bad, put))).message,
    /errors\.tolerance.* \(from orders\.properties line 8\)/,
  );
});

test('a config that came over REST as a whole is refused in the words of Java', async () => {
  const { herder } = await setUp();
  const bad = { ...SOURCE, 'tasks.max': 'many' };
  const created = await rejection(create(herder, bad));
  await create(herder, SOURCE);
  const patched = await rejection(herder.patchConnectorConfig('a', { 'tasks.max': 'many' }));
  assert.ok(!created.message.includes('(from'), created.message);
  assert.equal(patched.message, created.message);
});

test('a failed connector and a failed task are restarted by the policy, others are not', async () => {
  const policy = { 'sluice.restart.enable': 'true', 'sluice.restart.backoff.ms': '1' };
  const { herder, host } = await setUp(policy);
  await create(herder, SOURCE);
  host.listener.onTaskStatus({ connector: 'a', task: 0 }, 'FAILED', 'broken', 'CONNECT_ERROR');
  assert.equal(await states(herder, 'a'), 'RUNNING FAILED');
  await until(async () => (await states(herder, 'a')) === 'RUNNING RUNNING');
  host.listener.onConnectorFailed('a', 'broken too');
  await until(async () => (await states(herder, 'a')) === 'RUNNING RUNNING');
  assert.ok(host.calls.includes('stopTasks a-0'));
  host.listener.onTaskStatus({ connector: 'a', task: 0 }, 'FAILED', 'wrong', 'CONNECT_CONFIG');
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(await states(herder, 'a'), 'RUNNING FAILED');
  await herder.close();
});

test('infos and statuses are the same objects until something changes', async () => {
  const { herder, host } = await setUp();
  await create(herder, SOURCE);
  const [info, status] = [await herder.connectorInfo('a'), await herder.connectorStatus('a')];
  assert.equal(await herder.connectorInfo('a'), info);
  assert.equal(await herder.connectorStatus('a'), status);
  host.listener.onTaskStatus({ connector: 'a', task: 0 }, 'FAILED', 'broken');
  assert.notEqual(await herder.connectorStatus('a'), status);
  assert.equal(await herder.connectorInfo('a'), info);
  await herder.putConnectorConfig('a', { ...SOURCE, topic: 'u' }, { allowReplace: true });
  assert.equal((await herder.connectorInfo('a')).config['topic'], 'u');
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('it did not come to pass');
}
