import { badPacking } from './compression.ts';

const HASH_BITS = 14;
const MATCH_MIN_BYTES = 4;
const OFFSET_MAX = 0xffff;
/**
 * The format's rule: a block ends in at least five literals, and no match begins in its last twelve
 * bytes.
 */
const LAST_LITERALS = 5;
const MATCH_START_LIMIT = 12;
/** A length of this in a token's half means that more bytes of it follow. */
const LENGTH_MORE = 15;

/**
 * Unpacks a block into `out` from `start` on (what is before may be referred to); returns where it
 * ended.
 */
export function uncompressLz4Block(bytes: Buffer, out: Buffer, start: number): number {
  let at = 0;
  let written = start;
  while (at < bytes.length) {
    const token = bytes[at++] ?? 0;
    let literals = token >>> 4;
    if (literals === LENGTH_MORE) {
      const more = readLength(bytes, at);
      literals += more.value;
      at = more.end;
    }
    if (literals > bytes.length - at || literals > out.length - written) throw outOfStep();
    bytes.copy(out, written, at, at + literals);
    at += literals;
    written += literals;
    if (at === bytes.length) return written;
    if (at + 2 > bytes.length) throw outOfStep();
    const offset = bytes.readUInt16LE(at);
    at += 2;
    let length = (token & 0xf) + MATCH_MIN_BYTES;
    if (length === LENGTH_MORE + MATCH_MIN_BYTES) {
      const more = readLength(bytes, at);
      length += more.value;
      at = more.end;
    }
    if (offset === 0 || offset > written || length > out.length - written) throw outOfStep();
    // Byte by byte: a match may overlap what it writes.
    for (const end = written + length; written < end; written++) {
      out[written] = out[written - offset] ?? 0;
    }
  }
  throw outOfStep();
}

/** Packs one block of at most 64 KiB. */
export function compressLz4Block(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(16 + bytes.length + Math.ceil(bytes.length / 255));
  const table = new Int32Array(1 << HASH_BITS).fill(-1);
  let written = 0;
  let literalStart = 0;
  let at = 0;
  const last = bytes.length - MATCH_START_LIMIT;
  while (at < last) {
    const word = bytes.readInt32LE(at);
    const slot = Math.imul(word, 0x9e37_79b1) >>> (32 - HASH_BITS);
    const candidate = table[slot] ?? -1;
    table[slot] = at;
    const isMatch =
      candidate >= 0 && at - candidate <= OFFSET_MAX && bytes.readInt32LE(candidate) === word;
    if (!isMatch) {
      at++;
      continue;
    }
    const length = matchLength(bytes, candidate, at);
    const literals = bytes.subarray(literalStart, at);
    written = writeSequence(out, written, literals, { offset: at - candidate, length });
    at += length;
    literalStart = at;
  }
  return out.subarray(0, writeSequence(out, written, bytes.subarray(literalStart), null));
}

interface Match {
  readonly offset: number;
  readonly length: number;
}

function matchLength(bytes: Buffer, candidate: number, at: number): number {
  const limit = bytes.length - LAST_LITERALS;
  let length = MATCH_MIN_BYTES;
  while (at + length < limit && bytes[candidate + length] === bytes[at + length]) length++;
  return length;
}

function writeSequence(out: Buffer, start: number, literals: Buffer, match: Match | null): number {
  const matchRest = match === null ? 0 : match.length - MATCH_MIN_BYTES;
  out[start] = (Math.min(literals.length, LENGTH_MORE) << 4) | Math.min(matchRest, LENGTH_MORE);
  let at = writeLength(out, start + 1, literals.length);
  out.set(literals, at);
  at += literals.length;
  if (match === null) return at;
  at = out.writeUInt16LE(match.offset, at);
  return writeLength(out, at, matchRest);
}

function writeLength(out: Buffer, start: number, length: number): number {
  if (length < LENGTH_MORE) return start;
  let at = start;
  let rest = length - LENGTH_MORE;
  for (; rest >= 255; rest -= 255) out[at++] = 255;
  out[at++] = rest;
  return at;
}

function readLength(
  bytes: Buffer,
  start: number,
): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    value += byte;
    if (byte !== 255) return { value, end: at + 1 };
  }
  throw outOfStep();
}

function outOfStep(): Error {
  return badPacking('lz4', 'a sequence reaches beyond the block');
}
