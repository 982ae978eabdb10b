import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conformanceDocument, judge, namedRows } from './document.ts';
import { differs, inPart, later, rowsOf } from './row.ts';
import { mergeRecords, type TestEntry } from './test-record.ts';

function aTest(title: string, more: Partial<TestEntry> = {}): TestEntry {
  return { file: 'a.test.ts', title, state: 'passed', assertions: 1, ...more };
}

const rows = rowsOf('worker', {
  'R1.01': 'whole',
  'R1.02': inPart('half', 'the other half waits'),
  'R1.03': differs('otherwise', 'on purpose'),
  'R1.04': later('distributed', 'for many'),
});
const stateOf = (id: string, tests: readonly TestEntry[]): string | undefined =>
  rows.filter((row) => row.id === id).map((row) => judge(row, tests).state)[0];

test('a row is proven by a test that names it, asserted something and passed', () => {
  assert.equal(stateOf('R1.01', [aTest('R1.01 does it')]), 'proven');
  assert.equal(stateOf('R1.01', [aTest('does it (R1.01)')]), 'proven');
  assert.equal(stateOf('R1.01', [aTest('R1.01 all of it > one case')]), 'proven');
  assert.equal(stateOf('R1.01', [aTest('R1.011 and R11.01 and R1.01a')]), 'not proven');
  assert.equal(stateOf('R1.01', [aTest('R1.01 nothing', { assertions: 0 })]), 'not proven');
  assert.equal(stateOf('R1.01', [aTest('R1.01 not run', { state: 'skipped' })]), 'not proven');
});

test('one failed test takes the proof away', () => {
  const tests = [aTest('R1.01 good'), aTest('R1.01 bad', { state: 'failed' })];
  assert.equal(stateOf('R1.01', tests), 'not proven');
  const text = conformanceDocument('#', [{ title: 'R1', rows }], tests);
  assert.match(text, /\| R1\.01 \| whole \| `a\.test\.ts` \| \*\*a test fails\*\* \|/);
});

test('rows that wait, differ or are done in part say so, with or without tests', () => {
  const named = rows.map(({ id }) => aTest(id));
  assert.deepEqual(
    rows.map(({ id }) => [stateOf(id, []), stateOf(id, named)]),
    [
      ['not proven', 'proven'],
      ['not proven', 'in part'],
      ['differs', 'differs'],
      ['waits', 'in part'],
    ],
  );
});

test('the document counts each state and cites files with their number of tests', () => {
  const tests = [aTest('R1.01 a'), aTest('R1.01 b'), aTest('R1.02 c', { file: 'c.test.ts' })];
  const text = conformanceDocument('# Head', [{ title: 'R1 One', rows }], tests);
  assert.match(text, /^# Head\n/);
  assert.match(text, /\| R1 One \| 4 \| 1 \| 1 \| 1 \| 1 \| 0 \|\n\| All \| 4 \|/);
  assert.match(text, /\| R1\.01 \| whole \| `a\.test\.ts` \(2\) \| proven \|/);
  assert.match(text, /`c\.test\.ts` \| in part: the other half waits \|/);
  assert.match(text, /\| differs: on purpose \|\n.*\| waits for distributed mode \|\n$/);
});

test('a run of some files replaces what the record says of these, and drops files that are gone', () => {
  const older = [aTest('old'), aTest('kept', { file: 'b.test.ts' }), aTest('x', { file: 'gone' })];
  const merged = mergeRecords(older, [aTest('new')], (file) => file !== 'gone');
  assert.deepEqual(
    merged.map(({ title }) => title),
    ['new', 'kept'],
  );
});

test('ids are found wherever a text names them', () => {
  assert.deepEqual([...namedRows('R1.20a, R10.02 (R2.5) xR3.01')], ['R1.20a', 'R10.02']);
});
