/** What the worker itself tells of connectors and tasks, beside what tasks count (R8.01 to R8.12). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aHerder, settle, type FakedHerder } from './support/a-herder.ts';

const SOURCE = { 'connector.class': 'FileStreamSource', name: 'a', topic: 't', file: '/in' };
const CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const VERSION = '4.3.1';

type Labels = Readonly<Record<string, string>>;

/** The samples of a family. */
async function samplesOf(
  { herder }: FakedHerder,
  name: string,
): Promise<readonly { readonly labels: Labels; readonly value: number }[]> {
  const families = await herder.metrics.families();
  return families.find((family) => family.name === `kafka_connect_${name}`)?.samples ?? [];
}

async function valueOf(faked: FakedHerder, name: string, labels: Labels = {}): Promise<unknown> {
  const samples = await samplesOf(faked, name);
  return samples.find((each) => JSON.stringify(each.labels) === JSON.stringify(labels))?.value;
}

test('R8.01 R8.11 a connector tells class, type, version and its state in small letters', async () => {
  const faked = await aHerder();
  await faked.create(SOURCE);
  const [sample] = await samplesOf(faked, 'connector_info');
  assert.deepEqual(sample?.labels, {
    connector: 'a',
    connector_class: 'org.apache.kafka.connect.file.FileStreamSourceConnector',
    connector_type: 'source',
    connector_version: VERSION,
    status: 'running',
  });
  await faked.herder.stopConnector('a');
  const [stopped] = await samplesOf(faked, 'connector_info');
  assert.equal(stopped?.labels['status'], 'stopped');
});

test('R8.02 R8.11 the status of a task is its state in small letters', async () => {
  const faked = await aHerder();
  await faked.create(SOURCE);
  const task = { connector: 'a', task: 0 };
  faked.host.listener.onTaskStatus(task, 'FAILED', 'broken');
  const [sample] = await samplesOf(faked, 'connector_task_status');
  assert.deepEqual(sample?.labels, { connector: 'a', task: '0', status: 'failed' });
});

test('R8.06 attempts, successes and failures of connectors and tasks, with their shares', async () => {
  const faked = await aHerder();
  faked.host.startFailure = new Error('no such table');
  await assert.rejects(faked.create(SOURCE), /no such table/);
  await faked.create({ ...SOURCE, name: 'b' });
  await faked.create({ ...SOURCE, name: 'c' });
  await settle();
  const told = async (what: string): Promise<readonly unknown[]> =>
    Promise.all(
      [
        'attempts_total',
        'success_total',
        'success_percentage',
        'failure_total',
        'failure_percentage',
      ].map((name) => valueOf(faked, `worker_${what}_startup_${name}`)),
    );
  assert.deepEqual(await told('connector'), [3, 2, 2 / 3, 1, 1 - 2 / 3]);
  assert.deepEqual(await told('task'), [2, 2, 1, 0, 0]);
  assert.equal(await valueOf(faked, 'worker_connector_count'), 3);
  assert.equal(await valueOf(faked, 'worker_task_count'), 2);
});

test('R8.07 tasks are counted by state, for each connector', async () => {
  const faked = await aHerder();
  faked.host.configs = [{ part: '0' }, { part: '1' }, { part: '2' }];
  await faked.create({ ...SOURCE, 'tasks.max': '3' });
  faked.host.listener.onTaskStatus({ connector: 'a', task: 1 }, 'FAILED', 'broken');
  faked.host.listener.onTaskStatus({ connector: 'a', task: 2 }, 'PAUSED');
  const counted = await Promise.all(
    ['total', 'running', 'paused', 'failed', 'unassigned', 'destroyed', 'restarting'].map((state) =>
      valueOf(faked, `worker_connector_${state}_task_count`, { connector: 'a' }),
    ),
  );
  assert.deepEqual(counted, [3, 1, 1, 1, 0, 0, 0]);
});

test('R8.10 R8.11 the worker tells version, commit, start and cluster', async () => {
  const faked = await aHerder();
  const [sample] = await samplesOf(faked, 'app_info');
  const { start_time_ms: startedMs = '', ...labels } = sample?.labels ?? {};
  assert.match(startedMs, /^\d{13}$/);
  assert.deepEqual(labels, {
    client_id: 'me:8083',
    version: '4.3.1-sluice',
    commit_id: 'x',
    connect_kafka_cluster_id: 'c',
  });
});

test('R8.12 R12.02 a task tells the classes and versions of all that it is made of', async () => {
  const faked = await aHerder();
  const { host } = faked;
  await faked.create({
    ...SOURCE,
    'value.converter': 'StringConverter',
    transforms: 'one,two',
    'transforms.one.type': 'org.apache.kafka.connect.transforms.RegexRouter',
    'transforms.one.regex': 'a',
    'transforms.one.replacement': 'b',
    'transforms.one.predicate': 'named',
    'transforms.two.type': 'org.apache.kafka.connect.transforms.Filter',
    'transforms.two.predicate': 'named',
    predicates: 'named',
    'predicates.named.type': 'org.apache.kafka.connect.transforms.predicates.TopicNameMatches',
    'predicates.named.pattern': 'x',
  });
  const none = { progress: null, metrics: {}, clientMetrics: [], errors: [] };
  host.reports = host.specs.map((spec) => ({ id: spec.id, spec, ...none }));
  const labelsOf = async (name: string): Promise<readonly Labels[]> =>
    (await samplesOf(faked, name)).map(({ labels }) => labels);
  const task = { connector: 'a', task: '0' };
  const kafka = 'org.apache.kafka.connect';
  assert.deepEqual(await labelsOf('connector_task_info'), [
    {
      ...task,
      connector_class: `${kafka}.file.FileStreamSourceConnector`,
      connector_type: 'source',
      connector_version: VERSION,
      task_class: `${kafka}.file.FileStreamSourceTask`,
      task_version: VERSION,
      key_converter_class: CONVERTER,
      key_converter_version: VERSION,
      value_converter_class: `${kafka}.storage.StringConverter`,
      value_converter_version: VERSION,
      header_converter_class: `${kafka}.storage.SimpleHeaderConverter`,
      header_converter_version: VERSION,
    },
  ]);
  const transform = (alias: string, name: string): Labels => ({
    ...task,
    transform: alias,
    transform_class: `${kafka}.transforms.${name}`,
    transform_version: VERSION,
  });
  assert.deepEqual(await labelsOf('connector_transform_info'), [
    transform('one', 'RegexRouter'),
    transform('two', 'Filter'),
  ]);
  assert.deepEqual(await labelsOf('connector_predicate_info'), [
    {
      ...task,
      predicate: 'named',
      predicate_class: `${kafka}.transforms.predicates.TopicNameMatches`,
      predicate_version: VERSION,
    },
  ]);
});

test('R9.03 a worker is starting until it is told that its connectors are there', async () => {
  const faked = await aHerder();
  await faked.create(SOURCE);
  assert.equal(faked.herder.isReady, false);
  faked.herder.ready();
  assert.equal(faked.herder.isReady, true);
});
