import { badPacking } from './compression.ts';
import { varintSize, writeVarint } from '../varint-bytes.ts';

/**
 * Matches are looked for by a hash of four bytes; a table of 2^14 places suits blocks of 32 KiB.
 */
const HASH_BITS = 14;
const MATCH_MIN_BYTES = 4;
/** What one copy element with a two-byte offset can say. */
const COPY_MAX_BYTES = 64;
const OFFSET_MAX = 0xffff;

/**
 * The size that a raw block claims to have when unpacked. @throws KafkaError when the claim is
 * malformed
 */
export function snappyBlockSize(bytes: Buffer): number {
  return readPreamble(bytes).size;
}

/**
 * Unpacks one raw snappy block. Allocates what the block claims: check {@link snappyBlockSize}
 * before.
 */
export function uncompressSnappyBlock(bytes: Buffer): Buffer {
  const { size, end } = readPreamble(bytes);
  const out = Buffer.allocUnsafe(size);
  let at = end;
  let written = 0;
  while (at < bytes.length) {
    const tag = bytes[at++] ?? 0;
    if ((tag & 3) === 0) {
      const extra = Math.max(0, (tag >>> 2) - 59);
      const length = (extra === 0 ? tag >>> 2 : readLittleEndian(bytes, at, extra)) + 1;
      at += extra;
      if (length > bytes.length - at || length > size - written) throw outOfStep();
      bytes.copy(out, written, at, at + length);
      at += length;
      written += length;
      continue;
    }
    const kind = tag & 3;
    const length = kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
    const offsetBytes = kind === 3 ? 4 : kind;
    const low = readLittleEndian(bytes, at, offsetBytes);
    const offset = kind === 1 ? low | ((tag >>> 5) << 8) : low;
    at += offsetBytes;
    if (offset === 0 || offset > written || length > size - written) throw outOfStep();
    // Byte by byte: a copy may overlap what it writes.
    for (let i = 0; i < length; i++, written++) out[written] = out[written - offset] ?? 0;
  }
  if (written !== size) throw outOfStep();
  return out;
}

/** Packs one raw snappy block of at most 64 KiB. */
export function compressSnappyBlock(bytes: Buffer): Buffer {
  // Literals cost at most 3 bytes per 64 KiB; copies never grow the output.
  const out = Buffer.allocUnsafe(16 + bytes.length + Math.ceil(bytes.length / 6));
  const table = new Int32Array(1 << HASH_BITS).fill(-1);
  let written = writeVarint(out, 0, bytes.length);
  let literalStart = 0;
  let at = 0;
  const last = bytes.length - MATCH_MIN_BYTES;
  while (at <= last) {
    const word = bytes.readInt32LE(at);
    const slot = Math.imul(word, 0x1e35_a7bd) >>> (32 - HASH_BITS);
    const candidate = table[slot] ?? -1;
    table[slot] = at;
    const isMatch =
      candidate >= 0 && at - candidate <= OFFSET_MAX && bytes.readInt32LE(candidate) === word;
    if (!isMatch) {
      at++;
      continue;
    }
    written = writeLiteral(out, written, bytes, literalStart, at);
    const length = matchLength(bytes, candidate, at);
    written = writeCopy(out, written, at - candidate, length);
    at += length;
    literalStart = at;
  }
  written = writeLiteral(out, written, bytes, literalStart, bytes.length);
  return out.subarray(0, written);
}

function matchLength(bytes: Buffer, candidate: number, at: number): number {
  let length = MATCH_MIN_BYTES;
  while (at + length < bytes.length && bytes[candidate + length] === bytes[at + length]) length++;
  return length;
}

function writeLiteral(out: Buffer, at: number, bytes: Buffer, start: number, end: number): number {
  const length = end - start;
  if (length === 0) return at;
  let position = at;
  if (length <= 60) out[position++] = (length - 1) << 2;
  else if (length <= 256) {
    out[position++] = 60 << 2;
    out[position++] = length - 1;
  } else {
    out[position++] = 61 << 2;
    position = out.writeUInt16LE(length - 1, position);
  }
  bytes.copy(out, position, start, end);
  return position + length;
}

function writeCopy(out: Buffer, at: number, offset: number, length: number): number {
  let position = at;
  for (let left = length; left > 0; ) {
    const part = Math.min(left, COPY_MAX_BYTES);
    out[position++] = ((part - 1) << 2) | 2;
    position = out.writeUInt16LE(offset, position);
    left -= part;
  }
  return position;
}

function readPreamble(bytes: Buffer): { readonly size: number; readonly end: number } {
  let size = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[i];
    if (byte === undefined) break;
    size += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) {
      if (size > 0xffff_ffff || varintSize(size) > i + 1) break;
      return { size, end: i + 1 };
    }
  }
  throw badPacking('snappy', 'the unpacked size in front is malformed');
}

function readLittleEndian(bytes: Buffer, at: number, count: number): number {
  if (at + count > bytes.length) throw outOfStep();
  return bytes.readUIntLE(at, count);
}

function outOfStep(): Error {
  return badPacking('snappy', 'an element reaches beyond the block');
}
