import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  pluginAliases,
  type ConfigKeyDescription,
  type ConfigValue,
  type PluginDescription,
} from '@sluice/api';
import { RestError, type ConfigInfos, type ConnectorConfigInput } from '@sluice/rest';
import { ConfigTransformer } from '../../config/config-transformer.ts';
import { PluginCatalog, type PluginType } from '../../plugins/plugin-catalog.ts';
import { ConnectorValidator } from './connector-validator.ts';
import { overridePolicy } from './override-policy.ts';

const KAFKA = 'org.apache.kafka.connect';

function described(
  className: string,
  type: PluginType,
  config: readonly ConfigKeyDescription[] = [],
): PluginDescription {
  const aliases = pluginAliases(className, type);
  return { class: className, aliases, type, export: '.', name: 'x', version: '4.3.1', config };
}

const FILE: ConfigKeyDescription = {
  name: 'file',
  type: 'STRING',
  default: null,
  importance: 'HIGH',
  doc: 'The file.',
};
const TOPIC: ConfigKeyDescription = {
  name: 'topic',
  type: 'STRING',
  importance: 'HIGH',
  doc: 'The topic.',
};
const CODED: ConfigKeyDescription = {
  ...TOPIC,
  name: 'spec',
  validator: { kind: 'code', text: 'a spec' },
};
const SCHEMAS: ConfigKeyDescription = {
  name: 'schemas.enable',
  type: 'BOOLEAN',
  default: 'true',
  importance: 'HIGH',
  doc: 'With schemas.',
  group: 'Schemas',
};

const PLUGINS: readonly PluginDescription[] = [
  described(`${KAFKA}.file.FileStreamSourceConnector`, 'source', [FILE, TOPIC]),
  described(`${KAFKA}.file.FileStreamSinkConnector`, 'sink', [FILE]),
  described('com.example.CodedConnector', 'source', [CODED]),
  described(`${KAFKA}.json.JsonConverter`, 'converter', [SCHEMAS]),
  described(`${KAFKA}.storage.StringConverter`, 'converter'),
  described(`${KAFKA}.storage.SimpleHeaderConverter`, 'header_converter'),
  described(`${KAFKA}.transforms.HoistField$Value`, 'transformation', [
    { ...TOPIC, name: 'field' },
  ]),
  described(`${KAFKA}.transforms.Cast$Value`, 'transformation', [CODED]),
  described(`${KAFKA}.transforms.predicates.TopicNameMatches`, 'predicate'),
];

interface Options {
  readonly policy?: string;
  /** A class whose code can't be loaded. */
  readonly broken?: string;
  readonly asked?: string[];
  /** What code says of a key that no definition has. */
  readonly mentioned?: ConfigValue;
}

function validator(options: Options = {}): ConnectorValidator {
  const manifest = { api: 1, plugins: PLUGINS } as const;
  const packages = [{ name: 'p', directory: '/p', manifest }];
  const catalog = new PluginCatalog({ packages, problems: [], pluginPath: [], javaArchives: [] });
  const json = catalog.find('converter', 'JsonConverter');
  const header = catalog.find('header_converter', 'SimpleHeaderConverter');
  assert.ok(json !== null && header !== null);
  // The plug-ins of this test have no code on disk: what their code would say is said here.
  for (const plugin of catalog.list())
    Object.defineProperty(plugin, 'ref', {
      value: () => ({ ...plugin, moduleUrl: 'none:', exportName: 'x' }),
    });
  return new ConnectorValidator({
    catalog,
    converters: { 'key.converter': json, 'value.converter': json, 'header.converter': header },
    transformer: new ConfigTransformer(new Map()),
    policy: overridePolicy(options.policy ?? 'All', []),
    validateInCode: (plugin, props) => {
      options.asked?.push(`${plugin.className} ${JSON.stringify(props)}`);
      if (plugin.className === options.broken) return Promise.reject(new Error('it is broken'));
      const value: ConfigValue = {
        name: 'spec',
        value: props['spec'] ?? null,
        recommendedValues: [],
        errorMessages: ['the code says no'],
        visible: true,
      };
      const { mentioned } = options;
      return Promise.resolve(mentioned === undefined ? [value] : [value, mentioned]);
    },
  });
}

