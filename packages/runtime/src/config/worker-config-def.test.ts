// Goal: every worker key has the type, default, importance and checks that Java's has. The table was
// taken from Apache Kafka 4.3.1's own definitions; where ours differs stands beside the key.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { configValueToString, type ConfigType } from '@sluice/api';
import { standaloneConfig } from './worker-config.ts';
import { STANDALONE_CONFIG } from './worker-config-def.ts';

const REQUIRED = Symbol('required');

interface WorkerKey {
  readonly row: string;
  readonly key: string;
  readonly type: ConfigType;
  /** As text; `null`: the default is null. */
  readonly default: string | null | typeof REQUIRED;
  readonly importance: 'HIGH' | 'MEDIUM' | 'LOW';
  /** Values that are taken, each as the text that they come to. */
  readonly takes?: Readonly<Record<string, string>>;
  /** Values that are refused, with Java's message. */
  readonly refuses?: Readonly<Record<string, string>>;
}

const MINIMUM = {
  'key.converter': 'JsonConverter',
  'value.converter': 'JsonConverter',
  'offset.storage.file.filename': '/tmp/offsets',
};
const SIMPLE_HEADERS = 'org.apache.kafka.connect.storage.SimpleHeaderConverter';
const JMX_REPORTER = 'org.apache.kafka.common.metrics.JmxReporter';

/** What every LIST key refuses and takes since KIP-1161. */
function list(key: string): Pick<WorkerKey, 'takes' | 'refuses'> {
  return {
    takes: { 'a,a': 'a', ' a , b ': 'a,b' },
    refuses: { 'a,,b': `Configuration '${key}' values must not be empty.` },
  };
}

function listOfSome(key: string): Pick<WorkerKey, 'takes' | 'refuses'> {
  const { takes = {}, refuses } = list(key);
  const empty = `Configuration '${key}' must not be empty. Valid values include: any non-empty value`;
  return { takes, refuses: { ...refuses, '': empty } };
}

function number(key: string, type: 'INT' | 'LONG'): Pick<WorkerKey, 'takes' | 'refuses'> {
  return {
    takes: { ' 7 ': '7' },
    refuses: {
      soon: `Invalid value soon for configuration ${key}: Not a number of type ${type}`,
      '': `Invalid value  for configuration ${key}: Not a number of type ${type}`,
    },
  };
}

function boolean(key: string): Pick<WorkerKey, 'takes' | 'refuses'> {
  const reason = 'Expected value to be either true or false';
  return {
    takes: { ' TRUE ': 'true', false: 'false' },
    refuses: { yes: `Invalid value yes for configuration ${key}: ${reason}` },
  };
}

function oneOf(key: string, values: string): Pick<WorkerKey, 'refuses'> {
  const message = `Invalid value dog for configuration ${key}: String must be one of`;
  return { refuses: { dog: `${message}${values}` } };
}

const LISTENERS_EMPTY =
  'Invalid value for listeners, at least one URL is expected, ex: ' +
  'http://localhost:8080,https://localhost:8443.';

