/**
 * What Java's `ConnectorValidationIntegrationTest` asserts, of one standalone worker. Its two cases of a
 * sink's consumer group that is the worker's own need a worker with a group: a distributed one.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { makeTempDir, skipReason, type TempDir } from '@sluice/testing';
import { ConnectWorker, sinkConfig, sourceConfig } from './support/connect-worker.ts';
import { aPluginFolder, type PluginFolder } from './support/plugin-folder.ts';
import { writePluginPackage } from './support/plugin-package.ts';
import { undefinedConverters, validationPlugins } from './support/plugins/validation-plugins.ts';
import { SharedBroker } from './support/shared-broker.ts';

const SUITE = 'ConnectorValidationIntegrationTest';
const FILTER = 'org.apache.kafka.connect.transforms.Filter';
const TOMBSTONE = 'org.apache.kafka.connect.transforms.predicates.RecordIsTombstone';
const SINK_CLASS = 'org.apache.kafka.connect.integration.MonitorableSinkConnector';
const PLUGINS = 'test.plugins';
/** Java's own suite has no such cases of transformations and predicates; their error is the same. */
const BROKEN = `${PLUGINS}.DefaultConstructorThrows`;

/** A config and the keys that it has an error on each, in the order of names. */
interface Case {
  /** Of the method in Java. */
  readonly name: string;
  readonly base?: 'source';
  /** Null takes a key away. */
  readonly changes: Readonly<Record<string, string | null>>;
  readonly errors: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: 'testSinkConnectorHasNeitherTopicsListNorTopicsRegex',
    changes: { topics: null },
    errors: ['topics', 'topics.regex'],
  },
  {
    name: 'testSinkConnectorHasBothTopicsListAndTopicsRegex',
    changes: { 'topics.regex': 'r.*' },
    errors: ['topics', 'topics.regex'],
  },
  {
    name: 'testSinkConnectorDeadLetterQueueTopicInTopicsList',
    changes: { 'errors.deadletterqueue.topic.name': 't1' },
    errors: ['topics'],
  },
  {
    name: 'testSinkConnectorDeadLetterQueueTopicMatchesTopicsRegex',
    changes: {
      topics: null,
      'topics.regex': 'r.*',
      'errors.deadletterqueue.topic.name': 'ruh.roh',
    },
    errors: ['topics.regex'],
  },
  {
    name: 'testSourceConnectorHasDuplicateTopicCreationGroups',
    base: 'source',
    changes: { 'topic.creation.groups': 'g1, g2, g1' },
    errors: ['topic.creation.groups'],
  },
  {
    name: 'testConnectorHasDuplicateTransformations',
    changes: { transforms: 't, t', 'transforms.t.type': FILTER },
    errors: ['transforms'],
  },
  {
    name: 'testConnectorHasMissingTransformClass',
    changes: { transforms: 't', 'transforms.t.type': 'WheresTheFruit' },
    errors: ['transforms.t.type'],
  },
  {
    name: 'testConnectorHasInvalidTransformClass',
    changes: { transforms: 't', 'transforms.t.type': SINK_CLASS },
    errors: ['transforms.t.type'],
  },
  {
    name: 'testConnectorHasNegationForUndefinedPredicate',
    changes: { transforms: 't', 'transforms.t.type': FILTER, 'transforms.t.negate': 'true' },
    errors: ['transforms.t.type'],
  },
  {
    name: 'testConnectorHasDuplicatePredicates',
    changes: { predicates: 'p, p', 'predicates.p.type': TOMBSTONE },
    errors: ['predicates'],
  },
  {
    name: 'testConnectorHasMissingPredicateClass',
    changes: { predicates: 'p', 'predicates.p.type': 'WheresTheFruit' },
    errors: ['predicates.p.type'],
  },
  {
    name: 'testConnectorHasInvalidPredicateClass',
    changes: { predicates: 'p', 'predicates.p.type': SINK_CLASS },
    errors: ['predicates.p.type'],
  },
  ...converterCases('key.converter', 'Converter'),
  ...converterCases('header.converter', 'HeaderConverter'),
];