async function errorsOf(
  config: ConnectorConfigInput,
  options?: Options,
): Promise<readonly string[]> {
  const infos = await validator(options).validate(config);
  const errors = infos.configs.flatMap(({ value }) =>
    (value?.errors ?? []).map((error) => `${value?.name}: ${error}`),
  );
  assert.equal(infos.error_count, errors.length);
  return errors;
}

function namesOf(infos: ConfigInfos): readonly (string | undefined)[] {
  return infos.configs.map(({ definition, value }) => definition?.name ?? value?.name);
}

const SOURCE = { 'connector.class': 'FileStreamSource', name: 'x', topic: 't' };
const SINK = { 'connector.class': 'FileStreamSink', name: 'x', topics: 't' };

test('S-A15 a FileStreamSource has exactly the keys that Java shows, in its order', async () => {
  const infos = await validator().validate(SOURCE);
  assert.equal(infos.name, 'FileStreamSource');
  assert.equal(infos.error_count, 0);
  assert.deepEqual(infos.groups, [
    'Common',
    'Transforms',
    'Predicates',
    'Error Handling',
    'Topic Creation',
    'Exactly Once Support',
    'offsets.topic',
  ]);
  assert.deepEqual(
    namesOf(infos),
    `name connector.class connector.plugin.version tasks.max tasks.max.enforce key.converter
    key.converter.plugin.version value.converter value.converter.plugin.version header.converter
    header.converter.plugin.version transforms predicates config.action.reload
    errors.retry.timeout errors.retry.delay.max.ms errors.tolerance errors.log.enable
    errors.log.include.messages topic.creation.groups exactly.once.support transaction.boundary
    transaction.boundary.interval.ms offsets.storage.topic file topic`.split(/\s+/),
  );
});

test('S-A15 a FileStreamSink has exactly the keys that Java shows, in its order', async () => {
  assert.deepEqual(
    namesOf(await validator().validate(SINK)),
    `name connector.class connector.plugin.version tasks.max tasks.max.enforce key.converter
    key.converter.plugin.version value.converter value.converter.plugin.version header.converter
    header.converter.plugin.version transforms predicates config.action.reload
    errors.retry.timeout errors.retry.delay.max.ms errors.tolerance errors.log.enable
    errors.log.include.messages topics topics.regex errors.deadletterqueue.topic.name
    errors.deadletterqueue.topic.replication.factor errors.deadletterqueue.context.headers.enable
    file`.split(/\s+/),
  );
});

test('R1.65 and R1.66 definitions and values have the fields of Java', async () => {
  const infos = await validator().validate(SOURCE);
  const converter = infos.configs.find(({ value }) => value?.name === 'key.converter');
  assert.deepEqual(
    { ...converter?.definition, documentation: '' },
    {
      name: 'key.converter',
      type: 'CLASS',
      required: false,
      default_value: `${KAFKA}.json.JsonConverter`,
      importance: 'LOW',
      documentation: '',
      group: 'Common',
      order_in_group: 6,
      width: 'SHORT',
      display_name: 'Key converter class',
      dependents: [],
    },
  );
  assert.deepEqual(converter?.value, {
    name: 'key.converter',
    value: `${KAFKA}.json.JsonConverter`,
    recommended_values: [`${KAFKA}.json.JsonConverter`, `${KAFKA}.storage.StringConverter`],
    errors: [],
    visible: true,
  });
});

