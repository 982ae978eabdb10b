import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataError, Float32, Float64 } from '@sluice/api';
import fc from 'fast-check';
import {
  canonicalText,
  offsetJson,
  offsetKeyJson,
  parseOffsetJson,
  parseOffsetKey,
} from './offset-json.ts';

test('a key is the connector and the partition, without blanks', () => {
  const partition = offsetJson({ filename: '/tmp/é "x"' });
  assert.equal(offsetKeyJson('a"b', partition), '["a\\"b",{"filename":"/tmp/é \\"x\\""}]');
});

test('values keep the types that Java would write', () => {
  const offset = {
    position: 42,
    lsn: 2n ** 63n - 1n,
    ratio: 0.5,
    whole: new Float64(1),
    single: new Float32(0.1),
    done: true,
    none: null,
    raw: Uint8Array.of(1, 2, 3),
  };
  assert.equal(
    offsetJson(offset),
    '{"position":42,"lsn":9223372036854775807,"ratio":0.5,"whole":1.0,"single":0.1,' +
      '"done":true,"none":null,"raw":"AQID"}',
  );
});

test('control characters are written as Jackson does, with capital hex digits', () => {
  assert.equal(offsetJson({ a: '\u001f\n\\u001f' }), '{"a":"\\u001F\\n\\\\u001f"}');
});

test('what is no primitive is refused, naming the field (as Java does)', () => {
  assert.throws(() => offsetJson({ inner: {} }), /primitive types.*field inner contains an object/);
  assert.throws(() => offsetJson({ inner: [] }), /field inner contains an array/);
  assert.throws(() => offsetJson({ bad: Number.NaN }), /field bad is NaN/);
});

test('reading keeps 64 bit integers and whole floats apart', () => {
  const read = parseOffsetJson('{"lsn":9223372036854775807,"whole":1.0,"position":42,"x":-0.0}');
  assert.equal(read?.['lsn'], 9223372036854775807n);
  assert.ok(read?.['whole'] instanceof Float64);
  assert.equal(read?.['position'], 42);
  assert.equal(offsetJson(read), '{"lsn":9223372036854775807,"whole":1.0,"position":42,"x":-0.0}');
});

test('null is an offset, other JSON is not', () => {
  assert.equal(parseOffsetJson('null'), null);
  assert.throws(() => parseOffsetJson('[1]'), DataError);
  assert.throws(() => parseOffsetJson('{"a":'), DataError);
});

test('keys of other forms are told apart from ours', () => {
  assert.deepEqual(parseOffsetKey('["c",{"a":1}]'), { connector: 'c', partition: { a: 1 } });
  assert.deepEqual(parseOffsetKey('["c",null]'), { connector: 'c', partition: null });
  for (const other of ['{}', '["c"]', '[1,{}]', '["c",[]]', 'nonsense', '["c",{},1]']) {
    assert.equal(parseOffsetKey(other), null, other);
  }
});

test('equal maps have one canonical text, whatever the order of their keys', () => {
  assert.equal(canonicalText({ b: 1, a: 2 }), canonicalText({ a: 2, b: 1 }));
  assert.notEqual(canonicalText({ a: 1 }), canonicalText({ a: new Float64(1) }));
});

test('whatever is written is read back as it was', () => {
  const value = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((each) => !Number.isInteger(each)),
  );
  const keys = fc.string().filter((key) => key !== '__proto__');
  fc.assert(
    fc.property(fc.dictionary(keys, value), (map) => {
      assert.deepEqual({ ...parseOffsetJson(offsetJson(map)) }, { ...map });
    }),
  );
});
