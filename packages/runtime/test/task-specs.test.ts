// Goal: what a connector's config and its worker's come to in the spec of a task: converters,
// transformations, error handling, topics, Kafka clients. Over the plug-ins that come along.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { before, test } from 'node:test';
import type { Props } from '@sluice/api';
import { ConfigTransformer } from '../src/config/config-transformer.ts';
import { standaloneConfig } from '../src/config/worker-config.ts';
import { frameworkTaskProps, taskSpec } from '../src/control-plane/worker/task-specs.ts';
import { topicCreationGroups } from '../src/control-plane/worker/topic-creation-groups.ts';
import { workerConverters } from '../src/control-plane/worker/worker-converters.ts';
import type { WorkerContext } from '../src/control-plane/worker/worker-context.ts';
import { discoverPlugins } from '../src/plugins/discover-plugins.ts';
import { PluginCatalog } from '../src/plugins/plugin-catalog.ts';
import type { SinkTaskSpec, SourceTaskSpec } from '../src/task-host/contract.ts';

const KAFKA = 'org.apache.kafka.connect';
const WORKER = {
  'key.converter': 'StringConverter',
  'key.converter.converter.encoding': 'UTF-16',
  'value.converter': 'JsonConverter',
  'value.converter.schemas.enable': 'false',
  'offset.storage.file.filename': '/tmp/none',
};
const SOURCE = { 'connector.class': 'FileStreamSource', name: 'a', topic: 't', file: '/in' };
const SINK = { 'connector.class': 'FileStreamSink', name: 's', topics: 't' };
const ID = { connector: 'a', task: 1 };

let catalog: PluginCatalog;
before(async () => {
  const workerDirectory = fileURLToPath(new URL('../../cli/', import.meta.url));
  catalog = new PluginCatalog(await discoverPlugins({ workerDirectory, pluginPath: [] }));
});

function workerOf(changes: Props): WorkerContext {
  const props = { ...WORKER, ...changes };
  const { values } = standaloneConfig(props);
  const converters = workerConverters(catalog, values);
  return { catalog, converters, props, values, transformer: ConfigTransformer.ofWorker(props) };
}

function specOf(props: Props, worker: Props): SourceTaskSpec | SinkTaskSpec {
  const plugin = catalog.connector(props['connector.class'] ?? '');
  const connector = { name: props['name'] ?? '', plugin, props };
  return taskSpec(connector, ID, props, 'STARTED', workerOf(worker));
}

function sourceSpec(changes: Props = {}, worker: Props = {}): SourceTaskSpec {
  const spec = specOf({ ...SOURCE, ...changes }, worker);
  assert.ok(spec.type === 'source');
  return spec;
}

function sinkSpec(changes: Props = {}, worker: Props = {}): SinkTaskSpec {
  const spec = specOf({ ...SINK, ...changes }, worker);
  assert.ok(spec.type === 'sink');
  return spec;
}

test('R2.03 R2.04 R2.54 a connector without converters has the worker’s, with the worker’s settings', () => {
  const { keyConverter, valueConverter, headerConverter } = sourceSpec({
    'value.converter.schemas.enable': 'true',
    'key.converter.converter.encoding': 'UTF-8',
  });
  assert.equal(keyConverter.plugin.className, `${KAFKA}.storage.StringConverter`);
  assert.equal(keyConverter.props['converter.encoding'], 'UTF-16');
  assert.equal(valueConverter.plugin.className, `${KAFKA}.json.JsonConverter`);
  assert.equal(valueConverter.props['schemas.enable'], 'false');
  assert.equal(headerConverter.plugin.className, `${KAFKA}.storage.SimpleHeaderConverter`);
});

