import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Decimal } from '../data/decimal.ts';
import { valueEquals } from '../data/value-equals.ts';
import { recordingLines, type RecordingLine } from '../java-recording/recording-line.ts';
import { doubleOfBits, floatOfBits, taggedValue } from '../java-recording/tagged-value.ts';
import { decimalToDouble, decimalToFloat } from '../values/decimal-to-float.ts';
import { decimalPlainText, decimalText, parseDecimal } from './decimal-text.ts';
import { doubleText, floatText } from './float-text.ts';

const GOLDEN = new URL('../../golden/number-text.jsonl.gz', import.meta.url);
const LINES = recordingLines(gunzipSync(readFileSync(GOLDEN)).toString());

function casesOf(op: string): readonly RecordingLine[] {
  return LINES.filter((line) => line['op'] === op);
}

function decimalOf(line: RecordingLine): Decimal {
  const value = taggedValue(line['value'], null);
  assert.ok(value instanceof Decimal);
  return value;
}

test('doubles print as Java prints them', () => {
  const cases = casesOf('double');
  assert.ok(cases.length > 3000);
  for (const line of cases) {
    const value = Number(taggedValue(line['value'], null));
    assert.equal(doubleText(value), line['text']);
  }
});

test('floats print as Java prints them', () => {
  const cases = casesOf('float');
  assert.ok(cases.length > 3900);
  for (const line of cases) {
    const value = Number(taggedValue(line['value'], null));
    assert.equal(floatText(value), line['text']);
  }
});

test('decimals print as Java prints them, with and without an exponent', () => {
  const cases = casesOf('decimal');
  assert.equal(cases.length, 1500);
  for (const line of cases) {
    assert.equal(decimalText(decimalOf(line)), line['text']);
    assert.equal(decimalPlainText(decimalOf(line)), line['plain']);
  }
});

test('decimals round to doubles and floats as in Java', () => {
  for (const line of casesOf('decimal')) {
    const decimal = decimalOf(line);
    assert.ok(Object.is(decimalToDouble(decimal) + 0, doubleOfBits(String(line['double']))));
    assert.ok(Object.is(decimalToFloat(decimal) + 0, floatOfBits(String(line['float']))));
  }
});

test('texts are decimals exactly where Java takes them for some', () => {
  const cases = casesOf('parse-decimal');
  assert.ok(cases.length > 600);
  for (const line of cases) {
    const expected = taggedValue(line['value'], null);
    assert.ok(valueEquals(parseDecimal(String(line['text'])), expected), String(line['text']));
  }
});
