/** Values that break careless code, through every converter, there and back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BYTES_SCHEMA,
  type Converter,
  type ConverterPlugin,
  DataError,
  FLOAT32_SCHEMA,
  FLOAT64_SCHEMA,
  getOwn,
  INT32_SCHEMA,
  INT64_SCHEMA,
  INT8_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  type Schema,
  SchemaBuilder,
  setOwn,
  STRING_SCHEMA,
  TIMESTAMP_SCHEMA,
  valueEquals,
} from '@sluice/api';
import { jsonConverter } from './json-converter.ts';
import { plugins } from './plugins.ts';

const PLAIN = { 'schemas.enable': 'false' };

function jsonOf(props: Readonly<Record<string, string>>): Converter {
  const converter = jsonConverter.create();
  converter.configure(props, false);
  return converter;
}

function nested(depth: number): unknown {
  let value: unknown = 'x';
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

const HOSTILE: readonly (readonly [string, Schema, unknown])[] = [
  ['ten million characters', STRING_SCHEMA, 'x1'.repeat(5_000_000)],
  ['ten million wide characters', STRING_SCHEMA, 'é'.repeat(10_000_000)],
  ['a byte order mark', STRING_SCHEMA, '\ufeff{"a":1}'],
  ['zero bytes and line ends', STRING_SCHEMA, '\0\r\n\u2028\u2029'],
  ['what looks like an envelope', STRING_SCHEMA, '"},"payload":1}'],
  ['NaN', FLOAT64_SCHEMA, Number.NaN],
  ['infinity', FLOAT64_SCHEMA, Number.POSITIVE_INFINITY],
  ['minus infinity', FLOAT32_SCHEMA, Number.NEGATIVE_INFINITY],
  ['the smallest double', FLOAT64_SCHEMA, Number.MIN_VALUE],
  ['the largest double', FLOAT64_SCHEMA, Number.MAX_VALUE],
  ['the largest long', INT64_SCHEMA, 2n ** 63n - 1n],
  ['the smallest long', INT64_SCHEMA, -(2n ** 63n)],
  ['beyond what a double counts', INT64_SCHEMA, 2n ** 53n + 1n],
  ['before 1970', TIMESTAMP_SCHEMA, new Date(-1)],
  ['the year 1', TIMESTAMP_SCHEMA, new Date('0001-01-01T00:00:00Z')],
  ['after 9999', TIMESTAMP_SCHEMA, new Date('+012345-01-01T00:00:00Z')],
  ['the last date', TIMESTAMP_SCHEMA, new Date(8_640_000_000_000_000)],
  ['all bytes', BYTES_SCHEMA, Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
];

for (const [what, schema, value] of HOSTILE) {
  test(`${what}: JSON gives it back, alone and in a struct`, () => {
    const row = SchemaBuilder.struct().field('__proto__', schema).field('b', schema).build();
    const struct = {};
    setOwn(struct, '__proto__', value);
    setOwn(struct, 'b', value);
    for (const [type, given] of [
      [schema, value],
      [row, struct],
    ] as const) {
      const envelope = jsonOf({});
      const back = envelope.toConnectData('t', envelope.fromConnectData('t', type, given, []), []);
      assert.ok(valueEquals(back.value, given));
    }
  });
}

test('every converter writes hostile values, or refuses them with a DataError', async () => {
  const more: readonly unknown[] = [
    '\ud83d',
    '\ude00 and more',
    -0,
    nested(1000),
    nested(100_000),
    [undefined],
    new Map<unknown, unknown>([[null, Number.NaN]]),
    Symbol('x'),
    () => 1,
  ];
  for (const place of plugins) {
    const plugin = await place.load();
    if (plugin.type !== 'converter') continue;
    const all = HOSTILE.map(([, schema, value]) => [schema, value] as const);
    for (const value of more) all.push([STRING_SCHEMA, value]);
    for (const [schema, value] of all) {
      for (const given of [schema, null]) checkWrite(plugin, given, value);
    }
  }
});

function checkWrite(plugin: ConverterPlugin, schema: Schema | null, value: unknown): void {
  const converter = plugin.create();
  converter.configure({}, false);
  try {
    const bytes = converter.fromConnectData('t', schema, value, []);
    converter.toConnectData('t', bytes, []);
  } catch (error) {
    const isClear = error instanceof DataError && !/call stack/.test(String(error));
    assert.ok(isClear, `${plugin.className}: ${String(error).slice(0, 200)}`);
  }
}

test('half a surrogate pair goes through JSON whole, as an escape', () => {
  for (const text of ['a\ud83d', '\ude00b']) {
    const converter = jsonOf(PLAIN);
    const bytes = converter.fromConnectData('t', STRING_SCHEMA, text, []);
    assert.match(String(bytes), /\\u(D83D|DE00)/);
    assert.equal(converter.toConnectData('t', bytes, []).value, text);
  }
});

test('1,000 levels of nesting come back, 1,001 are refused', () => {
  const converter = jsonOf(PLAIN);
  const bytes = converter.fromConnectData('t', null, nested(1000), []);
  assert.deepEqual(converter.toConnectData('t', bytes, []).value, nested(1000));
  assert.throws(() => converter.fromConnectData('t', null, nested(1001), []), DataError);
  const deep = Buffer.from(`${'['.repeat(1001)}${']'.repeat(1001)}`);
  assert.throws(() => converter.toConnectData('t', deep, []), DataError);
});

test('of members of one name the last counts, in envelopes as well', () => {
  const read = (props: Readonly<Record<string, string>>, text: string): unknown =>
    jsonOf(props).toConnectData('t', Buffer.from(text), []).value;
  assert.deepEqual(read(PLAIN, '{"a":1,"b":2,"a":3}'), { a: 3, b: 2 });
  const schema = '{"type":"struct","fields":[{"type":"int64","field":"a"}]}';
  assert.deepEqual(read({}, `{"schema":${schema},"payload":{"a":1,"a":2}}`), { a: 2 });
  assert.equal(read({}, '{"schema":{"type":"int64"},"payload":1,"payload":2}'), 2);
});

test('members of the prototype are members like any other, and nothing else gets them', () => {
  const text = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
  const value = jsonOf(PLAIN).toConnectData('t', Buffer.from(text), []).value;
  assert.ok(typeof value === 'object' && value !== null);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.deepEqual(getOwn(value, '__proto__'), { polluted: true });
  assert.equal(Reflect.get({}, 'polluted'), undefined);
  assert.equal(String(jsonOf(PLAIN).fromConnectData('t', null, value, [])), text);
});

test('an integer that does not fit its field is refused, not written and read as another', () => {
  const schema = SchemaBuilder.struct().field('a', INT8_SCHEMA).field('b', INT32_SCHEMA).build();
  const converter = jsonOf(PLAIN);
  for (const value of [
    { a: 128, b: 0 },
    { a: 0, b: 2 ** 31 },
    { a: 0, b: 5n },
    { a: 0.5, b: 0 },
  ]) {
    assert.throws(() => converter.fromConnectData('t', schema, value, []), DataError);
  }
  assert.throws(() => converter.fromConnectData('t', INT8_SCHEMA, -129, []), DataError);
});

test('an unknown member is refused even where as many are missing', () => {
  const schema = SchemaBuilder.struct()
    .field('a', OPTIONAL_STRING_SCHEMA)
    .field('1', OPTIONAL_STRING_SCHEMA)
    .build();
  for (const value of [{ b: 'x' }, { a: 'x', c: 'y' }]) {
    assert.throws(() => jsonOf({}).fromConnectData('t', schema, value, []), {
      message: /is not a valid field name/,
    });
  }
});
