import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Loggers } from '@sluice/runtime';
import { loggerControl } from './logger-control.ts';

function setUp(clock?: () => number): {
  readonly control: ReturnType<typeof loggerControl>;
  readonly spread: readonly string[];
} {
  const output = { write: (): void => undefined };
  const loggers = new Loggers({ output, ...(clock === undefined ? {} : { clock }) });
  loggers.get('a.b');
  loggers.get('a.c');
  loggers.get('d');
  const spread: string[] = [];
  const control = loggerControl(loggers, (name, level) => spread.push(`${name}=${level}`));
  return { control, spread };
}

test('R1.67 every logger is listed, root with them, unchanged at first', () => {
  const { control } = setUp();
  assert.deepEqual([...control.loggers().keys()], ['a.b', 'a.c', 'd', 'root']);
  assert.deepEqual(control.logger('root'), { level: 'INFO', last_modified: null });
  assert.equal(control.logger('nope'), null);
});

test('R1.70 a level goes to the loggers below, to all threads, and only changes are told', () => {
  const { control, spread } = setUp();
  assert.deepEqual(control.setLevel('a', 'DEBUG'), ['a', 'a.b', 'a.c']);
  assert.equal(control.logger('a.b')?.level, 'DEBUG');
  assert.equal(control.logger('d')?.level, 'INFO');
  assert.ok(control.logger('a.b')?.last_modified !== null);
  assert.deepEqual(control.setLevel('a', 'DEBUG'), []);
  assert.deepEqual(spread, ['a=DEBUG', 'a=DEBUG']);
});

test('A16 a worker that has just started has more than root, and no time at any of them', () => {
  const { control } = setUp();
  const all = [...control.loggers()];
  assert.ok(all.length >= 3);
  assert.ok(all.every(([, level]) => level.last_modified === null));
  assert.deepEqual(new Map(all), control.loggers(), 'the list does not grow by being read');
});

test('A20 setting the root sets the level and the time of every logger, once', () => {
  let now = 1_000;
  const { control } = setUp(() => now);
  assert.deepEqual(control.setLevel('a.b', 'DEBUG'), ['a.b']);
  now = 2_000;
  assert.deepEqual(control.setLevel('ROOT', 'DEBUG'), ['a.c', 'd', 'root']);
  now = 3_000;
  assert.deepEqual(control.setLevel('root', 'debug'), []);
  const times = [...control.loggers()].map(([name, { level, last_modified: time }]) => [
    name,
    level,
    time,
  ]);
  assert.deepEqual(times, [
    ['a.b', 'DEBUG', 1_000],
    ['a.c', 'DEBUG', 2_000],
    ['d', 'DEBUG', 2_000],
    ['root', 'DEBUG', 2_000],
  ]);
});

test('R1.70 a logger that is OFF is not listed, but answers when it is asked for', () => {
  const { control } = setUp();
  assert.deepEqual(control.setLevel('d', 'OFF'), ['d']);
  assert.deepEqual([...control.loggers().keys()], ['a.b', 'a.c', 'root']);
  assert.equal(control.logger('d')?.level, 'OFF');
});
