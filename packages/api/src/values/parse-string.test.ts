import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Decimal } from '../data/decimal.ts';
import { convertToString } from './convert-to-string.ts';
import { parseString } from './parse-string.ts';

test('an extreme exponent is not expanded', () => {
  const { value } = parseString('1e+100000000');
  assert.ok(value instanceof Decimal && value.scale === -100_000_000);
  assert.equal(convertToString(null, value), '1E+100000000');
  assert.equal(parseString('0e100000000').value, 0);
});

test('hostile text is a string, in no time', () => {
  for (const text of [
    '['.repeat(100_000),
    '{'.repeat(100_000),
    '[{"a":'.repeat(20_000),
    '"'.repeat(100_001),
  ]) {
    assert.equal(parseString(text).value, text);
  }
  const long = 'x'.repeat(10_000_000);
  assert.equal(parseString(long).value, long);
  assert.deepEqual(parseString(`["${long}"]`).value, [long]);
});

test('names that mean something to JavaScript are keys of a map', () => {
  const { value } = parseString('{"__proto__":{"x":1},"constructor":2}');
  assert.ok(value instanceof Map);
  assert.deepEqual([...value.keys()], ['__proto__', 'constructor']);
  assert.equal(Reflect.get({}, 'x'), undefined);
});

test('any text is parsed to something that prints', () => {
  const pieces = fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    ':',
    ',',
    '"',
    '\\',
    '1',
    '-',
    '.',
    'e',
    'true',
    'null',
    ' ',
    'T',
    'Z',
    'é',
    '😀',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces).map((each) => each.join('')),
      ),
      (text) => {
        const { schema, value } = parseString(text);
        const printed = convertToString(schema, value);
        assert.ok(value === null ? printed === null : typeof printed === 'string');
      },
    ),
    { numRuns: 2000 },
  );
});

test('integers of 64 bits, booleans and lists of text survive being printed and parsed', () => {
  const word = fc.stringMatching(/^[a-z ]{1,8}$/).filter((text) => text.trim() !== '');
  const value = fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((each) => {
      return Number.isSafeInteger(Number(each)) ? Number(each) : each;
    }),
    fc.boolean(),
    fc.array(word, { minLength: 1 }),
  );
  fc.assert(
    fc.property(value, (each) => {
      assert.deepEqual(parseString(convertToString(null, each)).value, each);
    }),
  );
});
