import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Float32, Float64, float64 } from '../data/boxed-float.ts';
import { Decimal } from '../data/decimal.ts';
import { valueEquals } from '../data/value-equals.ts';
import { DataError } from '../errors/data-error.ts';
import { parseJson } from './parse-json.ts';
import { quoteJson } from './quote-json.ts';
import { stringifyJson } from './stringify-json.ts';

test('numbers keep what their text says', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['1', 1],
    ['-0', 0],
    ['1.0', new Float64(1)],
    ['-0.0', new Float64(0)],
    ['1.5', 1.5],
    ['1e3', new Float64(1000)],
    ['1E+400', Number.POSITIVE_INFINITY],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9223372036854775808', -9223372036854775808n],
    ['123456789012345678901234567890', 123456789012345678901234567890n],
    ['0.99999999999999999999', new Float64(1)],
    ['1.00000000000000000001', new Float64(1)],
    ['3522671967212191.780', new Float64(3522671967212192)],
    ['1000000000000000.01', new Float64(1000000000000000)],
    ['00012', 12],
    ['1e21', 1e21],
  ];
  for (const [text, value] of cases) {
    for (const [json, expected] of [
      [text, value],
      [`[${text}]`, [value]],
      [`{"a":${text} }`, { a: value }],
      [`{"e":"0.0, 1e5","a":[1,${text}]}`, { e: '0.0, 1e5', a: [1, value] }],
    ] as const) {
      assert.ok(valueEquals(parseJson(json), expected), json);
    }
  }
});

test('text that looks like numbers stays text', () => {
  const text = '{"a":"1.0","b":"2024-01-01T00:00:00.000Z","c":"3e4f-0","d":", 1.0,"}';
  assert.deepEqual(parseJson(text), {
    a: '1.0',
    b: '2024-01-01T00:00:00.000Z',
    c: '3e4f-0',
    d: ', 1.0,',
  });
});

test('names that mean something to JavaScript become members and nothing else', () => {
  for (const number of ['1', '1.0']) {
    const parsed = parseJson(`{"__proto__":{"x":${number}},"constructor":${number}}`);
    assert.ok(typeof parsed === 'object' && parsed !== null);
    assert.equal(Object.getPrototypeOf(parsed), Object.prototype);
    assert.deepEqual(Object.keys(parsed), ['__proto__', 'constructor']);
    assert.equal(Reflect.get({}, 'x'), undefined);
  }
});

test('of two members of one name the last counts, in the place of the first', () => {
  assert.equal(stringifyJson(parseJson('{"a":1,"b":2,"a":3.0}')), '{"a":3.0,"b":2}');
});

/** Whether an error knows the place, apart from its words. */
function hasOffset(error: unknown): boolean {
  return error instanceof DataError && Number.isInteger(error.context['offset']);
}

test('malformed text is an error that says where', () => {
  const malformed = [
    '',
    '{',
    '[1,]',
    '{"a":1,}',
    '{a:1}',
    "'x'",
    'nul',
    '+1',
    '.5',
    '5.',
    '1e',
    '"abc',
    '"\t"',
    '"\\x41"',
    '[1] x',
    '{"a" 1}',
    'NaN',
    '\u00a01',
    '[1}',
    '"\\ud8"',
  ];
  for (const text of malformed) {
    assert.throws(() => parseJson(text), DataError, text);
    assert.throws(() => parseJson(text), /at [0-9]+/, text);
    assert.throws(() => parseJson(text), hasOffset, text);
  }
});

test('the place in the context is that of what is wrong', () => {
  for (const [text, offset] of [
    ['{"a":1,}', 7],
    ['[1] x', 4],
    ['['.repeat(1001), 1000],
    [`[1,${'1'.repeat(1001)}]`, 3],
  ] as const) {
    const isThere = (error: unknown): boolean =>
      error instanceof DataError && error.context['offset'] === offset;
    assert.throws(() => parseJson(text), isThere, text.slice(0, 20));
  }
});

test('a byte order mark is passed over', () => {
  assert.deepEqual(parseJson('\ufeff{"a":1}'), { a: 1 });
});

test('1,000 levels of nesting are read and written, more are an error', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  assert.equal(stringifyJson(parseJson(nested(1000))), nested(1000));
  for (const depth of [1001, 100_000]) {
    assert.throws(() => parseJson(nested(depth)), DataError);
    assert.throws(() => parseJson(`{"a":1.0,"b":${nested(depth)}}`), DataError);
    let value: unknown = null;
    for (let i = 0; i < depth; i++) value = [value];
    assert.throws(() => stringifyJson(value), DataError);
  }
});

test('strings of ten megabytes are read and written', () => {
  const long = 'x\n'.repeat(5_000_000);
  assert.equal(parseJson(JSON.stringify(long)), long);
  assert.deepEqual(parseJson(`[1.0,${JSON.stringify(long)}]`), [new Float64(1), long]);
  assert.equal(stringifyJson(long), JSON.stringify(long));
});

test('what has no place in schemaless JSON is an error', () => {
  for (const value of [new Date(0), new Decimal(1n, 0), () => 1, Symbol('x')]) {
    assert.throws(() => stringifyJson(value), DataError);
    assert.throws(() => stringifyJson({ a: [value] }), DataError);
  }
});

test('boxes, bytes and maps are written as Java writes them', () => {
  assert.equal(stringifyJson(new Float64(1)), '1.0');
  assert.equal(stringifyJson([new Float32(0.1), Number.NaN, -0, 1e21]), '[0.1,"NaN",-0.0,1.0E21]');
  assert.equal(stringifyJson(Buffer.from('AB')), '"QUI="');
  assert.equal(stringifyJson(new Map<unknown, unknown>([['a', 1]])), '{"a":1}');
  assert.equal(stringifyJson(new Map<unknown, unknown>([[1, 'a']])), '[[1,"a"]]');
  assert.equal(stringifyJson({ a: undefined, b: 2n ** 60n }), '{"a":null,"b":1152921504606846976}');
  assert.equal(JSON.stringify([new Float64(1e10), new Float32(Number.NaN)]), '[1.0E10,"NaN"]');
});

test('escapes are those of Java: capitals, pairs of surrogates, halves of pairs', () => {
  assert.equal(quoteJson('\u001f"\\\n'), '"\\u001F\\"\\\\\\n"');
  assert.equal(quoteJson('😀é'), '"\\uD83D\\uDE00é"');
  assert.equal(quoteJson('\ud83d'), '"\\uD83D"');
  assert.equal(quoteJson('\\u001f'), '"\\\\u001f"');
});

/** Schemaless data in canonical form. */
const schemaless = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    fc.maxSafeInteger().map((value) => value + 0),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => float64(value + 0)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor')),
      tie('value'),
      {
        maxKeys: 4,
        noNullPrototype: true,
      },
    ),
  ),
}));

test('schemaless data survives a round trip', () => {
  fc.assert(
    fc.property(schemaless.value, (value) => {
      assert.ok(valueEquals(parseJson(stringifyJson(value)), value), stringifyJson(value));
    }),
    { numRuns: 500 },
  );
});
