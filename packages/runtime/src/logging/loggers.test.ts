import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectError, DataError } from '@sluice/api';
import { jsonLayout } from './connect-layout.ts';
import { Loggers, type LoggersOptions } from './loggers.ts';
import { renderTrace } from './render-trace.ts';

function fixture(options: LoggersOptions = {}) {
  const lines: string[] = [];
  const clock = (): number => new Date(2026, 10, 21, 9, 5, 7, 42).getTime();
  const output = { write: (line: string) => void lines.push(line) };
  return { lines, loggers: new Loggers({ output, clock, ...options }) };
}

test("R9.05 a line has Java Connect's layout, connector.context included", () => {
  const { lines, loggers } = fixture();
  loggers.get('org.example.Orders', '[orders|task-0] ').info('Read 3 lines', { file: 'a b', n: 3 });
  assert.deepEqual(lines, [
    '[2026-11-21 09:05:07,042] INFO [orders|task-0] Read 3 lines file=a b n=3 (org.example.Orders)\n',
  ]);
});

test('an error follows its line as a Java trace, with its causes', () => {
  const { lines, loggers } = fixture();
  const error = new ConnectError('cannot write', { cause: new DataError('no field x') });
  loggers.get('a').error('It failed', { error });
  const [line] = lines;
  assert.match(line ?? '', /^\[.*\] ERROR It failed \(a\)\norg\.apache\.kafka\.connect\.errors\./);
  assert.match(line ?? '', /ConnectException: cannot write\n\tat .*loggers\.test/);
  assert.match(
    line ?? '',
    /\nCaused by: org\.apache\.kafka\.connect\.errors\.DataException: no field x/,
  );
});

test('JSON lines are one object each', () => {
  const { lines, loggers } = fixture({ layout: jsonLayout });
  loggers.get('a', '[c|worker] ').warn('two\nlines', { error: new Error('x') });
  const parsed: unknown = JSON.parse(lines[0] ?? '');
  assert.ok(typeof parsed === 'object' && parsed !== null);
  assert.equal(lines.length, 1);
  assert.deepEqual(Object.keys(parsed), [
    'timestamp',
    'level',
    'logger',
    'context',
    'message',
    'trace',
  ]);
});

test('a logger takes its level from the nearest ancestor that has one', () => {
  const { lines, loggers } = fixture();
  const child = loggers.get('org.apache.kafka');
  child.debug('unseen');
  assert.deepEqual(loggers.setLevel('org.apache', 'DEBUG'), ['org.apache', 'org.apache.kafka']);
  child.debug('seen');
  loggers.get('org.apache.later').debug('seen too');
  loggers.get('org.apachecamel').debug('another name');
  assert.equal(lines.length, 2);
  assert.equal(loggers.level('org.apache.later'), 'DEBUG');
});

test('setting the root changes every logger, and the list tells when', () => {
  const { lines, loggers } = fixture();
  const one = loggers.get('one');
  loggers.setLevel('one', 'TRACE');
  loggers.setLevel('root', 'ERROR');
  one.warn('unseen');
  assert.deepEqual(lines, []);
  assert.deepEqual(
    loggers.list().map(({ name, level, lastModifiedMs }) => [name, level, lastModifiedMs !== null]),
    [
      ['one', 'ERROR', true],
      ['root', 'ERROR', true],
    ],
  );
});

test('R1.69 a level that a logger has already changes nothing, and is no modification', () => {
  let now = 100;
  const { loggers } = fixture({ clock: () => now });
  loggers.get('a.b');
  loggers.get('a.c');
  loggers.get('ab');
  assert.deepEqual(loggers.setLevel('a.b', 'DEBUG'), ['a.b']);
  now = 200;
  assert.deepEqual(loggers.setLevel('a', 'DEBUG'), ['a', 'a.c']);
  now = 300;
  assert.deepEqual(loggers.setLevel('a', 'DEBUG'), []);
  const modified = loggers.list().map((each) => [each.name, each.level, each.lastModifiedMs]);
  assert.deepEqual(modified, [
    ['a', 'DEBUG', 200],
    ['a.b', 'DEBUG', 100],
    ['a.c', 'DEBUG', 200],
    ['ab', 'INFO', null],
    ['root', 'INFO', null],
  ]);
});

test('R1.69 loggers with a level of their own are found by the plain beginning of their name', () => {
  const { loggers } = fixture();
  loggers.setLevel('org.foobar', 'TRACE');
  loggers.get('org.fool');
  assert.deepEqual(loggers.setLevel('org.foo', 'ERROR'), ['org.foo', 'org.foobar']);
  assert.equal(loggers.level('org.fool'), 'INFO');
});

test('another thread starts with the same levels', () => {
  const first = fixture();
  first.loggers.setLevel('a.b', 'TRACE');
  const second = fixture({ levels: first.loggers.levels() });
  second.loggers.get('a.b.c').trace('seen');
  assert.equal(second.lines.length, 1);
});

test('fields that JSON cannot hold do not break a line', () => {
  const { lines, loggers } = fixture();
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  loggers.get('a').info('odd', { circle, big: 5n });
  assert.match(lines[0] ?? '', /INFO odd circle=\[object Object\] big=5 \(a\)\n$/);
});

test('a trace of anything thrown says what it was', () => {
  assert.match(renderTrace('just text'), /^java\.lang\.RuntimeException: just text$/);
  const endless = new Error('round');
  endless.cause = endless;
  assert.equal(renderTrace(endless).split('Caused by').length, 20);
});