const COMMON: readonly WorkerKey[] = [
  {
    // Java 4.3 has no default any more; a worker without the key is let through here, as by 4.0.
    row: 'R2.01',
    key: 'bootstrap.servers',
    type: 'LIST',
    default: 'localhost:9092',
    importance: 'HIGH',
    ...listOfSome('bootstrap.servers'),
  },
  {
    row: 'R2.02',
    key: 'client.dns.lookup',
    type: 'STRING',
    default: 'use_all_dns_ips',
    importance: 'MEDIUM',
    takes: { resolve_canonical_bootstrap_servers_only: 'resolve_canonical_bootstrap_servers_only' },
    ...oneOf('client.dns.lookup', ': use_all_dns_ips, resolve_canonical_bootstrap_servers_only'),
  },
  { row: 'R2.03', key: 'key.converter', type: 'CLASS', default: REQUIRED, importance: 'HIGH' },
  { row: 'R2.03', key: 'value.converter', type: 'CLASS', default: REQUIRED, importance: 'HIGH' },
  {
    row: 'R2.04',
    key: 'header.converter',
    type: 'CLASS',
    default: SIMPLE_HEADERS,
    importance: 'LOW',
  },
  {
    row: 'R2.05',
    key: 'task.shutdown.graceful.timeout.ms',
    type: 'LONG',
    default: '5000',
    importance: 'LOW',
    ...number('task.shutdown.graceful.timeout.ms', 'LONG'),
  },
  {
    row: 'R2.06',
    key: 'offset.flush.interval.ms',
    type: 'LONG',
    default: '60000',
    importance: 'LOW',
    ...number('offset.flush.interval.ms', 'LONG'),
  },
  {
    row: 'R2.07',
    key: 'offset.flush.timeout.ms',
    type: 'LONG',
    default: '5000',
    importance: 'LOW',
    ...number('offset.flush.timeout.ms', 'LONG'),
  },
  {
    row: 'R2.08',
    key: 'plugin.path',
    type: 'LIST',
    default: null,
    importance: 'LOW',
    ...listOfSome('plugin.path'),
  },
  {
    row: 'R2.09',
    key: 'plugin.discovery',
    type: 'STRING',
    default: 'hybrid_warn',
    importance: 'LOW',
    takes: { ONLY_SCAN: 'ONLY_SCAN', hybrid_fail: 'hybrid_fail', Service_Load: 'Service_Load' },
    ...oneOf(
      'plugin.discovery',
      ' (case insensitive): ONLY_SCAN, SERVICE_LOAD, HYBRID_WARN, HYBRID_FAIL',
    ),
  },
  {
    row: 'R2.10',
    key: 'config.providers',
    type: 'LIST',
    default: '',
    importance: 'LOW',
    ...list('config.providers'),
  },
  {
    row: 'R2.11',
    key: 'connector.client.config.override.policy',
    type: 'STRING',
    default: 'All',
    importance: 'MEDIUM',
  },
  {
    row: 'R2.12',
    key: 'topic.creation.enable',
    type: 'BOOLEAN',
    default: 'true',
    importance: 'LOW',
    ...boolean('topic.creation.enable'),
  },
  {
    row: 'R2.13',
    key: 'topic.tracking.enable',
    type: 'BOOLEAN',
    default: 'true',
    importance: 'LOW',
    ...boolean('topic.tracking.enable'),
  },
  {
    row: 'R2.13',
    key: 'topic.tracking.allow.reset',
    type: 'BOOLEAN',
    default: 'true',
    importance: 'LOW',
    ...boolean('topic.tracking.allow.reset'),
  },
  {
    row: 'R2.14',
    key: 'metrics.sample.window.ms',
    type: 'LONG',
    default: '30000',
    importance: 'LOW',
    takes: { '0': '0' },
    refuses: {
      '-1': 'Invalid value -1 for configuration metrics.sample.window.ms: Value must be at least 0',
    },
  },
  {
    row: 'R2.14',
    key: 'metrics.num.samples',
    type: 'INT',
    default: '2',
    importance: 'LOW',
    takes: { '1': '1' },
    refuses: {
      '0': 'Invalid value 0 for configuration metrics.num.samples: Value must be at least 1',
    },
  },
  {
    row: 'R2.14',
    key: 'metrics.recording.level',
    type: 'STRING',
    default: 'INFO',
    importance: 'LOW',
    takes: { DEBUG: 'DEBUG' },
    ...oneOf('metrics.recording.level', ': INFO, DEBUG'),
  },
  {
    row: 'R2.15',
    key: 'metric.reporters',
    type: 'LIST',
    default: JMX_REPORTER,
    importance: 'LOW',
    ...list('metric.reporters'),
  },
  {
    row: 'R2.16',
    key: 'listeners',
    type: 'LIST',
    default: 'http://:8083',
    importance: 'LOW',
    takes: { 'http://a:1,http://a:1': 'http://a:1,http://a:1' },
    refuses: { '': LISTENERS_EMPTY, 'a,,b': 'Empty URL found when parsing listeners list.' },
  },
  {
    row: 'R2.17',
    key: 'rest.advertised.host.name',
    type: 'STRING',
    default: null,
    importance: 'LOW',
  },
  {
    row: 'R2.17',
    key: 'rest.advertised.port',
    type: 'INT',
    default: null,
    importance: 'LOW',
    ...number('rest.advertised.port', 'INT'),
  },
  {
    row: 'R2.17',
    key: 'rest.advertised.listener',
    type: 'STRING',
    default: null,
    importance: 'LOW',
  },
  {
    row: 'R2.18',
    key: 'access.control.allow.origin',
    type: 'STRING',
    default: '',
    importance: 'LOW',
  },
  {
    row: 'R2.18',
    key: 'access.control.allow.methods',
    type: 'STRING',
    default: '',
    importance: 'LOW',
  },
  {
    // Null and empty differ (R1.71): nowhere is not the same as beside all others.
    row: 'R2.19',
    key: 'admin.listeners',
    type: 'LIST',
    default: null,
    importance: 'LOW',
    takes: { '': '', 'a,a': 'a' },
    refuses: { 'a,,b': "Configuration 'admin.listeners' values must not be empty." },
  },
  {
    row: 'R2.20',
    key: 'rest.extension.classes',
    type: 'LIST',
    default: '',
    importance: 'LOW',
    ...list('rest.extension.classes'),
  },
  {
    row: 'R2.21',
    key: 'response.http.headers.config',
    type: 'STRING',
    default: '',
    importance: 'LOW',
  },
  {
    row: 'R2.26',
    key: 'key.converter.plugin.version',
    type: 'STRING',
    default: null,
    importance: 'LOW',
  },
  {
    row: 'R2.26',
    key: 'value.converter.plugin.version',
    type: 'STRING',
    default: null,
    importance: 'LOW',
  },
  {
    row: 'R2.26',
    key: 'header.converter.plugin.version',
    type: 'STRING',
    default: null,
    importance: 'LOW',
  },
  {
    row: 'R2.26',
    key: 'connector.client.config.override.allowlist',
    type: 'LIST',
    default: '',
    importance: 'LOW',
    ...list('connector.client.config.override.allowlist'),
  },
];

