import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paintFor, paintState } from './paint.ts';
import { tableText } from './table.ts';

test('columns are as wide as their widest cell, colours not counted', () => {
  const paint = paintFor({ isTTY: true }, {});
  const text = tableText([
    ['NAME', 'STATE', 'X'],
    ['a', paint.good('RUNNING'), '1'],
    ['long-name', 'FAILED'],
  ]);
  assert.deepEqual(text.split('\n'), [
    'NAME       STATE    X',
    'a          \u001b[32mRUNNING\u001b[0m  1',
    'long-name  FAILED',
    '',
  ]);
  assert.equal(tableText([]), '');
});

test('colour only on a terminal, and not for those who ask for none', () => {
  assert.equal(paintFor({}, {}).bad('x'), 'x');
  assert.equal(paintFor({ isTTY: true }, { NO_COLOR: '1' }).bad('x'), 'x');
  assert.equal(paintState(paintFor({ isTTY: true }, {}), 'FAILED'), '\u001b[31mFAILED\u001b[0m');
});