/** The same eight cases of either kind of converter. */
function converterCases(key: string, kind: string): readonly Case[] {
  const own = { [key]: `${PLUGINS}.TestConverterWithSinglePropertyConfigDef` };
  return [
    {
      name: `testConnectorHasMissing${kind}Class`,
      changes: { [key]: 'WheresTheFruit' },
      errors: [key],
    },
    {
      name: `testConnectorHasInvalid${kind}ClassType`,
      changes: { [key]: SINK_CLASS },
      errors: [key],
    },
    {
      name: `testConnectorHasAbstract${kind}`,
      changes: { [key]: `${PLUGINS}.AbstractTestConverter` },
      errors: [key],
    },
    {
      name: `testConnectorHas${kind}WithNoSuitableConstructor`,
      changes: { [key]: `${PLUGINS}.NoDefaultConstructorConverter` },
      errors: [key],
    },
    {
      name: `testConnectorHas${kind}ThatThrowsExceptionOnInstantiation`,
      changes: { [key]: `${PLUGINS}.DefaultConstructorThrowsConverter` },
      errors: [key],
    },
    {
      name: `testConnectorHasMisconfigured${kind}`,
      changes: { ...own, [`${key}.prop`]: 'notaboolean' },
      errors: [`${key}.prop`],
    },
    {
      name: `testConnectorHas${kind}WithNoConfigDef`,
      changes: { [key]: `${PLUGINS}.TestConverterWithNoConfigDef` },
      errors: [],
    },
  ];
}

describe(SUITE, { skip: await skipReason('kafka', SUITE) }, () => {
  let broker: SharedBroker;
  let plugins: PluginFolder;
  let dir: TempDir;
  let worker: ConnectWorker;
  before(async () => {
    broker = await SharedBroker.start();
    plugins = await aPluginFolder();
    dir = await makeTempDir('validation-plugins');
    await writePluginPackage(dir.path, {
      name: 'validation-plugins',
      version: '1.0.0',
      module: new URL('./support/plugins/validation-plugins.ts', import.meta.url),
      factory: 'validationPlugins',
      argument: '',
      plugins: validationPlugins(),
      more: undefinedConverters(),
    });
    worker = await ConnectWorker.start({
      bootstrapServers: broker.bootstrapServers,
      plugins,
      props: { 'plugin.path': `${plugins.path},${dir.path}` },
    });
  });
  after(async () => {
    await worker?.[Symbol.asyncDispose]();
    await dir?.[Symbol.asyncDispose]();
    await plugins?.[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
  });

  for (const { name, base, changes, errors } of CASES)
    test(`R10.08 ${name}: ${errors.length === 0 ? 'no error' : `an error on ${errors.join(', ')}`}`, async () => {
      const whole = base === 'source' ? sourceConfig('t1') : sinkConfig('t1');
      const all = Object.entries({ ...whole, name: 'validated', ...changes });
      const config = Object.fromEntries(
        all.filter((entry): entry is [string, string] => entry[1] !== null),
      );
      const infos = await worker.rest.validateConfig(config['connector.class'] ?? '', config);
      const found = infos.configs.flatMap(({ value }) =>
        (value?.errors ?? []).map(() => value?.name ?? ''),
      );
      assert.deepEqual(found.toSorted(), errors, JSON.stringify(messagesOf(infos)));
      assert.equal(infos.error_count, errors.length);
    });

  test('R6.13 a transformation or predicate whose constructor throws is an error on its type, in the words of Java', async () => {
    const config = {
      ...sinkConfig('t1'),
      name: 'validated',
      transforms: 't',
      'transforms.t.type': `${BROKEN}Transformation`,
      predicates: 'p',
      'predicates.p.type': `${BROKEN}Predicate`,
    };
    const { 'connector.class': className = '' } = sinkConfig('t1');
    const infos = await worker.rest.validateConfig(className, config);
    const words = (key: string, kind: string): string =>
      `Invalid value class ${BROKEN}${kind} for configuration ${key}: Error getting config ` +
      `definition from ${kind}: Could not instantiate class ${BROKEN}${kind}: I always throw`;
    assert.deepEqual(messagesOf(infos), [
      words('transforms.t.type', 'Transformation'),
      words('predicates.p.type', 'Predicate'),
    ]);
    assert.ok(!infos.configs.some(({ value }) => value?.name.endsWith('.own') === true));
  });
});

function messagesOf(infos: Awaited<ReturnType<ConnectWorker['rest']['validateConfig']>>) {
  return infos.configs.flatMap(({ value }) => value?.errors ?? []);
}
