import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { LintFinding } from '@sluice/rest';
import { discoverPlugins } from '../plugins/discover-plugins.ts';
import { PluginCatalog } from '../plugins/plugin-catalog.ts';
import { findingText, lintConnector } from './lint-connector.ts';

const CLI = dirname(fileURLToPath(new URL('../../../cli/package.json', import.meta.url)));
const catalog = new PluginCatalog(await discoverPlugins({ workerDirectory: CLI, pluginPath: [] }));
const SINK = { name: 's', 'connector.class': 'FileStreamSink', topics: 't', file: '/out' };
const SOURCE = { name: 'a', 'connector.class': 'FileStreamSource', topic: 't', file: '/in' };

function lint(config: Record<string, string | null>, isStrict = false): readonly LintFinding[] {
  return lintConnector(config, { catalog, isStrict }).findings;
}

/** `rule key -> suggestion` of each finding. */
function brief(config: Record<string, string | null>): readonly string[] {
  return lint(config).map(({ rule, key, suggestion }) => `${rule} ${key} -> ${suggestion}`);
}

test('a plain config has nothing doubtful', () => {
  assert.deepEqual(lint(SINK), []);
  assert.deepEqual(lint({ ...SOURCE, 'tasks.max': '1', 'sluice.restart.enable': 'true' }), []);
});

test('unknown keys come with the one that was probably meant, under each prefix', () => {
  const HOIST = 'org.apache.kafka.connect.transforms.HoistField$Value';
  assert.deepEqual(
    brief({
      ...SOURCE,
      'task.max': '1',
      'producer.override.batch.sise': '1',
      'produser.override.linger.ms': '1',
      transforms: 'hoist',
      'transforms.hoist.type': HOIST,
      'transforms.hoist.feild': 'f',
      'transforms.hoost.field': 'f',
      'value.converter': 'JsonConverter',
      'value.converter.schema.enable': 'false',
      'some.thing.else': 'x',
    }),
    [
      'unknown-key task.max -> tasks.max',
      'unknown-key producer.override.batch.sise -> producer.override.batch.size',
      'unknown-key produser.override.linger.ms -> producer.override.linger.ms',
      'unknown-key transforms.hoist.feild -> transforms.hoist.field',
      'unknown-key transforms.hoost.field -> transforms.hoist.field',
      'unknown-key value.converter.schema.enable -> value.converter.schemas.enable',
      'unknown-key some.thing.else -> null',
    ],
  );
});

test('a key without a name is one, and keys of a topic to be created are none', () => {
  assert.deepEqual(brief({ ...SINK, '': '_doc' }), ['unknown-key  -> null']);
  const created = {
    'topic.creation.default.partitions': '1',
    'topic.creation.default.replication.factor': '1',
    'topic.creation.default.cleanup.policy': 'compact',
  };
  assert.deepEqual(brief({ ...SOURCE, ...created }), []);
});

test('settings that contradict each other or have no effect are told', () => {
  assert.deepEqual(brief({ ...SINK, 'errors.deadletterqueue.topic.name': 'dlq' }), [
    'impossible-combination errors.deadletterqueue.topic.name -> errors.tolerance=all',
  ]);
  assert.deepEqual(brief({ ...SINK, 'errors.tolerance': 'all' }), [
    'impossible-combination errors.tolerance -> errors.log.enable=true',
  ]);
  assert.deepEqual(brief({ ...SINK, 'value.converter.schemas.enable': 'false' }), [
    'impossible-combination value.converter.schemas.enable -> value.converter',
  ]);
  assert.deepEqual(brief({ ...SOURCE, 'topic.creation.default.partitions': '1' }), [
    'impossible-combination topic.creation.default.replication.factor -> ' +
      'topic.creation.default.replication.factor=-1',
  ]);
  assert.deepEqual(brief({ ...SOURCE, 'exactly.once.support': 'required' }), [
    'impossible-combination exactly.once.support -> null',
  ]);
});

test('secrets in plain text are told without telling them', () => {
  const canary = 'hunter2-canary';
  const findings = lint({
    ...SINK,
    'consumer.override.sasl.jaas.config': `x password="${canary}";`,
    'consumer.override.ssl.key.password': '${file:/etc/secrets:key}',
  });
  assert.deepEqual(
    findings.map(({ rule, key }) => `${rule} ${key}`),
    ['plain-secret consumer.override.sasl.jaas.config'],
  );
  assert.ok(!JSON.stringify(findings).includes(canary));
});

test('deprecated keys say what replaces them', () => {
  const replace = 'org.apache.kafka.connect.transforms.ReplaceField$Value';
  const found = lint({
    ...SINK,
    'tasks.max.enforce': 'false',
    transforms: 'r',
    'transforms.r.type': replace,
    'transforms.r.blacklist': 'a',
  }).filter(({ rule }) => rule === 'deprecated-key');
  assert.deepEqual(
    found.map(({ key, suggestion }) => [key, suggestion]),
    [
      ['tasks.max.enforce', null],
      ['transforms.r.blacklist', 'transforms.r.exclude'],
    ],
  );
});

test('strict makes errors of warnings; an unknown class is an error anyway', () => {
  assert.equal(lint({ ...SINK, 'task.max': '1' })[0]?.severity, 'warning');
  assert.equal(lint({ ...SINK, 'task.max': '1' }, true)[0]?.severity, 'error');
  const [unknown] = lint({ ...SINK, 'connector.class': 'FileStreamSnik' });
  assert.equal(unknown?.severity, 'error');
  assert.match(unknown?.message ?? '', /Did you mean org.*FileStreamSinkConnector/);
  assert.match(lint({})[0]?.message ?? '', /no "connector.class"/);
});

test('a finding is one line', () => {
  const [found] = lint({ ...SINK, 'task.max': '1' });
  assert.ok(found !== undefined);
  assert.equal(
    findingText(found),
    '"task.max" is not known to this connector and has no effect. Did you mean "tasks.max"? ' +
      '[unknown-key]',
  );
});