test('R2.54 a connector’s own converter has its own settings alone, for each of the three', () => {
  const { keyConverter, valueConverter, headerConverter } = sourceSpec({
    'key.converter': 'StringConverter',
    'value.converter': `${KAFKA}.json.JsonConverter`,
    'value.converter.schemas.enable': 'true',
    'header.converter': 'StringConverter',
    'header.converter.converter.encoding': 'UTF-8',
  });
  assert.equal(keyConverter.props['converter.encoding'], undefined);
  assert.equal(valueConverter.props['schemas.enable'], 'true');
  assert.equal(headerConverter.plugin.className, `${KAFKA}.storage.StringConverter`);
  assert.equal(headerConverter.props['converter.encoding'], 'UTF-8');
});

test('R6.09 a converter is told on which side it is, whoever has set it', () => {
  for (const own of [
    {},
    { 'key.converter': 'JsonConverter', 'value.converter': 'JsonConverter' },
  ]) {
    const { keyConverter, valueConverter, headerConverter } = sinkSpec(own);
    assert.equal(keyConverter.props['converter.type'], 'key');
    assert.equal(valueConverter.props['converter.type'], 'value');
    assert.equal(headerConverter.props['converter.type'], 'header');
  }
});

test('R2.55 transformations are in the order of the list, with their predicates', () => {
  const { transformations } = sourceSpec({
    transforms: 'b, a',
    'transforms.a.type': 'HoistField$Value',
    'transforms.a.field': 'f',
    'transforms.b.type': 'DropHeaders',
    'transforms.b.headers': 'h',
    'transforms.b.predicate': 'p',
    'transforms.b.negate': ' TRUE ',
    'transforms.unlisted.type': 'HoistField$Key',
    predicates: 'p',
    'predicates.p.type': 'TopicNameMatches',
    'predicates.p.pattern': 't.*',
  });
  assert.deepEqual(
    transformations.map(({ alias, plugin, props, predicate, negate }) => ({
      alias,
      className: plugin.className,
      props,
      predicate: predicate?.plugin.className,
      predicateProps: predicate?.props,
      negate,
    })),
    [
      {
        alias: 'b',
        className: `${KAFKA}.transforms.DropHeaders`,
        props: { headers: 'h' },
        predicate: `${KAFKA}.transforms.predicates.TopicNameMatches`,
        predicateProps: { pattern: 't.*' },
        negate: true,
      },
      {
        alias: 'a',
        className: `${KAFKA}.transforms.HoistField$Value`,
        props: { field: 'f' },
        predicate: undefined,
        predicateProps: undefined,
        negate: false,
      },
    ],
  );
});

test('R2.57 R2.58 R2.59 error handling is off by default and as the connector says', () => {
  assert.deepEqual(sinkSpec().errors, {
    tolerance: 'none',
    retryTimeoutMs: 0,
    retryDelayMaxMs: 60_000,
    logEnable: false,
    logIncludeMessages: false,
  });
  const errors = {
    'errors.tolerance': 'all',
    'errors.retry.timeout': '-1',
    'errors.retry.delay.max.ms': '500',
    'errors.log.enable': 'true',
    'errors.log.include.messages': 'true',
  };
  assert.deepEqual(sourceSpec(errors).errors, {
    tolerance: 'all',
    retryTimeoutMs: -1,
    retryDelayMaxMs: 500,
    logEnable: true,
    logIncludeMessages: true,
  });
});

test('R2.60 overrides of a connector go to its clients and to no other', () => {
  const overrides = {
    'producer.override.linger.ms': '1',
    'consumer.override.fetch.min.bytes': '2',
    'admin.override.retries': '3',
  };
  const source = sourceSpec(overrides);
  assert.equal(source.producerConfig['linger.ms'], '1');
  assert.equal(source.adminConfig['retries'], '3');
  assert.equal(source.adminConfig['linger.ms'], undefined);
  const sink = sinkSpec({ ...overrides, 'errors.deadletterqueue.topic.name': 'dead' });
  assert.equal(sink.consumerConfig['fetch.min.bytes'], '2');
  assert.equal(sink.consumerConfig['linger.ms'], undefined);
  assert.equal(sink.deadLetters?.producerConfig['linger.ms'], '1');
  assert.equal(sink.deadLetters?.adminConfig['retries'], '3');
});

