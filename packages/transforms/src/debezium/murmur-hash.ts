/**
 * The Murmur3 variant that Debezium's `partition.hash.function=murmur` uses: two 64-bit lanes with
 * multipliers that change at every block, and a last block whose bytes are signed.
 */

const MASK = (1n << 64n) - 1n;
const SEED = 9001n;
const BLOCK_BYTES = 16;

interface Lanes {
  h1: bigint;
  h2: bigint;
  c1: bigint;
  c2: bigint;
}

/** The hash of a text's UTF-8 bytes: 32 bits, signed. */
export function murmurText(text: string): number {
  // A half surrogate pair is hashed as a question mark.
  return murmurBytes(Buffer.from(text.replaceAll(/\p{Surrogate}/gu, '?'), 'utf8'));
}

/** The hash of an int's four bytes, the lowest first. */
export function murmurInt(value: number): number {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return murmurBytes(bytes);
}

/** The hash of bytes: 32 bits, signed. */
export function murmurBytes(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lanes: Lanes = {
    h1: 0x9368e53c2f6af274n ^ SEED,
    h2: 0x586dcd208f7cd3fdn ^ SEED,
    c1: 0x87c37b91114253d5n,
    c2: 0x4cf5ad432745937fn,
  };
  const whole = bytes.length - (bytes.length % BLOCK_BYTES);
  for (let at = 0; at < whole; at += BLOCK_BYTES) {
    mix(lanes, view.getBigUint64(at, true), view.getBigUint64(at + 8, true));
  }
  if (bytes.length > whole) {
    mix(lanes, signedTail(view, whole, 0), signedTail(view, whole, 8));
  }
  return finish(lanes, bytes.length);
}

/** Up to eight bytes of the last block, each with its sign spread upwards, one over the other. */
function signedTail(view: DataView, start: number, from: number): bigint {
  let lane = 0n;
  for (let i = 0; i < 8 && start + from + i < view.byteLength; i++) {
    lane ^= BigInt(view.getInt8(start + from + i)) << BigInt(8 * i);
  }
  return lane & MASK;
}

function mix(lanes: Lanes, block1: bigint, block2: bigint): void {
  lanes.h1 ^= times(rotated(times(block1, lanes.c1), 23n), lanes.c2);
  lanes.h1 = (lanes.h1 + lanes.h2) & MASK;
  lanes.h2 = rotated(lanes.h2, 41n);
  lanes.h2 ^= times(rotated(times(block2, lanes.c2), 23n), lanes.c1);
  lanes.h2 = (lanes.h2 + lanes.h1) & MASK;
  lanes.h1 = (lanes.h1 * 3n + 0x52dce729n) & MASK;
  lanes.h2 = (lanes.h2 * 3n + 0x38495ab5n) & MASK;
  lanes.c1 = (lanes.c1 * 5n + 0x7b7d159cn) & MASK;
  lanes.c2 = (lanes.c2 * 5n + 0x6bce6396n) & MASK;
}

function finish(lanes: Lanes, length: number): number {
  const h2 = lanes.h2 ^ BigInt(length);
  const first = (lanes.h1 + h2) & MASK;
  const second = (h2 + first) & MASK;
  const hash = (avalanche(first) + avalanche(second)) & MASK;
  return Number(BigInt.asIntN(32, hash >> 32n));
}

function avalanche(value: bigint): bigint {
  let mixed = times(value ^ (value >> 33n), 0xff51afd7ed558ccdn);
  mixed = times(mixed ^ (mixed >> 33n), 0xc4ceb9fe1a85ec53n);
  return mixed ^ (mixed >> 33n);
}

function times(a: bigint, b: bigint): bigint {
  return (a * b) & MASK;
}

function rotated(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (64n - by))) & MASK;
}
