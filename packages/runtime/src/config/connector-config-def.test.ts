// Goal: the framework's keys of connectors have the type, default, importance, group and checks of
// Java's. The table was taken from Apache Kafka 4.3.1's own definitions. That whole answers of
// validation are Java's is shown by config-validate.parity.test.ts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { configValueToString, type ConfigType } from '@sluice/api';
import { SINK_CONNECTOR_CONFIG, SOURCE_CONNECTOR_CONFIG } from './connector-config-def.ts';

const REQUIRED = Symbol('required');

interface ConnectorKey {
  readonly row: string;
  readonly key: string;
  readonly type: ConfigType;
  /** As text; `null`: the default is null. */
  readonly default: string | null | typeof REQUIRED;
  readonly importance: 'HIGH' | 'MEDIUM' | 'LOW';
  readonly group: string;
  readonly takes?: Readonly<Record<string, string>>;
  readonly refuses?: Readonly<Record<string, string>>;
}

const COMMON = 'Common';
const ERRORS = 'Error Handling';
const EXACTLY_ONCE = 'Exactly Once Support';

function invalid(key: string, value: string, reason: string): Readonly<Record<string, string>> {
  return { [value]: `Invalid value ${value} for configuration ${key}: ${reason}` };
}

function converter(side: 'key' | 'value' | 'header'): readonly ConnectorKey[] {
  const common = { default: null, importance: 'LOW', group: COMMON } as const;
  return [
    { row: 'R2.54', key: `${side}.converter`, type: 'CLASS', ...common },
    { row: 'R2.62', key: `${side}.converter.plugin.version`, type: 'STRING', ...common },
  ];
}

function aliases(row: string, key: string, group: string): ConnectorKey {
  const refuses = {
    'a,a': `Invalid value [a, a] for configuration ${key}: Duplicate alias provided.`,
  };
  const takes = { ' a , b ': 'a,b' };
  return { row, key, type: 'LIST', default: '', importance: 'LOW', group, takes, refuses };
}

const BOTH: readonly ConnectorKey[] = [
  {
    row: 'R2.50',
    key: 'name',
    type: 'STRING',
    default: REQUIRED,
    importance: 'HIGH',
    group: COMMON,
    takes: { 'a/b c': 'a/b c' },
    refuses: {
      ...invalid('name', '', 'String may not be empty'),
      ...invalid(
        'name',
        'a\u0007b',
        'String may not contain control sequences but had the following ASCII chars: 7',
      ),
    },
  },
  {
    row: 'R2.51',
    key: 'connector.class',
    type: 'STRING',
    default: REQUIRED,
    importance: 'HIGH',
    group: COMMON,
  },
  {
    row: 'R2.52',
    key: 'tasks.max',
    type: 'INT',
    default: '1',
    importance: 'HIGH',
    group: COMMON,
    takes: { '1': '1' },
    refuses: {
      ...invalid('tasks.max', '0', 'Value must be at least 1'),
      ...invalid('tasks.max', 'dog', 'Not a number of type INT'),
    },
  },
  {
    row: 'R2.53',
    key: 'tasks.max.enforce',
    type: 'BOOLEAN',
    default: 'true',
    importance: 'LOW',
    group: COMMON,
  },
  ...converter('key'),
  ...converter('value'),
  ...converter('header'),
  aliases('R2.55', 'transforms', 'Transforms'),
  aliases('R2.55', 'predicates', 'Predicates'),
  {
    row: 'R2.56',
    key: 'config.action.reload',
    type: 'STRING',
    default: 'restart',
    importance: 'LOW',
    group: COMMON,
    takes: { none: 'none' },
    refuses: invalid('config.action.reload', 'NONE', 'String must be one of: none, restart'),
  },
  {
    row: 'R2.57',
    key: 'errors.tolerance',
    type: 'STRING',
    default: 'none',
    importance: 'MEDIUM',
    group: ERRORS,
    takes: { all: 'all' },
    refuses: invalid('errors.tolerance', 'ALL', 'String must be one of: none, all'),
  },
  {
    row: 'R2.58',
    key: 'errors.retry.timeout',
    type: 'LONG',
    default: '0',
    importance: 'MEDIUM',
    group: ERRORS,
    takes: { '-1': '-1' },
  },
  {
    row: 'R2.58',
    key: 'errors.retry.delay.max.ms',
    type: 'LONG',
    default: '60000',
    importance: 'MEDIUM',
    group: ERRORS,
  },
  {
    row: 'R2.59',
    key: 'errors.log.enable',
    type: 'BOOLEAN',
    default: 'false',
    importance: 'MEDIUM',
    group: ERRORS,
  },
  {
    row: 'R2.59',
    key: 'errors.log.include.messages',
    type: 'BOOLEAN',
    default: 'false',
    importance: 'MEDIUM',
    group: ERRORS,
  },
  {
    row: 'R2.62',
    key: 'connector.plugin.version',
    type: 'STRING',
    default: null,
    importance: 'MEDIUM',
    group: COMMON,
  },
];

