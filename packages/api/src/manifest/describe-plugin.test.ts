import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigDef } from '../config/config-def.ts';
import {
  atLeast,
  composite,
  lambdaValidator,
  nonEmptyString,
  validList,
} from '../config/validators.ts';
import { describedConfig, needsCode } from './described-config.ts';
import { describePlugin } from './describe-plugin.ts';
import { pluginAliases } from './plugin-aliases.ts';

const CONFIG = new ConfigDef({
  'batch.size': {
    type: 'INT',
    default: 5,
    validator: atLeast(1),
    importance: 'HIGH',
    doc: 'Size.',
  },
  topics: {
    type: 'LIST',
    importance: 'LOW',
    doc: 'Topics.',
    validator: validList(['a', 'b'], { isEmptyAllowed: false }),
  },
  name: {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    doc: '',
    validator: composite(nonEmptyString()),
    group: 'G',
    orderInGroup: 2,
  },
});

const PLUGIN = {
  className: 'org.example.DemoSourceConnector',
  version: '1',
  type: 'source',
  config: CONFIG,
} as const;

test('a described plug-in validates like the plug-in itself', () => {
  const description = describePlugin(PLUGIN, { export: './demo', name: 'demo' });
  const again = describedConfig(JSON.parse(JSON.stringify(description)));
  for (const props of [{}, { 'batch.size': '0', topics: 'c' }, { topics: '', name: '' }]) {
    assert.deepEqual(again.validate(props), CONFIG.validate(props));
  }
  assert.deepEqual(again.groups, CONFIG.groups);
  assert.ok(!needsCode(description));
});

test('what only code can check is marked as such', () => {
  const config = new ConfigDef({
    a: {
      type: 'INT',
      default: 1,
      importance: 'LOW',
      doc: '',
      validator: composite(lambdaValidator(() => {}, 'odd')),
    },
  });
  assert.ok(needsCode(describePlugin({ ...PLUGIN, config }, { export: '.', name: 'x' })));
});

test('R6.05 a plug-in answers to its simple name, with and without the suffix of its kind', () => {
  assert.deepEqual(pluginAliases('org.example.DemoSourceConnector', 'source'), [
    'DemoSourceConnector',
    'DemoSource',
  ]);
  assert.deepEqual(pluginAliases('a.b.JsonConverter', 'converter'), ['JsonConverter', 'Json']);
  assert.deepEqual(pluginAliases('a.b.JsonConverter', 'header_converter'), ['JsonConverter']);
  assert.deepEqual(pluginAliases('a.b.Cast$Value', 'transformation'), ['Cast$Value']);
  assert.deepEqual(pluginAliases('Connector', 'sink'), ['Connector']);
});