test('R1.63 a missing or unknown class is 400, and no value is shown that may be secret', async () => {
  const missing = validator().validate({ name: 'a', 'db.password': 'hush' });
  await assert.rejects(missing, (error) => {
    assert.ok(error instanceof RestError);
    assert.equal(error.status, 400);
    assert.equal(
      error.message,
      'Connector config {name=a, db.password=[hidden]} contains no connector type',
    );
    return true;
  });
  const unknown = validator().validate({ 'connector.class': 'Nope' });
  await assert.rejects(unknown, /^RestError: Failed to find any class .* matches Nope/);
});

test('R6.10 missing and malformed values are told in the words of Java', async () => {
  assert.deepEqual(
    await errorsOf({ 'connector.class': 'FileStreamSource', name: ' ', 'tasks.max': 'dog' }),
    [
      'name: Invalid value  for configuration name: String may not be empty',
      'tasks.max: Invalid value dog for configuration tasks.max: Not a number of type INT',
      'tasks.max: Invalid value null for configuration tasks.max: Value must be non-null',
      'topic: Missing required configuration "topic" which has no default value.',
    ],
  );
  assert.deepEqual(await errorsOf({ ...SOURCE, 'errors.tolerance': 'some' }), [
    'errors.tolerance: Invalid value some for configuration errors.tolerance: ' +
      'String must be one of: none, all',
  ]);
});

test('R2.63 a sink needs exactly one of topics and topics.regex', async () => {
  const none = 'Must configure one of topics or topics.regex';
  const both = 'topics and topics.regex are mutually exclusive options, but both are set.';
  assert.deepEqual(await errorsOf({ 'connector.class': 'FileStreamSink', name: 'x' }), [
    `topics: ${none}`,
    `topics.regex: ${none}`,
  ]);
  assert.deepEqual(await errorsOf({ ...SINK, 'topics.regex': 't' }), [
    `topics: ${both}`,
    `topics.regex: ${both}`,
  ]);
  assert.deepEqual(await errorsOf({ ...SINK, 'topics.regex': '' }), []);
});

test('R2.64 the dead letter topic must not be one that the sink reads', async () => {
  const key = 'errors.deadletterqueue.topic.name';
  assert.deepEqual(await errorsOf({ ...SINK, [key]: 't' }), [
    "topics: The DLQ topic 't' may not be included in the list of topics ('topics=[t]') consumed " +
      'by the connector',
  ]);
  const regex = { 'connector.class': 'FileStreamSink', name: 'x', 'topics.regex': 't.*' };
  assert.deepEqual(await errorsOf({ ...regex, [key]: 'tx' }), [
    "topics.regex: The DLQ topic 'tx' may not be matched by the regex for the topics " +
      "('topics.regex=t.*') consumed by the connector",
  ]);
});

test('R6.07 a null value is an error on its key, known or not', async () => {
  const error = 'Null value can not be supplied as the configuration value.';
  assert.deepEqual(await errorsOf({ ...SOURCE, file: null, other: null }), [
    `other: ${error}`,
    `file: ${error}`,
  ]);
  assert.deepEqual(await errorsOf({ ...SOURCE, 'tasks.max': null, topic: null }), [
    'tasks.max: Invalid value null for configuration tasks.max: Value must be non-null',
    `tasks.max: ${error}`,
    `topic: ${error}`,
  ]);
});

test('a null value below a prefix is none that code sees, and no default', async () => {
  const config = {
    ...SOURCE,
    transforms: 't',
    'transforms.t.type': 'RegexRouter',
    'transforms.t.regex': null,
    'transforms.t.replacement': 'x',
    'value.converter': 'JsonConverter',
    'value.converter.schemas.cache.size': null,
  };
  const error = 'Null value can not be supplied as the configuration value.';
  const { configs } = await validator().validate(config);
  const valueOf = (name: string): unknown =>
    configs.find(({ value }) => value?.name === name)?.value?.value;
  assert.equal(valueOf('value.converter.schemas.cache.size'), null);
  assert.equal(valueOf('transforms.t.regex'), null);
  const errors = await errorsOf(config);
  assert.ok(errors.includes(`transforms.t.regex: ${error}`));
  assert.ok(errors.includes(`value.converter.schemas.cache.size: ${error}`));
  assert.ok(!errors.some((each) => each.includes('Missing required')), errors.join('\n'));
});