test('R2.62 a version that is asked for is looked for, of each kind of plug-in', () => {
  const keys = {
    'key.converter': 'StringConverter',
    transforms: 'a',
    'transforms.a.type': 'HoistField$Value',
    'transforms.a.field': 'f',
    'transforms.a.predicate': 'p',
    predicates: 'p',
    'predicates.p.type': 'RecordIsTombstone',
  };
  const version = catalog.connector('FileStreamSource').version;
  const spec = sourceSpec({
    ...keys,
    'key.converter.plugin.version': version,
    'transforms.a.plugin.version': `[${version}]`,
    'predicates.p.plugin.version': 'latest',
  });
  assert.equal(spec.keyConverter.plugin.version, version);
  const [step] = spec.transformations;
  assert.equal(step?.plugin.version, version);
  assert.deepEqual(step?.props, { field: 'f' });
  assert.equal(step?.predicate?.plugin.version, version);
  for (const key of ['key.converter', 'transforms.a', 'predicates.p'])
    assert.throws(
      () => sourceSpec({ ...keys, [`${key}.plugin.version`]: '0.0.1' }),
      /not found that matches the version range \[0\.0\.1,0\.0\.1\], available versions: \[/,
      key,
    );
});

test('R2.63 a sink has a list of topics or a pattern', () => {
  const list = sinkSpec({ topics: ' a , b ' });
  assert.deepEqual([list.topics, list.topicsRegex], [['a', 'b'], null]);
  const pattern = sinkSpec({ topics: '', 'topics.regex': 'a.*' });
  assert.deepEqual([pattern.topics, pattern.topicsRegex], [null, 'a.*']);
});

test('R2.64 R2.65 R2.66 dead letters are off without a topic, and else as the connector says', () => {
  assert.equal(sinkSpec().deadLetters, null);
  const topic = { 'errors.deadletterqueue.topic.name': 'dead' };
  const { deadLetters: plain } = sinkSpec(topic);
  assert.deepEqual(
    [plain?.topic, plain?.replicationFactor, plain?.isContextInHeaders],
    ['dead', 3, false],
  );
  const { deadLetters: full } = sinkSpec({
    ...topic,
    'errors.deadletterqueue.topic.replication.factor': '1',
    'errors.deadletterqueue.context.headers.enable': 'true',
  });
  assert.deepEqual([full?.replicationFactor, full?.isContextInHeaders], [1, true]);
});

test('R4.07 the dead-letter keys of sinks are nothing to a source', () => {
  const { deadLetters } = sourceSpec({ 'errors.deadletterqueue.topic.name': 'dead' });
  assert.equal(deadLetters, null);
});

test('R2.06 R2.07 R2.13 a task has the worker’s intervals and whether topics are tracked', () => {
  const plain = sourceSpec();
  assert.deepEqual(
    [plain.offsetFlushIntervalMs, plain.offsetFlushTimeoutMs, plain.isTopicTracked],
    [60_000, 5_000, true],
  );
  const spec = sinkSpec(
    {},
    {
      'offset.flush.interval.ms': '7',
      'offset.flush.timeout.ms': '8',
      'topic.tracking.enable': 'false',
    },
  );
  assert.deepEqual(
    [spec.offsetFlushIntervalMs, spec.offsetFlushTimeoutMs, spec.isTopicTracked],
    [7, 8, false],
  );
});

test('R2.12 topics are created by the task only if the worker lets it and the connector asks for it', () => {
  const keys = {
    'topic.creation.default.partitions': '1',
    'topic.creation.default.replication.factor': '-1',
  };
  assert.equal(sourceSpec().topicCreation, null);
  assert.equal(sourceSpec(keys).topicCreation?.length, 1);
  assert.equal(sourceSpec(keys, { 'topic.creation.enable': 'false' }).topicCreation, null);
});

test('R2.14 the window of metrics is the worker’s', () => {
  assert.deepEqual(sourceSpec().metricWindow, { windowMs: 30_000, samples: 2 });
  const worker = { 'metrics.sample.window.ms': '5', 'metrics.num.samples': '3' };
  assert.deepEqual(sourceSpec({}, worker).metricWindow, { windowMs: 5, samples: 3 });
});

test('R2.77 every task is told its class, tasks of sinks their topics as well', () => {
  const taskClass = `${KAFKA}.file.FileStreamSourceTask`;
  const source = catalog.connector('FileStreamSource');
  assert.deepEqual(frameworkTaskProps(source, { ...SOURCE, topics: 'x' }), {
    'task.class': taskClass,
  });
  const sink = catalog.connector('FileStreamSink');
  const sinkClass = `${KAFKA}.file.FileStreamSinkTask`;
  assert.deepEqual(frameworkTaskProps(sink, SINK), { 'task.class': sinkClass, topics: 't' });
  assert.deepEqual(frameworkTaskProps(sink, { 'topics.regex': 't.*' }), {
    'task.class': sinkClass,
    'topics.regex': 't.*',
  });
});

const DEFAULT_GROUP = {
  'topic.creation.default.replication.factor': '2',
  'topic.creation.default.partitions': '4',
};

test('R2.72 groups are tried in their order, the implicit default group last', () => {
  const groups = topicCreationGroups({
    ...DEFAULT_GROUP,
    'topic.creation.groups': 'b, a',
    'topic.creation.a.include': 'x',
    'topic.creation.b.include': 'y',
  });
  assert.deepEqual(
    groups?.map(({ name }) => name),
    ['b', 'a', 'default'],
  );
  const named = topicCreationGroups({ ...DEFAULT_GROUP, 'topic.creation.groups': 'default' });
  assert.deepEqual(
    named?.map(({ name }) => name),
    ['default'],
  );
  assert.equal(topicCreationGroups({ name: 'x' }), null);
});

test('R2.73 the default group needs both numbers as soon as there is any key; -1 is the broker’s', () => {
  for (const key of Object.keys(DEFAULT_GROUP)) {
    const { [key]: _left, ...rest } = DEFAULT_GROUP as Props;
    assert.throws(() => topicCreationGroups(rest), {
      message: `Missing required configuration "${key}" which has no default value.`,
    });
    assert.throws(() => topicCreationGroups({ ...DEFAULT_GROUP, [key]: '0' }), /or -1/);
    assert.throws(() => topicCreationGroups({ ...DEFAULT_GROUP, [key]: '-2' }), /or -1/);
  }
  assert.throws(() => topicCreationGroups({ 'topic.creation.groups': '' }), /Missing required/);
  const [group] =
    topicCreationGroups({
      'topic.creation.default.replication.factor': '-1',
      'topic.creation.default.partitions': '-1',
    }) ?? [];
  assert.deepEqual([group?.replicationFactor, group?.partitions], [-1, -1]);
});

test('R2.74 a named group has what its include says: without one, as Java takes it too, nothing', () => {
  const groups = { ...DEFAULT_GROUP, 'topic.creation.groups': 'a' };
  const [empty] = topicCreationGroups({ ...groups, 'topic.creation.a.exclude': 'x' }) ?? [];
  assert.deepEqual([empty?.name, empty?.include, empty?.exclude], ['a', [], ['x']]);
  const [group] =
    topicCreationGroups({
      ...groups,
      'topic.creation.a.include': ' a.* , b ',
      'topic.creation.a.exclude': 'ax',
    }) ?? [];
  assert.deepEqual([group?.include, group?.exclude], [['a.*', 'b'], ['ax']]);
});

test('R2.75 a group takes from the default group what it does not set, topic settings too', () => {
  const [group] =
    topicCreationGroups({
      ...DEFAULT_GROUP,
      'topic.creation.default.cleanup.policy': 'compact',
      'topic.creation.default.retention.ms': '5',
      'topic.creation.groups': 'a',
      'topic.creation.a.include': 'a',
      'topic.creation.a.partitions': '9',
      'topic.creation.a.retention.ms': '6',
    }) ?? [];
  assert.deepEqual([group?.partitions, group?.replicationFactor], [9, 2]);
  assert.deepEqual(group?.configs, { 'cleanup.policy': 'compact', 'retention.ms': '6' });
});

test('R6.16 a converter without a version is the connector’s own package’s, else the newest', () => {
  const manifest = (version: string, classes: readonly [string, 'source' | 'converter'][]) => ({
    api: 1 as const,
    plugins: classes.map(([className, type]) => ({
      class: className,
      aliases: [],
      type,
      export: '.',
      name: 'x',
      version,
      config: [],
    })),
  });
  const both: readonly [string, 'source' | 'converter'][] = [
    ['a.Source', 'source'],
    ['a.Converter', 'converter'],
  ];
  const packages = [
    { name: 'mine', directory: '/1', manifest: manifest('1.0.0', both) },
    { name: 'mine', directory: '/2', manifest: manifest('2.0.0', both) },
    { name: 'other', directory: '/3', manifest: manifest('3.0.0', [['a.Converter', 'converter']]) },
    { name: 'lone', directory: '/4', manifest: manifest('1.0.0', [['b.Source', 'source']]) },
  ];
  const several = new PluginCatalog({ packages, problems: [], pluginPath: [], javaArchives: [] });
  const versionFor = (name: string, version: string, wanted: string | null = null) =>
    several.findBeside(several.connector(name, version), 'converter', 'a.Converter', wanted)
      ?.version;
  assert.equal(versionFor('a.Source', '1.0.0'), '1.0.0');
  assert.equal(versionFor('a.Source', '2.0.0'), '2.0.0');
  assert.equal(versionFor('b.Source', '1.0.0'), '3.0.0');
  assert.equal(versionFor('a.Source', '1.0.0', 'latest'), '1.0.0');
  assert.equal(versionFor('a.Source', '1.0.0', '[2,3)'), '2.0.0');
  assert.equal(several.findBeside(several.connector('b.Source'), 'converter', 'none'), null);
});

test('R6.16 R2.26 a converter that the worker sets has the worker’s version', () => {
  const { version } = catalog.connector('FileStreamSource');
  const worker = { 'key.converter.plugin.version': version };
  assert.equal(sourceSpec({}, worker).keyConverter.plugin.version, version);
  assert.throws(
    () => sourceSpec({}, { 'key.converter.plugin.version': '0.0.1' }),
    /not found that matches the version range/,
  );
});

test('R7.05 the policy is asked again when a task’s clients are to be made, and its words fail the task', () => {
  const policy = { 'connector.client.config.override.policy': 'Principal' };
  const source = { 'producer.override.sasl.mechanism': 'PLAIN', 'admin.override.acks': '1' };
  // An admin that is not made needs no leave.
  assert.equal(sourceSpec(source, policy).producerConfig['sasl.mechanism'], 'PLAIN');
  const refused = (key: string, client: string) => ({
    name: 'ConnectError',
    code: 'CONNECT_CONFIG',
    message:
      `Client Config Overrides not allowed: ${client}.override.${key}: The 'Principal' policy ` +
      `does not allow '${key}' to be overridden in the connector configuration. Take them out of ` +
      'the config, or change connector.client.config.override.policy of the worker.',
  });
  const creating = { ...source, 'topic.creation.default.partitions': '1' };
  assert.throws(
    () => sourceSpec({ ...creating, 'topic.creation.default.replication.factor': '1' }, policy),
    refused('acks', 'admin'),
  );
  assert.throws(
    () => sinkSpec({ 'consumer.override.group.id': 'mine' }, policy),
    refused('group.id', 'consumer'),
  );
  const ofPackage: WorkerContext = {
    ...workerOf({}),
    overridePolicy: {
      configure: () => undefined,
      validate: ({ connectorName }) => {
        throw new Error(`not ${connectorName}`);
      },
    },
  };
  const connector = { name: 's', plugin: catalog.connector('FileStreamSink'), props: SINK };
  assert.throws(() => taskSpec(connector, ID, SINK, 'STARTED', ofPackage), /not s$/);
});
