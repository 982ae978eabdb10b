import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameError, FrameSplitter } from './frame-splitter.ts';

function framed(body: Uint8Array): Buffer {
  const frame = Buffer.alloc(4 + body.length);
  frame.writeInt32BE(body.length, 0);
  frame.set(body, 4);
  return frame;
}

test('however the bytes arrive, the frames are the same', () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 });
  fc.assert(
    fc.property(
      bodies,
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
      (list, cuts) => {
        const stream = Buffer.concat(list.map(framed));
        const splitter = new FrameSplitter(100);
        const frames: Buffer[] = [];
        let at = 0;
        for (let i = 0; at < stream.length; i++) {
          const end = at + (cuts[i % cuts.length] ?? 1);
          frames.push(...splitter.push(Buffer.from(stream.subarray(at, end))));
          at = end;
        }
        assert.deepEqual(
          frames,
          list.map((body) => Buffer.from(body)),
        );
      },
    ),
  );
});

test('a length that can not be is refused by its first four bytes', () => {
  const cases: readonly (readonly [Buffer, RegExp])[] = [
    [Buffer.from([0, 0, 0, 101]), /claims a length of 101 bytes; socket.request.max.bytes is 100/],
    [Buffer.from([0xff, 0xff, 0xff, 0xff]), /length of -1 bytes/],
    [Buffer.from('GET / HTTP/1.1'), /HTTP request.*Kafka protocol/],
    [Buffer.from([0x16, 3, 1, 0]), /TLS handshake.*PLAINTEXT/],
  ];
  for (const [bytes, message] of cases) {
    const splitter = new FrameSplitter(100);
    assert.throws(
      () => splitter.push(bytes),
      (error: unknown) => error instanceof FrameError && message.test(error.message),
    );
  }
});