test('R6.13 an unknown converter class is told with the nearest', async () => {
  assert.deepEqual(await errorsOf({ ...SOURCE, 'value.converter': 'JsonConvertor' }), [
    'value.converter: Invalid value JsonConvertor for configuration value.converter: ' +
      'Class JsonConvertor could not be found. Did you mean ' +
      `${KAFKA}.json.JsonConverter? Known here: JsonConverter, StringConverter.`,
  ]);
});

test('R2.54 a converter that the connector sets is checked with its own keys', async () => {
  const config = { ...SOURCE, 'key.converter': 'Json', 'key.converter.schemas.enable': 'maybe' };
  assert.deepEqual(await errorsOf(config), [
    'key.converter.schemas.enable: Invalid value maybe for configuration schemas.enable: ' +
      'Expected value to be either true or false',
  ]);
  const inherited = { ...SOURCE, 'key.converter.schemas.enable': 'maybe' };
  assert.deepEqual(await errorsOf(inherited), []);
});

test('R2.54 R6.13 a converter that cannot be made is an error on its key, and shows no keys of its own', async () => {
  const broken = `${KAFKA}.json.JsonConverter`;
  const config = {
    ...SOURCE,
    'value.converter': 'Json',
    'value.converter.schemas.enable': 'maybe',
  };
  assert.deepEqual(await errorsOf(config, { broken }), [
    `value.converter: Invalid value ${broken} for configuration value.converter: ` +
      "it can't be created: it is broken",
  ]);
  const infos = await validator({ broken }).validate(config);
  assert.ok(!namesOf(infos).includes('value.converter.schemas.enable'));
});

test('R6.13 transformations and predicates that cannot be made are errors on their types', async () => {
  const hoist = `${KAFKA}.transforms.HoistField$Value`;
  const cast = `${KAFKA}.transforms.Cast$Value`;
  const matches = `${KAFKA}.transforms.predicates.TopicNameMatches`;
  const config = {
    ...SOURCE,
    transforms: 'h, c',
    'transforms.h.type': 'HoistField$Value',
    'transforms.h.predicate': 'p',
    'transforms.c.type': 'Cast$Value',
    'transforms.c.spec': 'int8',
    predicates: 'p',
    'predicates.p.type': 'TopicNameMatches',
  };
  const words = (kind: string, name: string): string =>
    `Error getting config definition from ${kind}: Could not instantiate class ${name}: it is broken`;
  const hoistError =
    `transforms.h.type: Invalid value class ${hoist} for configuration transforms.h.type: ` +
    words('Transformation', hoist);
  assert.equal((await errorsOf(config, { broken: hoist }))[0], hoistError);
  assert.deepEqual(await errorsOf(config, { broken: matches }), [
    'transforms.h.field: Missing required configuration "transforms.h.field" which has no default value.',
    'transforms.c.spec: the code says no',
    `predicates.p.type: Invalid value class ${matches} for configuration predicates.p.type: ` +
      words('Predicate', matches),
  ]);
  // Without a definition there are no keys of its own, and nothing more is asked of it.
  const asked: string[] = [];
  const infos = await validator({ broken: cast, asked }).validate(config);
  assert.ok(!namesOf(infos).includes('transforms.c.spec'));
  assert.equal(asked.filter((line) => line.startsWith(cast)).length, 1);
  const type = infos.configs.find(({ value }) => value?.name === 'transforms.c.type')?.value;
  assert.equal(type?.value, cast);
  assert.match(type?.errors.join() ?? '', /^Invalid value class .*Cast\$Value for configuration/);
});

