import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  ConfigError,
  type ConverterPlugin,
  DataError,
  FLOAT64_SCHEMA,
  newStruct,
  SchemaBuilder,
  STRING_SCHEMA,
  valueEquals,
} from '@sluice/api';
import { booleanConverter } from './boolean-converter.ts';
import { byteArrayConverter } from './byte-array-converter.ts';
import { charsetOf } from './charset.ts';
import { doubleConverter } from './double-converter.ts';
import { floatConverter } from './float-converter.ts';
import { integerConverter } from './integer-converter.ts';
import { longConverter } from './long-converter.ts';
import { shortConverter } from './short-converter.ts';
import { SimpleHeaderConverter } from './simple-header-converter.ts';
import { stringConverter, stringHeaderConverter } from './string-converter.ts';

const int64 = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));

const ROUND_TRIPS: readonly (readonly [ConverterPlugin, fc.Arbitrary<unknown>])[] = [
  [byteArrayConverter, fc.uint8Array()],
  [booleanConverter, fc.boolean()],
  [shortConverter, fc.integer({ min: -32768, max: 32767 })],
  [integerConverter, fc.integer()],
  [longConverter, int64],
  [floatConverter, fc.float()],
  [doubleConverter, fc.double()],
  [stringConverter, fc.string({ unit: 'grapheme' })],
];

for (const [plugin, values] of ROUND_TRIPS) {
  test(`${plugin.className} gives back what it was given, null included`, () => {
    const converter = plugin.create();
    converter.configure({}, false);
    fc.assert(
      fc.property(fc.option(values), (value) => {
        const bytes = converter.fromConnectData('t', null, value, []);
        assert.ok(valueEquals(converter.toConnectData('t', bytes, []).value, value));
      }),
    );
  });

  test(`${plugin.className} reads any bytes, or refuses them with a DataError`, () => {
    const converter = plugin.create();
    converter.configure({}, true);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 10 }), (bytes) => {
        try {
          converter.toConnectData('t', bytes, []);
        } catch (error) {
          assert.ok(error instanceof DataError);
        }
      }),
    );
  });
}

test('numbers that do not fit are refused, never cut', () => {
  const cases: readonly (readonly [ConverterPlugin, unknown])[] = [
    [shortConverter, 32768],
    [integerConverter, 1.5],
    [integerConverter, 2 ** 31],
    [longConverter, 2n ** 63n],
    [longConverter, 2 ** 53],
    [longConverter, '5'],
    [doubleConverter, 5n],
    [booleanConverter, 1],
    [byteArrayConverter, 'x'],
  ];
  for (const [plugin, value] of cases) {
    const write = (): unknown => plugin.create().fromConnectData('t', null, value, []);
    assert.throws(write, DataError, plugin.className);
  }
});

test('a struct becomes the text that Java prints', () => {
  const schema = SchemaBuilder.struct()
    .field('a', STRING_SCHEMA)
    .field('b', FLOAT64_SCHEMA)
    .build();
  const converter = stringConverter.create();
  converter.configure({}, false);
  const bytes = converter.fromConnectData('t', schema, newStruct(schema, { a: 'x', b: 1 }), []);
  assert.equal(String(bytes), 'Struct{a=x,b=1.0}');
});

test('half a surrogate pair and bottomless nesting are refused', () => {
  const converter = stringConverter.create();
  converter.configure({}, false);
  const headers = new SimpleHeaderConverter();
  let nested: unknown = 'x';
  for (let i = 0; i < 100_000; i++) nested = [nested];
  for (const value of ['\ud83d', ['\ude00'], nested]) {
    assert.throws(() => converter.fromConnectData('t', null, value, []), DataError);
    assert.throws(() => headers.fromConnectHeader('t', 'k', null, value), DataError);
  }
  const deep = Buffer.from('['.repeat(100_000));
  assert.equal(headers.toConnectHeader('t', 'k', deep).value, String(deep));
});

test('character sets go by their Java names; an unknown one is a config error', () => {
  assert.deepEqual([...charsetOf('ISO-8859-1').encode('é€')], [0xe9, 0x3f]);
  assert.deepEqual([...charsetOf('UTF-16').encode('a')], [0xfe, 0xff, 0, 0x61]);
  assert.deepEqual([...charsetOf('windows-1252').encode('€')], [0x80]);
  assert.equal(charsetOf('utf8').decode(Buffer.from('é')), 'é');
  for (const name of ['nonsense', 'Shift_JIS']) assert.throws(() => charsetOf(name), ConfigError);
});

test('a converter of headers reads and writes as the converter does', () => {
  const converter = stringHeaderConverter.create();
  converter.configure({});
  const bytes = converter.fromConnectHeader('t', 'k', STRING_SCHEMA, 'x');
  assert.equal(converter.toConnectHeader('t', 'k', bytes).value, 'x');
});

test('a simple header is read back as what it looks like', () => {
  const converter = new SimpleHeaderConverter();
  const bytes = converter.fromConnectHeader('t', 'k', STRING_SCHEMA, '123');
  assert.equal(converter.toConnectHeader('t', 'k', bytes).schema?.type, 'INT8');
  assert.deepEqual(converter.toConnectHeader('t', 'k', null), { schema: null, value: null });
});

test('StringConverter writes a text in pieces as a whole one, and refuses half a pair in both', () => {
  const converter = stringConverter.create();
  converter.configure({}, false);
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom('\ud800', '\udbff', '\udc00', '\ud83d\ude00', 'x'.repeat(30), 'é'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
      // A sum: held in pieces, where a joined text is not.
      let sum = '';
      for (const each of pieces) sum += each;
      const whole = pieces.join('');
      if (whole.isWellFormed()) {
        assert.deepEqual(converter.fromConnectData('t', null, sum, []), Buffer.from(whole));
        assert.equal(converter.encodeText?.('t', null, sum, []), whole);
      } else {
        assert.throws(() => converter.fromConnectData('t', null, sum, []), DataError);
        assert.throws(() => converter.encodeText?.('t', null, sum, []), DataError);
      }
    }),
    { numRuns: 50 },
  );
});
