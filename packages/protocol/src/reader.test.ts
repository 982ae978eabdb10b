import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { INT64_MAX } from './int64.ts';
import { ProtocolError, type ProtocolErrorCode } from './protocol-error.ts';
import { Reader } from './reader.ts';

function reader(hex: string): Reader {
  return new Reader(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

function refuses(read: () => unknown, code: ProtocolErrorCode, offset: number): void {
  assert.throws(read, (error: unknown) => {
    assert.ok(error instanceof ProtocolError, String(error));
    assert.deepEqual([error.code, error.offset], [code, offset], error.message);
    return true;
  });
}

describe('Reader', () => {
  test('reads fixed-size numbers in network order', () => {
    const input = reader('80 8000 ffff 80000000 ffffffff 01 00 3ff8000000000000');
    assert.equal(input.int8(), -128);
    assert.equal(input.int16(), -32768);
    assert.equal(input.uint16(), 65535);
    assert.equal(input.int32(), -2147483648);
    assert.equal(input.uint32(), 4294967295);
    assert.equal(input.boolean(), true);
    assert.equal(input.boolean(), false);
    assert.equal(input.float64(), 1.5);
    input.expectEnd();
  });

  test('reads 64-bit integers up to the ends of the safe range', () => {
    assert.equal(reader('ffffffffffffffff').int64(), -1);
    assert.equal(reader('001fffffffffffff').int64(), Number.MAX_SAFE_INTEGER);
    assert.equal(reader('ffe0000000000001').int64(), Number.MIN_SAFE_INTEGER);
    assert.equal(reader('0000000100000000').int64(), 2 ** 32);
  });

  test('refuses 64-bit integers that a number would round, except Long.MAX_VALUE', () => {
    assert.equal(reader('7fffffffffffffff').int64(), INT64_MAX);
    refuses(() => reader('0020000000000000').int64(), 'UnsafeInteger', 0);
    refuses(() => reader('ffe0000000000000').int64(), 'UnsafeInteger', 0);
    refuses(() => reader('7ffffffffffffffe').int64(), 'UnsafeInteger', 0);
    refuses(() => reader('8000000000000000').int64(), 'UnsafeInteger', 0);
  });

  test('reads varints of every length', () => {
    assert.equal(reader('00').unsignedVarint(), 0);
    assert.equal(reader('ac02').unsignedVarint(), 300);
    assert.equal(reader('ffffffff0f').unsignedVarint(), 4294967295);
    assert.equal(reader('01').varint(), -1);
    assert.equal(reader('feffffff0f').varint(), 2147483647);
    assert.equal(reader('ffffffff0f').varint(), -2147483648);
  });

  test('reads varlongs up to the ends of the safe range', () => {
    assert.equal(reader('01').varlong(), -1);
    assert.equal(reader('feffffffffffff1f').varlong(), Number.MAX_SAFE_INTEGER);
    assert.equal(reader('fdffffffffffff1f').varlong(), Number.MIN_SAFE_INTEGER);
    assert.equal(reader('feffffffffffffffff01').varlong(), INT64_MAX);
    refuses(() => reader('ffffffffffffff1f').varlong(), 'UnsafeInteger', 0);
    refuses(() => reader('80808080808080 20').varlong(), 'UnsafeInteger', 0);
  });

  test('refuses varints with more bytes than their type can have', () => {
    refuses(() => reader('ffffffff1f').unsignedVarint(), 'MalformedVarint', 4);
    refuses(() => reader('808080808000').unsignedVarint(), 'MalformedVarint', 4);
    refuses(() => reader('8080808080808080808001').varlong(), 'MalformedVarint', 9);
    refuses(() => reader('80').unsignedVarint(), 'Truncated', 1);
  });

  test('refuses a varlong of more than 64 bits', () => {
    refuses(() => reader('ffffffffffffffffff02').varlong(), 'MalformedVarint', 9);
  });

  test('reads strings with plain and compact lengths', () => {
    assert.equal(reader('0003 c3b6 61').string(), 'öa');
    assert.equal(reader('ffff').nullableString(), null);
    assert.equal(reader('04 c3b6 61').compactString(), 'öa');
    assert.equal(reader('00').compactNullableString(), null);
    assert.equal(reader('01').compactNullableString(), '');
  });

  test('reads uuids as base64url text', () => {
    assert.equal(reader('00'.repeat(16)).uuid(), 'AAAAAAAAAAAAAAAAAAAAAA');
    assert.equal(reader('ff'.repeat(16)).uuid(), '_____________________w');
  });

  test('gives bytes as views into the input', () => {
    const input = Buffer.from('00000002abcd', 'hex');
    const bytes = new Reader(input).bytes();
    assert.equal(bytes.buffer, input.buffer);
    assert.equal(bytes.toString('hex'), 'abcd');
    assert.equal(reader('ffffffff').nullableBytes(), null);
    assert.equal(reader('03abcd').compactBytes().toString('hex'), 'abcd');
    assert.equal(reader('00').compactNullableBytes(), null);
  });

  test('reads a Uint8Array that is a part of a larger one', () => {
    const whole = Uint8Array.of(9, 9, 0, 1, 0x61, 9);
    assert.equal(new Reader(whole.subarray(2, 5)).string(), 'a');
    assert.equal(new Reader(whole, 2, 5).string(), 'a');
    refuses(() => new Reader(whole, 2, 4).string(), 'LengthOutOfRange', 4);
  });

  test('refuses null where the value may not be null', () => {
    refuses(() => reader('ffff').string(), 'UnexpectedNull', 0);
    refuses(() => reader('00').compactString(), 'UnexpectedNull', 0);
    refuses(() => reader('ffffffff').bytes(), 'UnexpectedNull', 0);
    refuses(() => reader('ffffffff').arrayLength(), 'UnexpectedNull', 0);
    refuses(() => reader('00').compactArrayLength(), 'UnexpectedNull', 0);
  });

  test('refuses lengths that are negative or beyond the end', () => {
    refuses(() => reader('fffe 61').string(), 'LengthOutOfRange', 2);
    refuses(() => reader('7fff 61').string(), 'LengthOutOfRange', 2);
    refuses(() => reader('80000000 61').bytes(), 'LengthOutOfRange', 4);
    refuses(() => reader('7fffffff 61').nullableArrayLength(), 'LengthOutOfRange', 4);
    refuses(() => reader('ffffffff0f 61').compactArrayLength(), 'LengthOutOfRange', 5);
  });

  test('names what is missing when the input ends early', () => {
    refuses(() => reader('000000').int32(), 'Truncated', 0);
    refuses(() => reader('00'.repeat(7)).int64(), 'Truncated', 0);
    refuses(() => reader('').boolean(), 'Truncated', 0);
  });

  test('skips sections of unknown tagged fields', () => {
    const input = reader('02 05 02 abcd 8801 00 07');
    input.skipTags();
    assert.equal(input.int8(), 7);
  });

  test('notices a tagged field that is not as long as it says', () => {
    const input = reader('02 00000001');
    const end = input.startTag();
    input.int32();
    refuses(() => input.endTag(end), 'TaggedFieldSize', 5);
  });

  test('notices bytes that are left over', () => {
    const input = reader('0001');
    input.int8();
    assert.equal(input.remaining, 1);
    refuses(() => input.expectEnd(), 'TrailingBytes', 1);
  });
});
