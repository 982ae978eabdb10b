import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { INT64_MAX } from './int64.ts';
import { ProtocolError, type ProtocolErrorCode } from './protocol-error.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

function written(write: (writer: Writer) => void, capacity?: number): Buffer {
  const writer = new Writer(capacity);
  write(writer);
  return writer.toBuffer();
}

function refuses(write: (writer: Writer) => void, code: ProtocolErrorCode): void {
  const isRefusal = (error: unknown): boolean =>
    error instanceof ProtocolError && error.code === code && error.offset === null;
  assert.throws(() => written(write), isRefusal);
}

/** Writes random values, starting from buffers that are too small, and reads them back. */
function roundTrip<T>(
  values: fc.Arbitrary<T>,
  write: (writer: Writer, value: T) => void,
  read: (reader: Reader) => T,
): void {
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 8 }), (value, capacity) => {
      const reader = new Reader(written((writer) => write(writer, value), capacity));
      assert.deepEqual(read(reader), value);
      reader.expectEnd();
    }),
  );
}

describe('Writer', () => {
  test('numbers that it writes, the Reader reads', () => {
    const int32 = fc.integer();
    const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
    const int64 = fc.oneof(fc.maxSafeInteger(), fc.constant(INT64_MAX));
    roundTrip(
      int32,
      (w, v) => w.int32(v),
      (r) => r.int32(),
    );
    roundTrip(
      uint32,
      (w, v) => w.uint32(v),
      (r) => r.uint32(),
    );
    roundTrip(
      int64,
      (w, v) => w.int64(v),
      (r) => r.int64(),
    );
    roundTrip(
      fc.double(),
      (w, v) => w.float64(v),
      (r) => r.float64(),
    );
    roundTrip(
      int32,
      (w, v) => w.varint(v),
      (r) => r.varint(),
    );
    roundTrip(
      uint32,
      (w, v) => w.unsignedVarint(v),
      (r) => r.unsignedVarint(),
    );
    roundTrip(
      fc.maxSafeInteger(),
      (w, v) => w.varlong(v),
      (r) => r.varlong(),
    );
  });

  test('strings that it writes, the Reader reads', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 200 });
    const orNull = fc.option(text);
    roundTrip(
      text,
      (w, v) => w.string(v),
      (r) => r.string(),
    );
    roundTrip(
      text,
      (w, v) => w.compactString(v),
      (r) => r.compactString(),
    );
    roundTrip(
      orNull,
      (w, v) => w.nullableString(v),
      (r) => r.nullableString(),
    );
    roundTrip(
      orNull,
      (w, v) => w.compactNullableString(v),
      (r) => r.compactNullableString(),
    );
  });

  test('varlongs at the ends of the safe range have the bytes of zigzag', () => {
    const hex = (value: number): string => written((w) => w.varlong(value)).toString('hex');
    assert.equal(hex(Number.MAX_SAFE_INTEGER), 'feffffffffffff1f');
    assert.equal(hex(Number.MIN_SAFE_INTEGER), 'fdffffffffffff1f');
    assert.equal(hex(-1), '01');
    assert.equal(hex(2 ** 27), '8080808001');
    assert.equal(hex(2 ** 27 - 1), 'feffff7f');
  });

  test('refuses values that do not fit, rather than cutting them', () => {
    refuses((w) => w.int8(128), 'ValueOutOfRange');
    refuses((w) => w.int16(-32769), 'ValueOutOfRange');
    refuses((w) => w.uint16(65536), 'ValueOutOfRange');
    refuses((w) => w.int32(2 ** 31), 'ValueOutOfRange');
    refuses((w) => w.int32(1.5), 'ValueOutOfRange');
    refuses((w) => w.uint32(-1), 'ValueOutOfRange');
    refuses((w) => w.unsignedVarint(2 ** 32), 'ValueOutOfRange');
    refuses((w) => w.varint(2 ** 31), 'ValueOutOfRange');
    refuses((w) => w.int64(2 ** 53), 'UnsafeInteger');
    refuses((w) => w.int64(-Infinity), 'UnsafeInteger');
    refuses((w) => w.int64(NaN), 'UnsafeInteger');
    refuses((w) => w.varlong(0.5), 'UnsafeInteger');
    refuses((w) => w.uuid('too short'), 'ValueOutOfRange');
    refuses((w) => w.uuid('!!!!!!!!!!!!!!!!!!!!!!'), 'ValueOutOfRange');
    refuses((w) => w.string('x'.repeat(32768)), 'ValueOutOfRange');
    refuses((w) => w.compactString('ö'.repeat(16384)), 'ValueOutOfRange');
  });

  test('keeps large record sets by reference and small ones in its own buffer', () => {
    const large = Buffer.alloc(5000, 1);
    const small = Buffer.alloc(10, 2);
    const writer = new Writer();
    writer.int8(9);
    writer.records(large);
    writer.compactRecords(small);
    writer.records(null);
    writer.compactRecords(large);
    const chunks = writer.chunks();
    assert.equal(chunks[1], large);
    assert.equal(chunks.at(-1), large);
    assert.equal(chunks.length, 4);
    assert.equal(writer.length, 1 + 4 + 5000 + 1 + 10 + 4 + 2 + 5000);
    assert.deepEqual(Buffer.concat(chunks), writer.toBuffer());
    const reader = new Reader(writer.toBuffer());
    assert.equal(reader.int8(), 9);
    assert.deepEqual(reader.bytes(), large);
    assert.deepEqual(reader.compactBytes(), small);
    assert.equal(reader.nullableBytes(), null);
    assert.deepEqual(reader.compactBytes(), large);
    reader.expectEnd();
  });

  test('takes record sets that are a Uint8Array without copying', () => {
    const records = new Uint8Array(4096).subarray(1, 3000);
    const writer = new Writer();
    writer.records(records);
    const chunk = writer.chunks()[1];
    assert.equal(chunk?.buffer, records.buffer);
    assert.equal(chunk?.byteOffset, 1);
  });

  test('lengths count what is kept by reference', () => {
    const writer = new Writer();
    const mark = writer.startLength();
    writer.records(Buffer.alloc(3000));
    writer.int16(1);
    writer.endLength(mark);
    assert.equal(new Reader(writer.toBuffer()).int32(), 3006);
  });

  test('tagged fields of every size get the size that they have', () => {
    for (const size of [0, 1, 127, 128, 300, 20_000, 2_200_000]) {
      const content = Buffer.alloc(size, 7);
      const bytes = written((writer) => {
        const mark = writer.startTag(300);
        writer.raw(content);
        writer.endTag(mark);
        writer.int8(5);
      });
      const reader = new Reader(bytes);
      assert.equal(reader.unsignedVarint(), 300);
      const end = reader.startTag();
      assert.deepEqual(reader.slice(size), content);
      reader.endTag(end);
      assert.equal(reader.int8(), 5);
      reader.expectEnd();
    }
  });

  test('tagged fields may hold tagged fields', () => {
    const bytes = written((writer) => {
      const outer = writer.startTag(0);
      const inner = writer.startTag(1);
      writer.raw(Buffer.alloc(200, 3));
      writer.endTag(inner);
      writer.endTag(outer);
    });
    const reader = new Reader(bytes);
    assert.equal(reader.unsignedVarint(), 0);
    assert.equal(reader.startTag(), bytes.length);
    assert.equal(reader.unsignedVarint(), 1);
    assert.equal(reader.startTag(), bytes.length);
  });
});