test('R2.55 R2.61 R2.62 transformations and predicates bring their keys under their aliases', async () => {
  const config = {
    ...SOURCE,
    transforms: 'h, n',
    'transforms.h.type': 'HoistField$Value',
    'transforms.h.predicate': 'p',
    predicates: 'p',
    'predicates.p.type': 'TopicNameMatches',
    'transforms.unlisted.type': 'no.such.Class',
  };
  assert.deepEqual(await errorsOf(config), [
    'transforms.h.field: Missing required configuration "transforms.h.field" which has no default value.',
    'transforms.n.type: Missing required configuration "transforms.n.type" which has no default value.',
  ]);
  const infos = await validator().validate(config);
  assert.deepEqual(infos.groups.slice(-3), ['Transforms: h', 'Transforms: n', 'Predicates: p']);
  assert.deepEqual(
    namesOf(infos).filter((name) => /^(transforms|predicates)\./.test(name ?? '')),
    `transforms.h.type transforms.h.plugin.version transforms.h.field transforms.h.negate
    transforms.h.predicate transforms.n.type transforms.n.plugin.version predicates.p.type
    predicates.p.plugin.version`.split(/\s+/),
  );
});

test('R2.61 unknown classes, double aliases and missing predicates are errors', async () => {
  assert.deepEqual(
    await errorsOf({
      ...SOURCE,
      transforms: 'a,a,b',
      'transforms.a.type': 'HoistFeld$Value',
      'transforms.b.type': 'HoistField$Value',
      'transforms.b.field': 'f',
      'transforms.b.predicate': 'nope',
    }),
    [
      'transforms: Invalid value [a, a, b] for configuration transforms: Duplicate alias provided.',
      'transforms.a.type: Invalid value HoistFeld$Value for configuration transforms.a.type: ' +
        'Class HoistFeld$Value could not be found. Did you mean ' +
        `${KAFKA}.transforms.HoistField$Value? Known here: Cast$Value, HoistField$Value.`,
      'transforms.b.predicate: Invalid value nope for configuration transforms.b.predicate: ' +
        'there is no such name in "predicates" (which is empty)',
    ],
  );
  const lone = {
    ...SOURCE,
    transforms: 'b',
    'transforms.b.type': 'HoistField$Value',
    'transforms.b.field': 'f',
    'transforms.b.negate': 'true',
  };
  assert.match(
    String(await errorsOf(lone)),
    /'transforms\.b\.negate' was provided but there is no/,
  );
});

test('what only code can check is asked of the code', async () => {
  const asked: string[] = [];
  const config = { 'connector.class': 'Coded', name: 'x', spec: 's' };
  assert.deepEqual(await errorsOf(config, { asked }), ['spec: the code says no']);
  const cast = {
    ...SOURCE,
    transforms: 'c',
    'transforms.c.type': 'Cast$Value',
    'transforms.c.spec': 'int8',
  };
  assert.deepEqual(await errorsOf(cast, { asked }), ['transforms.c.spec: the code says no']);
  assert.match(asked.at(-1) ?? '', /Cast\$Value \{"type":"Cast\$Value","spec":"int8"\}$/);
});

test('R7.05 overrides are shown as the clients define them, and obey the policy', async () => {
  const secret = 'producer.override.sasl.jaas.config';
  const config = { ...SOURCE, 'producer.override.acks': '1', [secret]: 'user and password' };
  assert.deepEqual(await errorsOf(config), []);
  const { configs } = await validator().validate(config);
  const shown = configs.filter(({ value }) => value?.name.includes('.override.') === true);
  assert.deepEqual(
    shown.map(({ definition, value }) => [value?.name, definition?.type, value?.value]),
    [
      ['producer.override.acks', 'STRING', '1'],
      [secret, 'PASSWORD', '[hidden]'],
    ],
  );
  assert.deepEqual(await errorsOf(config, { policy: 'Principal' }), [
    "producer.override.acks: The 'Principal' policy does not allow 'acks' to be overridden in the " +
      'connector configuration.',
  ]);
  const unused = { ...SOURCE, 'admin.override.acks': '1' };
  assert.deepEqual(await errorsOf(unused, { policy: 'None' }), []);
  assert.throws(() => overridePolicy('Some', []), /use All, None, Principal or Allowlist/);
});

