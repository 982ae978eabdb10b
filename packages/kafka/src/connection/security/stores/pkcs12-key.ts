import { hash } from 'node:crypto';
import { StoreError } from './store-error.ts';

/** What a derived key is for (RFC 7292, appendix B.3). */
export const PKCS12_PURPOSE = { KEY: 1, IV: 2, MAC: 3 } as const;
type Purpose = (typeof PKCS12_PURPOSE)[keyof typeof PKCS12_PURPOSE];

/** A hash, and the bytes of its blocks. */
export interface Digest {
  readonly name: string;
  readonly bytes: number;
  readonly blockBytes: number;
}

export const SHA1: Digest = { name: 'sha1', bytes: 20, blockBytes: 64 };

/** Java refuses stores with more, too: it is seconds of work. */
const ITERATIONS_MAX = 5_000_000;

export function checkIterations(iterations: number): number {
  if (iterations >= 1 && iterations <= ITERATIONS_MAX) return iterations;
  throw new StoreError(
    `it asks for ${iterations} iterations, but 1 to ${ITERATIONS_MAX} are accepted`,
  );
}

/** Derives a key from a password as PKCS12 does (RFC 7292, appendix B.2). */
export function pkcs12Key(
  digest: Digest,
  purpose: Purpose,
  secret: {
    readonly password: string;
    readonly salt: Buffer;
    readonly iterations: number;
  },
  bytes: number,
): Buffer {
  const { blockBytes } = digest;
  const diversifier = Buffer.alloc(blockBytes, purpose);
  const salt = filled(secret.salt, blockBytes);
  const password = filled(bmpString(secret.password), blockBytes);
  const input = Buffer.concat([salt, password]);
  const key: Buffer[] = [];
  checkIterations(secret.iterations);
  for (let length = 0; length < bytes; length += digest.bytes) {
    let block: Buffer = hash(digest.name, Buffer.concat([diversifier, input]), 'buffer');
    for (let i = 1; i < secret.iterations; i++) block = hash(digest.name, block, 'buffer');
    key.push(block);
    addToBlocks(input, filled(block, blockBytes).subarray(0, blockBytes), blockBytes);
  }
  return Buffer.concat(key).subarray(0, bytes);
}

/** `part` again and again, up to a multiple of the block size. */
function filled(part: Buffer, blockBytes: number): Buffer {
  if (part.length === 0) return part;
  return Buffer.alloc(Math.ceil(part.length / blockBytes) * blockBytes, part);
}

/** Every block of `input`, taken as a number, plus `addend` plus one. */
function addToBlocks(input: Buffer, addend: Buffer, blockBytes: number): void {
  for (let start = 0; start < input.length; start += blockBytes) {
    let carry = 1;
    for (let i = blockBytes - 1; i >= 0; i--) {
      const sum = (input[start + i] ?? 0) + (addend[i] ?? 0) + carry;
      input[start + i] = sum & 0xff;
      carry = sum >>> 8;
    }
  }
}

/** UTF-16, high byte first, and a zero behind. */
function bmpString(password: string): Buffer {
  return Buffer.from(`${password}\0`, 'utf16le').swap16();
}
