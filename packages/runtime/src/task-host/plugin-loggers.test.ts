import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSourceRecord } from '@sluice/api';
import { aSourceTaskSpec } from '../../test/support/task-fixture.ts';
import { defined } from '../../test/support/logging-plugins.ts';
import { Loggers } from '../logging/loggers.ts';
import { PluginMetricsRegistry } from '../metrics/plugin-metrics-registry.ts';
import { DEFAULT_METRIC_WINDOW } from '../metrics/sampled-stat.ts';
import { applyStep } from '../data-plane/transformation-chain.ts';
import type { PluginRef } from './contract.ts';
import { loadConverters, loadSteps, taskLogContext } from './task-builder.ts';

const MODULE = new URL('../../test/support/logging-plugins.ts', import.meta.url).href;

function plugin(exportName: string): PluginRef {
  return { moduleUrl: MODULE, exportName, className: `org.example.${exportName}`, version: '1' };
}

const NONE = { props: {}, predicate: null, negate: false };
const SPEC = aSourceTaskSpec({
  keyConverter: { plugin: plugin('converter'), props: {} },
  valueConverter: { plugin: plugin('converter'), props: {} },
  headerConverter: { plugin: plugin('headers'), props: {} },
  transformations: [
    {
      ...NONE,
      alias: 'a',
      plugin: plugin('transformation'),
      predicate: { plugin: plugin('predicate'), props: {} },
    },
    { ...NONE, alias: 'b', plugin: plugin('defined') },
  ],
});

test('converters, transformations and predicates log under their class, for their task', async () => {
  const lines: string[] = [];
  const loggers = new Loggers({
    output: { write: (line: string) => void lines.push(line) },
    rootLevel: 'INFO',
  });
  const loggerOf = (className: string) => loggers.get(className, taskLogContext(SPEC));
  const pluginMetrics = new PluginMetricsRegistry({}, DEFAULT_METRIC_WINDOW);
  await loadConverters(SPEC, { loggerOf, pluginMetrics });
  const steps = await loadSteps(SPEC, { loggerOf, pluginMetrics });
  const record = newSourceRecord({ topic: 't', value: 'v' });
  for (const step of steps) applyStep(step, record);
  assert.deepEqual(
    lines.map((line) => line.replace(/^\[[^\]]*\] /, '').trim()),
    [
      'INFO [orders|task-0] converter of headers (org.example.headers)',
      'INFO [orders|task-0] converter of the key (org.example.converter)',
      'INFO [orders|task-0] converter of the value (org.example.converter)',
      'INFO [orders|task-0] transformation (org.example.transformation)',
      'INFO [orders|task-0] predicate (org.example.predicate)',
      'INFO [orders|task-0] applied to v (org.example.transformation)',
      'INFO [orders|task-0] defined for v (org.example.defined)',
    ],
  );
  loggers.setLevel('org.example.defined', 'WARN');
  lines.length = 0;
  for (const step of steps) applyStep(step, record);
  assert.equal(lines.length, 1);
});

test('a transformation that is used without a worker is silent', () => {
  const made = defined.create();
  made.configure({});
  const record = newSourceRecord({ topic: 't', value: 'v' });
  assert.equal(made.apply(record), record);
});
