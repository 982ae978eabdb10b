import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions } from './plugin-version.ts';
import { VersionRange } from './version-range.ts';

/** Of some versions, those that a range includes. */
function inside(range: string): readonly string[] {
  const parsed = VersionRange.parse(range);
  return ['0.9', '1.0', '1.5', '2.0-beta', '2.0', '2.1'].filter(
    (version) => parsed?.includes(version) ?? true,
  );
}

test('R6.04 a version alone means exactly that one, however it is written', () => {
  assert.deepEqual(inside('1.5'), ['1.5']);
  assert.deepEqual(inside('[1]'), ['1.0']);
  assert.deepEqual(inside('3'), []);
});

test('R6.04 intervals are closed or open at each end, or have no end', () => {
  assert.deepEqual(inside('[1.0,2.0)'), ['1.0', '1.5', '2.0-beta']);
  assert.deepEqual(inside('(1.0,2.0]'), ['1.5', '2.0-beta', '2.0']);
  assert.deepEqual(inside('(,1.0]'), ['0.9', '1.0']);
  assert.deepEqual(inside('[2.0,)'), ['2.0', '2.1']);
  assert.deepEqual(inside(' (,1.0) , [2.1,) '), ['0.9', '2.1']);
});

test('R6.04 nothing and "latest" ask for no version in particular', () => {
  assert.equal(VersionRange.parse(null), null);
  assert.equal(VersionRange.parse(' Latest '), null);
});

test('what is no range is refused', () => {
  for (const text of ['[1.0', '(1.0)', '[]', '[2,1]', '[1,2]x', '[1,2,3]'])
    assert.throws(() => VersionRange.parse(text), /is no version and no range/, text);
});

test('a range prints as Maven prints it', () => {
  const texts = ['1', '[1,2)', '(,1],[2,)', '', 'x['];
  const printed = texts.map((text) => String(VersionRange.parse(text)));
  assert.deepEqual(printed, ['[1,1]', '[1,2)', '(,1],[2,)', '[,]', '[x[,x[]']);
});

test('R6.04 versions are ordered as Maven orders them', () => {
  const ordered = [
    'undefined',
    '1-alpha2',
    '1-alpha10',
    '1-beta',
    '1-m1',
    '1-rc1',
    '1-SNAPSHOT',
    '1',
    '1-sp',
    '1-xyz',
    '1.0.1',
    '1.2',
    '1.10',
  ];
  const shuffled = [...ordered].sort();
  assert.deepEqual(shuffled.sort(compareVersions), ordered);
  assert.equal(compareVersions('1', '1.0.0-ga'), 0);
  assert.equal(compareVersions('1.0-CR1', '1-rc-1'), 0);
});
