// Goal: what a plug-in may register, what it is refused, and what it shows (R8.12, R12.02: KIP-877).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectError, IllegalWorkerStateError } from '@sluice/api';
import { PluginMetricsRegistry } from './plugin-metrics-registry.ts';
import { PLUGIN_VALUES_MAX, PluginMetricsScope } from './plugin-metrics-scope.ts';

const WINDOW = { windowMs: 1_000, samples: 2 };
const TASK = { connector: 'orders', task: '0' };

function aScope(now: () => number = () => 0): PluginMetricsScope {
  return new PluginMetricsScope(TASK, WINDOW, now);
}

/** Names with values, without the rest. */
function shown(scope: Pick<PluginMetricsScope, 'values'>): Readonly<Record<string, number>> {
  return Object.fromEntries(scope.values().map(({ name, value }) => [name, value]));
}

/** Calls a method as a plug-in without types might. */
function call(scope: PluginMetricsScope, method: string, ...args: readonly unknown[]): void {
  const found: unknown = Reflect.get(scope, method);
  if (typeof found !== 'function') throw new Error(`there is no ${method}`);
  Reflect.apply(found, scope, args);
}

const refused = (message: RegExp) => (error: unknown) =>
  error instanceof ConnectError &&
  error.code === 'CONNECT_PLUGIN_METRIC' &&
  message.test(error.message);

test('R8.12 a counter shows how much there was in all and per second', () => {
  let nowMs = 10_000;
  const scope = aScope(() => nowMs);
  const rows = scope.counter('rows-read', 'Rows that were read');
  assert.deepEqual(shown(scope), { 'rows-read-total': 0, 'rows-read-rate': 0 });
  rows.add();
  rows.add(499);
  nowMs = 10_500;
  assert.deepEqual(shown(scope), { 'rows-read-total': 500, 'rows-read-rate': 500 / 1.5 });
  nowMs = 60_000;
  assert.deepEqual(shown(scope), { 'rows-read-total': 500, 'rows-read-rate': 0 });
  for (const amount of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => rows.add(amount), refused(/'rows-read' can't take (-1|NaN|Infinity)/));
  assert.equal(shown(scope)['rows-read-total'], 500);
});

test('R8.12 a sensor shows the average and the greatest of its window', () => {
  let nowMs = 0;
  const scope = aScope(() => nowMs);
  const replies = scope.sensor('reply-time-ms', 'How long replies took');
  assert.deepEqual(shown(scope), { 'reply-time-ms-avg': NaN, 'reply-time-ms-max': NaN });
  for (const ms of [2, 4, 9]) replies.record(ms);
  assert.deepEqual(shown(scope), { 'reply-time-ms-avg': 5, 'reply-time-ms-max': 9 });
  assert.throws(() => replies.record(Number.NaN), refused(/can't take NaN/));
  nowMs = 60_000;
  assert.deepEqual(shown(scope), { 'reply-time-ms-avg': NaN, 'reply-time-ms-max': NaN });
});

test('R8.12 a gauge is asked at each look, and left out while it throws or answers no number', () => {
  const scope = aScope();
  let answer: () => unknown = () => 1;
  call(scope, 'gauge', 'open-files', 'Files that are open', () => answer());
  scope.gauge('others', 'Another one', () => 7);
  assert.deepEqual(shown(scope), { 'open-files': 1, others: 7 });
  const bad: readonly (() => unknown)[] = [
    () => 'many',
    () => null,
    () => Number.NaN,
    () => Promise.resolve(1),
    () => {
      throw new Error('the server is gone');
    },
  ];
  for (answer of bad) assert.deepEqual(shown(scope), { others: 7 });
  answer = () => -2.5;
  assert.deepEqual(shown(scope), { 'open-files': -2.5, others: 7 });
});

test('R8.12 a value carries its description and all its tags, the worker’s first', () => {
  const scope = aScope();
  scope.gauge('lag-rows', 'Rows behind', () => 3, { 'table-name': 'a "b"', shard: '1' });
  assert.deepEqual(scope.values(), [
    {
      name: 'lag-rows',
      description: 'Rows behind',
      tags: { ...TASK, 'table-name': 'a "b"', shard: '1' },
      value: 3,
    },
  ]);
});

test('R8.12 names and tags are lower-case words with dashes, and the worker’s tags are its own', () => {
  const scope = aScope();
  for (const name of ['', 'Rows', 'rows_read', 'rows read', '-rows', 'rows--read', '7rows', 'é'])
    assert.throws(
      () => scope.counter(name, 'x'),
      refused(/of connector 'orders', task '0' can't be registered: its name isn't of lower-case/),
    );
  assert.throws(() => scope.gauge('rows', 'x', () => 0, { Table: 'a' }), refused(/tag 'Table'/));
  for (const tag of ['connector', 'task', 'converter', 'transformation', 'predicate'])
    assert.throws(() => scope.sensor('rows', 'x', { [tag]: 'a' }), refused(/that the worker sets/));
  assert.throws(() => call(scope, 'sensor', 'rows'), refused(/its description is no text/));
  assert.throws(
    () => call(scope, 'sensor', 'rows', 'x', { shard: 1 }),
    refused(/tag 'shard' is no/),
  );
  assert.deepEqual(scope.values(), []);
});

test('R8.12 a name is taken once for the same tags, whatever their order', () => {
  const scope = aScope();
  const rows = scope.counter('rows', 'x', { table: 'a', shard: '1' });
  scope.counter('rows', 'x', { table: 'b', shard: '1' });
  const again = (): unknown => scope.counter('rows', 'x', { shard: '1', table: 'a' });
  assert.throws(again, refused(/there is one that is called 'rows-total', with these tags/));
  const hidden = (): unknown => scope.gauge('rows-rate', 'x', () => 0, { table: 'a', shard: '1' });
  assert.throws(hidden, refused(/called 'rows-rate'/));
  assert.equal(scope.values().length, 4);
  rows.remove();
  assert.equal(scope.values().length, 2);
  again();
  rows.remove();
  assert.equal(scope.values().length, 4, 'what was removed does not remove its successor');
});

test('R8.12 a plug-in has room for so many values, and what it removes makes room', () => {
  const scope = aScope();
  const counters = Array.from({ length: PLUGIN_VALUES_MAX / 2 }, (_, i) =>
    scope.counter('rows', 'x', { table: String(i) }),
  );
  const one = (): unknown => scope.gauge('one', 'x', () => 1);
  assert.throws(one, refused(new RegExp(`${PLUGIN_VALUES_MAX} values at most`)));
  assert.equal(scope.values().length, PLUGIN_VALUES_MAX);
  counters[0]?.remove();
  one();
  assert.equal(scope.values().length, PLUGIN_VALUES_MAX - 1);
});

test('R8.12 all metrics of a task go when it is closed, and nothing can be registered then', () => {
  const registry = new PluginMetricsRegistry(TASK, WINDOW, () => 0);
  const ofTask = registry.of();
  const ofKey = registry.of({ converter: 'key' });
  const rows = ofTask.counter('rows', 'x');
  ofKey.gauge('schemas', 'x', () => 2);
  assert.deepEqual(
    registry.values().map(({ name, tags }) => [name, tags]),
    [
      ['rows-total', TASK],
      ['rows-rate', TASK],
      ['schemas', { ...TASK, converter: 'key' }],
    ],
  );
  registry.close();
  assert.deepEqual(registry.values(), []);
  rows.add();
  rows.remove();
  assert.throws(
    () => ofKey.counter('late', 'x'),
    (error) => error instanceof IllegalWorkerStateError && /converter 'key'/.test(error.message),
  );
});
