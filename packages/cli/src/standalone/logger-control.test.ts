import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Loggers } from '@sluice/runtime';
import { loggerControl } from './logger-control.ts';

function setUp(): {
  readonly control: ReturnType<typeof loggerControl>;
  readonly spread: readonly string[];
} {
  const loggers = new Loggers({ output: { write: () => undefined } });
  loggers.get('a.b');
  loggers.get('a.c');
  loggers.get('d');
  const spread: string[] = [];
  const control = loggerControl(loggers, (name, level) => spread.push(`${name}=${level}`));
  return { control, spread };
}

test('every logger is listed, root with them, unchanged at first', () => {
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
