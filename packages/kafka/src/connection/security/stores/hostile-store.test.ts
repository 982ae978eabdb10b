import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DerValue } from './der.ts';
import { readStore } from './read-store.ts';
import { StoreError } from './store-error.ts';

/** An empty JKS store without integrity, and the beginning of a PKCS12 one: what damage begins from. */
const JKS = Buffer.from(`feedfeed000000020000000100000002000161${'00'.repeat(80)}`, 'hex');
const PKCS12 = Buffer.from(
  '3080020103308006092a864886f70d010701a0800480040230000000000000000000',
  'hex',
);

const passwords = { store: null, key: 'x' };

/** Reads it, or refuses it by name; nothing else is allowed. */
function readOrRefuse(bytes: Buffer): void {
  try {
    readStore(bytes, passwords);
  } catch (error) {
    assert.ok(error instanceof StoreError, String(error));
  }
}

describe('a store that is none', () => {
  test('is refused by name, whatever it holds', () => {
    const starts = fc.constantFrom(Buffer.alloc(0), JKS.subarray(0, 12), PKCS12.subarray(0, 20));
    const noise = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(starts, noise, (start, rest) => readOrRefuse(Buffer.concat([start, rest]))),
      { numRuns: 2000 },
    );
  });

  test('is refused by name when one byte of a good one is another', () => {
    const changes = fc.tuple(fc.constantFrom(JKS, PKCS12), fc.nat(), fc.nat(255));
    fc.assert(
      fc.property(changes, ([good, at, byte]) => {
        const bad = Buffer.from(good);
        bad[at % bad.length] = byte;
        readOrRefuse(bad);
      }),
      { numRuns: 2000 },
    );
  });

  test('may nest as deep as it likes without harm', () => {
    const deep = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i % 2 === 0 ? 0x30 : 0x80)));
    assert.throws(() => DerValue.parse(deep), StoreError);
    assert.throws(() => readStore(deep, passwords), StoreError);
  });
});
