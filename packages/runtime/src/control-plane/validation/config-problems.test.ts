import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigInfos } from '@sluice/rest';
import { effectiveOrigins } from '../../config/config-origins.ts';
import { configProblems } from './config-problems.ts';

const WORKER = { 'config.providers': 'vault' };

type Info = ConfigInfos['configs'][number];

function info(name: string, isRequired: boolean, ...errors: readonly string[]): Info {
  const definition = {
    name,
    type: 'INT',
    required: isRequired,
    default_value: null,
    importance: 'LOW',
    documentation: '',
    group: null,
    order_in_group: -1,
    width: 'NONE',
    display_name: name,
    dependents: [],
  };
  const value = { name, value: null, recommended_values: [], errors, visible: true };
  return { definition, value };
}

function problems(config: Record<string, string>, ...configs: readonly Info[]): readonly string[] {
  const lines = Object.keys(config).map((key, at): [string, number] => [key, at + 2]);
  const written = new Map(
    lines.map(([key, line]) => [key, { kind: 'file', file: 'c.json', line } as const]),
  );
  const infos: ConfigInfos = { name: 'c', error_count: 1, groups: [], configs };
  return configProblems(infos, config, effectiveOrigins(config, written, WORKER));
}

test('a problem tells the line of its key; a default is told as one; a missing key as nothing', () => {
  const found = problems(
    { name: 'a', 'tasks.max': 'x' },
    info('tasks.max', false, 'Invalid value x for configuration tasks.max: Not a number'),
    info('topics', false, 'Must configure topics'),
    info('header', false, 'Invalid value y for configuration header: gone'),
    info('file', true, 'Missing required configuration "file" which has no default value.'),
  );
  assert.deepEqual(found, [
    'Invalid value x for configuration tasks.max: Not a number (from c.json line 3)',
    'Must configure topics',
    'Invalid value y for configuration header: gone (from default)',
    'Missing required configuration "file" which has no default value.',
  ]);
});

test('what a config provider gave is not shown, only its reference and where that stands', () => {
  const [found = ''] = problems(
    { 'tasks.max': '${vault:prod:canary}' },
    info('tasks.max', false, 'Invalid value hunter2 for configuration tasks.max: hunter2!'),
  );
  assert.match(found, /tasks\.max: what \$\{vault:prod:canary\} stands for is not accepted/);
  assert.match(found, /\(from config provider \$\{vault:prod:canary\}, c\.json line 2\)$/);
  assert.ok(!found.includes('hunter2'));
});

test('a client override is told as one, with its line', () => {
  const key = 'producer.override.acks';
  const [found] = problems({ [key]: 'x' }, info(key, false, `no ${key} here`));
  assert.equal(found, `no ${key} here (from c.json line 2)`);
});