test('R6.07 groups are the framework’s, then the connector’s, then those of aliases and converters', async () => {
  const config = { ...SINK, 'value.converter': 'Json' };
  const { groups } = await validator().validate(config);
  assert.deepEqual(groups, ['Common', 'Transforms', 'Predicates', 'Error Handling', 'Schemas']);
});

test('R6.08 the policy is asked of the clients that the connector uses, and of no other', async () => {
  const overrides = {
    'producer.override.acks': '1',
    'consumer.override.acks': '1',
    'admin.override.acks': '1',
  };
  const refused = async (config: ConnectorConfigInput): Promise<readonly (string | undefined)[]> =>
    (await errorsOf({ ...config, ...overrides }, { policy: 'None' })).map(
      (error) => /^\w+/.exec(error)?.[0],
    );
  assert.deepEqual(await refused(SOURCE), ['producer']);
  const creating = { ...SOURCE, 'topic.creation.default.partitions': '1' };
  assert.deepEqual(await refused(creating), ['producer', 'admin']);
  const rejecting = { ...SOURCE, 'sluice.errors.deadletterqueue.topic.name': 'dead' };
  assert.deepEqual(await refused(rejecting), ['producer', 'admin']);
  assert.deepEqual(await refused(SINK), ['consumer']);
  const withLetters = { ...SINK, 'errors.deadletterqueue.topic.name': 'dead' };
  assert.deepEqual(await refused(withLetters), ['producer', 'admin', 'consumer']);
});

test('R6.11 a key that no definition has is answered only if the connector mentions it', async () => {
  const config = { 'connector.class': 'Coded', name: 'x', spec: 's', other: 'o', third: 't' };
  const mentioned: ConfigValue = {
    name: 'other',
    value: 'o',
    recommendedValues: [],
    errorMessages: ['not so'],
    visible: true,
  };
  const infos = await validator({ mentioned }).validate(config);
  const other = infos.configs.filter(({ value }) => value?.name === 'other');
  assert.deepEqual(other, [
    {
      definition: null,
      value: {
        name: 'other',
        value: 'o',
        recommended_values: [],
        errors: ['not so'],
        visible: true,
      },
    },
  ]);
  assert.equal(namesOf(infos).includes('third'), false);
  assert.equal(namesOf(await validator().validate(config)).includes('other'), false);
});

test('R6.13 a class of another kind, an abstract one and none at all are told apart', async () => {
  const converter = { ...SOURCE, 'value.converter': `${KAFKA}.file.FileStreamSinkConnector` };
  assert.deepEqual(await errorsOf(converter), [
    `value.converter: Class class ${KAFKA}.file.FileStreamSinkConnector does not implement the ` +
      'Converter interface',
  ]);
  const step = { ...SOURCE, transforms: 'a' };
  const hoist = `${KAFKA}.transforms.HoistField`;
  assert.deepEqual(await errorsOf({ ...step, 'transforms.a.type': hoist }), [
    `transforms.a.type: This class is abstract and cannot be created. Did you mean ${hoist}$Value?`,
  ]);
  assert.deepEqual(await errorsOf(step), [
    'transforms.a.type: Missing required configuration "transforms.a.type" which has no default value.',
  ]);
  const predicate = { ...SOURCE, predicates: 'p', 'predicates.p.type': `${hoist}$Value` };
  assert.deepEqual(await errorsOf(predicate), [
    `predicates.p.type: Class class ${hoist}$Value does not implement the Predicate interface`,
  ]);
});
