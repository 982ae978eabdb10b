import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { makeGzip } from './gzip.ts';
import { makeLz4, plainBlocks as plainLz4 } from './lz4.ts';
import { makeSnappy, plainBlocks as plainSnappy } from './snappy.ts';
import { makeZstd } from './zstd.ts';

const SIZE_MAX = 10_000_000;
const codecs = {
  gzip: makeGzip(),
  zstd: makeZstd(),
  snappy: makeSnappy(),
  'snappy in JavaScript': makeSnappy(plainSnappy),
  lz4: makeLz4(),
  'lz4 in JavaScript': makeLz4(plainLz4),
};

const repetitive = fc
  .array(fc.constantFrom('abc', 'abcabcabd', 'x', '{"name":', '}, '), { maxLength: 4000 })
  .map((parts) => Buffer.from(parts.join('')));
const inputs = fc.oneof(
  repetitive,
  fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
);

describe('compression', () => {
  for (const [name, codec] of Object.entries(codecs)) {
    test(`${name} gives back what it was given`, () => {
      fc.assert(
        fc.property(inputs, (bytes) =>
          codec.decompress(codec.compress(bytes), SIZE_MAX).equals(bytes),
        ),
      );
      const large = Buffer.concat([randomBytes(200_000), Buffer.alloc(300_000, 'ab')]);
      assert.ok(codec.decompress(codec.compress(large), SIZE_MAX).equals(large));
    });

    test(`${name} refuses to unpack more than allowed`, () => {
      const packed = codec.compress(Buffer.alloc(1_000_000));
      assert.throws(() => codec.decompress(packed, 999_999), /more than 999999 bytes/);
    });

    test(`${name} turns damaged input into a named error or other bytes, never a crash`, () => {
      const packed = codec.compress(Buffer.from('damage, damage, damage, damage me'.repeat(20)));
      fc.assert(
        fc.property(
          fc.nat(packed.length - 1),
          fc.nat(255),
          fc.nat(packed.length),
          (at, to, cut) => {
            const damaged = Buffer.from(packed.subarray(0, cut));
            if (at < cut) damaged[at] = to;
            try {
              codec.decompress(damaged, SIZE_MAX);
            } catch (error) {
              assert.ok(error instanceof Error && 'code' in error, String(error));
              assert.equal(error.code, 'CORRUPT_MESSAGE');
            }
          },
        ),
      );
    });
  }

  test('native and plain blocks read each other', () => {
    fc.assert(
      fc.property(inputs, (bytes) => {
        for (const [a, b] of [
          [codecs.snappy, codecs['snappy in JavaScript']],
          [codecs.lz4, codecs['lz4 in JavaScript']],
        ] as const) {
          assert.ok(b.decompress(a.compress(bytes), SIZE_MAX).equals(bytes));
          assert.ok(a.decompress(b.compress(bytes), SIZE_MAX).equals(bytes));
        }
      }),
    );
  });

  test('a raw snappy block, as other clients send it, is read', () => {
    const raw = Buffer.from(plainSnappy.compress(Buffer.from('raw raw raw raw raw')));
    assert.equal(codecs.snappy.decompress(raw, SIZE_MAX).toString(), 'raw raw raw raw raw');
  });

  test('a snappy block that claims 4 GiB is refused before anything is allocated', () => {
    const claims = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0x00]);
    assert.throws(() => codecs.snappy.decompress(claims, SIZE_MAX), /more than/);
  });

  test('an lz4 frame of the reference tool is read, with linked blocks and checksums', () => {
    // printf 'abcabcabc' | lz4 -BD --content-size: flags 0x4c, block size 64 KiB is not its
    // default.
    const text = Buffer.from('abcabcabcabcabcabcabcabc');
    const block = Buffer.from(plainLz4.compress(text));
    const frame = Buffer.concat([
      Buffer.from('04224d18', 'hex'),
      Buffer.from('4040c0', 'hex'),
      Buffer.from([block.length, 0, 0, 0]),
      block,
      Buffer.alloc(4),
    ]);
    assert.equal(codecs.lz4.decompress(frame, SIZE_MAX).toString(), text.toString());
  });
});