const SINK: readonly ConnectorKey[] = [
  {
    row: 'R2.63',
    key: 'topics',
    type: 'LIST',
    default: '',
    importance: 'HIGH',
    group: COMMON,
    takes: { 'a,a': 'a', ' a , b ': 'a,b' },
    refuses: { 'a,,b': "Configuration 'topics' values must not be empty." },
  },
  {
    row: 'R2.63',
    key: 'topics.regex',
    type: 'STRING',
    default: '',
    importance: 'HIGH',
    group: COMMON,
    takes: { 'a.*': 'a.*' },
  },
  {
    row: 'R2.64',
    key: 'errors.deadletterqueue.topic.name',
    type: 'STRING',
    default: '',
    importance: 'MEDIUM',
    group: ERRORS,
  },
  {
    row: 'R2.65',
    key: 'errors.deadletterqueue.topic.replication.factor',
    type: 'SHORT',
    default: '3',
    importance: 'MEDIUM',
    group: ERRORS,
    refuses: invalid(
      'errors.deadletterqueue.topic.replication.factor',
      '40000',
      'Not a number of type SHORT',
    ),
  },
  {
    row: 'R2.66',
    key: 'errors.deadletterqueue.context.headers.enable',
    type: 'BOOLEAN',
    default: 'false',
    importance: 'MEDIUM',
    group: ERRORS,
  },
];

const SOURCE: readonly ConnectorKey[] = [
  {
    row: 'R2.68',
    key: 'exactly.once.support',
    type: 'STRING',
    default: 'requested',
    importance: 'MEDIUM',
    group: EXACTLY_ONCE,
    takes: { Required: 'Required' },
    refuses: invalid(
      'exactly.once.support',
      'no',
      'String must be one of (case insensitive): REQUIRED, REQUESTED',
    ),
  },
  {
    row: 'R2.69',
    key: 'transaction.boundary',
    type: 'STRING',
    default: 'poll',
    importance: 'MEDIUM',
    group: EXACTLY_ONCE,
    takes: { interval: 'interval', CONNECTOR: 'CONNECTOR' },
    refuses: invalid(
      'transaction.boundary',
      'never',
      'String must be one of (case insensitive): INTERVAL, POLL, CONNECTOR',
    ),
  },
  {
    row: 'R2.70',
    key: 'transaction.boundary.interval.ms',
    type: 'LONG',
    default: null,
    importance: 'LOW',
    group: EXACTLY_ONCE,
    takes: { '0': '0' },
    refuses: invalid('transaction.boundary.interval.ms', '-1', 'Value must be at least 0'),
  },
  {
    row: 'R2.71',
    key: 'offsets.storage.topic',
    type: 'STRING',
    default: null,
    importance: 'LOW',
    group: 'offsets.topic',
    takes: { mine: 'mine' },
    refuses: {
      ...invalid('offsets.storage.topic', '', 'String must be non-empty'),
      // A blank is trimmed first.
      '  ': 'Invalid value  for configuration offsets.storage.topic: String must be non-empty',
    },
  },
  aliases('R2.72', 'topic.creation.groups', 'Topic Creation'),
];

const REQUIRED_PROPS = { name: 'x', 'connector.class': 'Y' };
const DEFINITIONS = [
  { of: 'source', def: SOURCE_CONNECTOR_CONFIG, keys: [...BOTH, ...SOURCE] },
  { of: 'sink', def: SINK_CONNECTOR_CONFIG, keys: [...BOTH, ...SINK] },
] as const;

for (const { of, def, keys } of DEFINITIONS) {
  describe(`a key of a ${of} connector is defined as in Java:`, () => {
    const parsed = (props: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> =>
      def.parse({ ...REQUIRED_PROPS, ...props });

    for (const each of keys) {
      const { row, key, type, importance, group, takes = {}, refuses = {} } = each;
      test(`${row} ${key}: type, default, importance, group, what it takes and refuses`, () => {
        const definition = def.keys.get(key);
        assert.ok(definition !== undefined, 'it is not defined');
        assert.deepEqual(
          [definition.type, definition.importance, definition.group],
          [type, importance, group],
        );
        assert.equal(definition.hasDefault, each.default !== REQUIRED);
        if (each.default === REQUIRED) {
          const rest: Record<string, string> = { ...REQUIRED_PROPS };
          delete rest[key];
          assert.throws(() => def.parse(rest), {
            message: `Missing required configuration "${key}" which has no default value.`,
          });
        } else assert.equal(configValueToString(parsed({})[key], type), each.default);
        for (const [text, value] of Object.entries(takes))
          assert.equal(configValueToString(parsed({ [key]: text })[key], type), value, text);
        for (const [text, message] of Object.entries(refuses))
          assert.throws(() => parsed({ [key]: text }), { message }, text);
      });
    }

    test('there are no other keys', () => {
      const known = keys.map(({ key }) => key);
      assert.deepEqual([...def.keys.keys()].sort(), [...known].sort());
    });
  });
}

test('R2.63 topics.regex that is no regular expression is refused, naming the key', () => {
  const props = { ...REQUIRED_PROPS, 'topics.regex': '(a' };
  assert.throws(
    () => SINK_CONNECTOR_CONFIG.parse(props),
    /Invalid value \(a for configuration topics\.regex: /,
  );
});
