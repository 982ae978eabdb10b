import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameAssembler } from './frame-assembler.ts';

const framed = (body: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
};

test('frames come out whole however the bytes are cut', () => {
  const bodies = fc.array(fc.uint8Array({ minLength: 4, maxLength: 60 }), { maxLength: 8 });
  fc.assert(
    fc.property(bodies, fc.array(fc.integer({ min: 1, max: 40 })), (list, cuts) => {
      const got: string[] = [];
      const assembler = new FrameAssembler(1000, (frame) => got.push(frame.toString('hex')));
      const stream = Buffer.concat(list.map(framed));
      let at = 0;
      for (const cut of [...cuts, stream.length]) {
        assembler.push(stream.subarray(at, at + cut));
        at += cut;
      }
      assert.deepEqual(
        got,
        list.map((body) => Buffer.from(body).toString('hex')),
      );
    }),
  );
});

test('a frame of several megabytes is one buffer', () => {
  const body = Buffer.alloc(5_000_001, 7);
  const got: Buffer[] = [];
  const assembler = new FrameAssembler(10_000_000, (frame) => got.push(frame));
  const stream = framed(body);
  for (let at = 0; at < stream.length; at += 65_536)
    assembler.push(stream.subarray(at, at + 65_536));
  assert.equal(got.length, 1);
  assert.ok(got[0]?.equals(body));
});

test('a frame that arrives may be kept while the piece it came in is overwritten', () => {
  const got: Buffer[] = [];
  const assembler = new FrameAssembler(100, (frame) => got.push(frame));
  const piece = framed(Buffer.from('abcdef'));
  assembler.push(piece);
  piece.fill(0);
  assert.equal(got[0]?.toString(), 'abcdef');
});

test('impossible lengths are refused, with a hint where the bytes tell what they are', () => {
  const push = (text: Buffer) => () => new FrameAssembler(1 << 28, () => undefined).push(text);
  assert.throws(push(Buffer.from('HTTP/1.1 400 Bad Request')), /web server/);
  assert.throws(push(Buffer.from('15030300020228', 'hex')), /expects TLS/);
  assert.throws(push(Buffer.from('ffffffff', 'hex')), { code: 'INVALID_RESPONSE' });
  assert.throws(push(Buffer.from('00000003', 'hex')), { code: 'INVALID_RESPONSE' });
});

test('a length that claims much does not allocate it', () => {
  const before = process.memoryUsage().arrayBuffers;
  const assembler = new FrameAssembler(0x7fff_ffff, () => undefined);
  assembler.push(Buffer.from('7ffffff0', 'hex'));
  assembler.push(Buffer.alloc(100));
  assert.ok(process.memoryUsage().arrayBuffers - before < 8_000_000);
});
