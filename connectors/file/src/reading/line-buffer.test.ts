import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { LINE_BYTES_MAX, LineBuffer, LineTooLongError } from './line-buffer.ts';

interface Line {
  readonly text: string;
  readonly position: number;
}

function feed(buffer: LineBuffer, bytes: Uint8Array): void {
  const space = buffer.space();
  assert.ok(space.length >= bytes.length, 'the test feeds less than the buffer has room for');
  space.bytes.set(bytes, space.offset);
  buffer.filled(bytes.length);
}

function drain(buffer: LineBuffer): Line[] {
  const lines: Line[] = [];
  for (let text = buffer.next(); text !== null; text = buffer.next()) {
    lines.push({ text, position: buffer.position });
  }
  return lines;
}

/** Every line of `bytes`, by the rule itself: LF, CR LF, or CR with something after it. */
function expectedLines(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length; at++) {
    const isCr = bytes[at] === 0x0d;
    if (!isCr && bytes[at] !== 0x0a) continue;
    if (isCr && at + 1 === bytes.length) break;
    const end = at;
    if (isCr && bytes[at + 1] === 0x0a) at++;
    lines.push({ text: bytes.toString('utf8', from, end), position: at + 1 });
    from = at + 1;
  }
  return lines;
}

describe('LineBuffer', () => {
  it('gives each line with the byte after its end', () => {
    const buffer = new LineBuffer();
    feed(buffer, Buffer.from('one\ntwo\nthr'));
    assert.deepEqual(drain(buffer), [
      { text: 'one', position: 4 },
      { text: 'two', position: 8 },
    ]);
    assert.equal(buffer.readPosition, 11);
    feed(buffer, Buffer.from('ee\n'));
    assert.deepEqual(drain(buffer), [{ text: 'three', position: 14 }]);
    assert.equal(buffer.lineNumber, 3);
  });

  it('holds a carriage return at the end back until it is known what follows', () => {
    const buffer = new LineBuffer();
    feed(buffer, Buffer.from('a\r'));
    assert.equal(buffer.next(), null);
    feed(buffer, Buffer.from('\nb\r'));
    assert.deepEqual(drain(buffer), [{ text: 'a', position: 3 }]);
    feed(buffer, Buffer.from('c\n'));
    assert.deepEqual(drain(buffer), [
      { text: 'b', position: 5 },
      { text: 'c', position: 7 },
    ]);
  });

  it('counts bytes, not characters, in text beyond ASCII', () => {
    const buffer = new LineBuffer(100, 7);
    feed(buffer, Buffer.from('grün\n🚰\nx\n'));
    assert.deepEqual(drain(buffer), [
      { text: 'grün', position: 106 },
      { text: '🚰', position: 111 },
      { text: 'x', position: 113 },
    ]);
    assert.equal(buffer.lineNumber, 10);
  });

  it('cuts any bytes the same way however they arrive', () => {
    const alphabet = fc.constantFrom('\n', '\r', '\r\n', 'a', 'bc', 'ü', '🚰', '');
    const pieces = fc.array(fc.array(alphabet, { maxLength: 6 }).map((parts) => parts.join('')));
    fc.assert(
      fc.property(pieces, (texts) => {
        const chunks = texts.map((text) => Buffer.from(text));
        const buffer = new LineBuffer();
        const lines = chunks.flatMap((chunk) => {
          if (chunk.length === 0) return [];
          feed(buffer, chunk);
          return drain(buffer);
        });
        const all = Buffer.concat(chunks);
        assert.deepEqual(lines, expectedLines(all));
        assert.equal(buffer.readPosition, all.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('cuts UTF-8 characters that are split between two reads', () => {
    const all = Buffer.from('äöü🚰\nß\r\n');
    for (let cut = 1; cut < all.length; cut++) {
      const buffer = new LineBuffer();
      feed(buffer, all.subarray(0, cut));
      const first = drain(buffer);
      feed(buffer, all.subarray(cut));
      assert.deepEqual([...first, ...drain(buffer)], expectedLines(all), `cut at ${cut}`);
    }
  });

  it('grows for a long line, and gives the memory back', () => {
    const buffer = new LineBuffer();
    const long = 'x'.repeat(3_000_000);
    const bytes = Buffer.from(`${long}\n`);
    for (let at = 0; at < bytes.length; ) {
      const { length } = buffer.space();
      feed(buffer, bytes.subarray(at, at + length));
      at += length;
    }
    assert.equal(buffer.next(), long);
    assert.equal(buffer.next(), null);
    assert.ok(buffer.space().length < 1_000_000);
  });

  it('refuses a line without an end before it eats the memory', () => {
    const buffer = new LineBuffer();
    const read = (): void => {
      for (let total = 0; total <= LINE_BYTES_MAX; ) {
        const space = buffer.space();
        space.bytes.fill(0x78, space.offset);
        buffer.filled(space.length);
        total += space.length;
      }
    };
    assert.throws(read, LineTooLongError);
  });
});