const STANDALONE: readonly WorkerKey[] = [
  {
    // An empty name is refused at once; Java fails when it writes the first offsets.
    row: 'R2.27',
    key: 'offset.storage.file.filename',
    type: 'STRING',
    default: REQUIRED,
    importance: 'HIGH',
    refuses: {
      '': 'Invalid value  for configuration offset.storage.file.filename: String must be non-empty',
    },
  },
];

function parsed(props: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  return STANDALONE_CONFIG.parse({ ...MINIMUM, ...props });
}

describe('a worker key is defined as in Java:', () => {
  for (const each of [...COMMON, ...STANDALONE]) {
    const { row, key, type, importance, takes = {}, refuses = {} } = each;
    test(`${row} ${key}: type, default, importance, what it takes and refuses`, () => {
      const definition = STANDALONE_CONFIG.keys.get(key);
      assert.ok(definition !== undefined, 'it is not defined');
      assert.deepEqual([definition.type, definition.importance], [type, importance]);
      assert.equal(definition.hasDefault, each.default !== REQUIRED);
      if (each.default === REQUIRED) {
        const rest: Record<string, string> = { ...MINIMUM };
        delete rest[key];
        assert.throws(() => STANDALONE_CONFIG.parse(rest), {
          message: `Missing required configuration "${key}" which has no default value.`,
        });
      } else assert.equal(configValueToString(parsed({})[key], type), each.default);
      for (const [text, value] of Object.entries(takes))
        assert.equal(configValueToString(parsed({ [key]: text })[key], type), value, text);
      for (const [text, message] of Object.entries(refuses))
        assert.throws(() => parsed({ [key]: text }), { message }, text);
    });
  }

  test('there are no other keys but those of our own name', () => {
    const known = new Set([...COMMON, ...STANDALONE].map(({ key }) => key));
    const others = [...STANDALONE_CONFIG.keys.keys()].filter((key) => !known.has(key));
    assert.deepEqual(
      others.filter((key) => !key.startsWith('sluice.')),
      [],
    );
  });
});

test('R2.19 admin.listeners that is not set is null, and set to nothing an empty list', () => {
  assert.equal(standaloneConfig(MINIMUM).values['admin.listeners'], null);
  const { values } = standaloneConfig({ ...MINIMUM, 'admin.listeners': '' });
  assert.deepEqual(values['admin.listeners'], []);
});

test('R2.23 converters of internal data are ignored with a warning, their settings too', () => {
  const { warnings } = standaloneConfig({
    ...MINIMUM,
    'internal.key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'internal.value.converter.schemas.enable': 'true',
  });
  assert.deepEqual(warnings, [
    'The worker key "internal.key.converter" has no effect: internal data is always JSON without ' +
      'schemas.',
    'The worker key "internal.value.converter.schemas.enable" has no effect: internal data is ' +
      'always JSON without schemas.',
  ]);
});

test('R2.25 unknown worker keys are tolerated with a warning', () => {
  const { values, warnings } = standaloneConfig({ ...MINIMUM, 'some.key': 'x' });
  assert.equal(values['offset.flush.interval.ms'], 60_000);
  assert.deepEqual(warnings, ['The worker key "some.key" is not known and has no effect.']);
});
