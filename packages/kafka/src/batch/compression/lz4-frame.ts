import { badPacking, tooLarge } from './compression.ts';
import { uncompressLz4Block } from './lz4-block.ts';
import { xxHash32 } from './xx-hash32.ts';

/** Raw LZ4 blocks, without size or frame. */
export interface Lz4Blocks {
  compress(bytes: Buffer): Uint8Array;
  /** `sizeMax`: the block's largest unpacked size. */
  uncompress(bytes: Buffer, sizeMax: number): Buffer;
}

const FRAME_MAGIC = 0x184d_2204;
const SKIPPABLE_MAGIC = 0x184d_2a50;
const SKIPPABLE_MASK = 0xffff_fff0;

/** Flags of the frame descriptor. */
const FLAG = {
  versionMask: 0xc0,
  version: 0x40,
  independent: 0x20,
  blockChecksum: 0x10,
  contentSize: 0x08,
  contentChecksum: 0x04,
  dictionary: 0x01,
} as const;

/** Block sizes by their code in the descriptor. */
const BLOCK_BYTES: Readonly<Record<number, number>> = {
  4: 64 * 1024,
  5: 256 * 1024,
  6: 1024 * 1024,
  7: 4 * 1024 * 1024,
};
const OUR_BLOCK_CODE = 4;
const OUR_BLOCK_BYTES = 64 * 1024;

/** Set in a block's length when the block is stored as it is. */
const STORED = 0x8000_0000;

/** Packs everything into one frame of independent blocks. */
export function writeLz4Frame(bytes: Buffer, blocks: Lz4Blocks): Buffer {
  const parts: Uint8Array[] = [frameHeader()];
  for (let start = 0; start < bytes.length; start += OUR_BLOCK_BYTES) {
    const block = bytes.subarray(start, start + OUR_BLOCK_BYTES);
    const packed = blocks.compress(block);
    const isStored = packed.length >= block.length;
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32LE(isStored ? block.length + STORED : packed.length);
    parts.push(length, isStored ? block : packed);
  }
  parts.push(Buffer.alloc(4));
  return Buffer.concat(parts);
}

/** Unpacks one or more frames, one behind the other. */
export function readLz4Frames(bytes: Buffer, sizeMax: number, blocks: Lz4Blocks): Buffer {
  const parts: Buffer[] = [];
  let size = 0;
  let at = 0;
  while (at < bytes.length) {
    const magic = need(bytes, at, 8).readUInt32LE(at);
    if ((magic & SKIPPABLE_MASK) >>> 0 === SKIPPABLE_MAGIC) {
      at += 8 + bytes.readUInt32LE(at + 4);
      continue;
    }
    if (magic !== FRAME_MAGIC) throw badPacking('lz4', 'the bytes do not begin as an lz4 frame');
    const frame = readFrame(bytes, at + 4, sizeMax, blocks);
    for (const part of frame.parts) {
      parts.push(part);
      size += part.length;
    }
    if (size > sizeMax) throw tooLarge('lz4', sizeMax);
    at = frame.end;
  }
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, size);
}

interface Frame {
  readonly parts: readonly Buffer[];
  readonly end: number;
}

function readFrame(bytes: Buffer, start: number, sizeMax: number, blocks: Lz4Blocks): Frame {
  const descriptor = readDescriptor(bytes, start);
  const checksumBytes = (descriptor.flags & FLAG.blockChecksum) === 0 ? 0 : 4;
  const parts: Buffer[] = [];
  let history = Buffer.alloc(0);
  let size = 0;
  let at = descriptor.end;
  for (;;) {
    const word = need(bytes, at, 4).readUInt32LE(at);
    at += 4;
    if (word === 0) break;
    const length = word % STORED;
    if (length > descriptor.blockBytes) {
      throw badPacking('lz4', `a block of ${length} bytes is longer than its frame allows`);
    }
    const packed = need(bytes, at, length + checksumBytes).subarray(at, at + length);
    let part = packed;
    if (word < STORED) {
      part = descriptor.isLinked
        ? uncompressLinked(packed, history, descriptor.blockBytes)
        : blocks.uncompress(packed, descriptor.blockBytes);
    }
    if (descriptor.isLinked) history = Buffer.concat([history, part]).subarray(-OUR_BLOCK_BYTES);
    size += part.length;
    if (size > sizeMax) throw tooLarge('lz4', sizeMax);
    parts.push(part);
    at += length + checksumBytes;
  }
  // The batch's own checksum covers all of this, so the frame's is skipped.
  return { parts, end: at + ((descriptor.flags & FLAG.contentChecksum) === 0 ? 0 : 4) };
}

interface Descriptor {
  readonly flags: number;
  readonly isLinked: boolean;
  readonly blockBytes: number;
  readonly end: number;
}

function readDescriptor(bytes: Buffer, start: number): Descriptor {
  const flags = need(bytes, start, 3).readUInt8(start);
  const size =
    2 + ((flags & FLAG.contentSize) === 0 ? 0 : 8) + ((flags & FLAG.dictionary) === 0 ? 0 : 4);
  const blockBytes = BLOCK_BYTES[bytes.readUInt8(start + 1) >>> 4];
  if ((flags & FLAG.versionMask) !== FLAG.version || blockBytes === undefined) {
    throw badPacking('lz4', 'the frame has a version or block size that is not known');
  }
  if ((flags & FLAG.dictionary) !== 0) throw badPacking('lz4', 'the frame needs a dictionary');
  const checksum = need(bytes, start, size + 1).readUInt8(start + size);
  if (checksum !== headerChecksum(bytes.subarray(start, start + size))) {
    throw badPacking('lz4', "the frame header's checksum is wrong");
  }
  return { flags, isLinked: (flags & FLAG.independent) === 0, blockBytes, end: start + size + 1 };
}

function uncompressLinked(packed: Buffer, history: Buffer, sizeMax: number): Buffer {
  const out = Buffer.allocUnsafe(history.length + sizeMax);
  out.set(history, 0);
  const end = uncompressLz4Block(packed, out, history.length);
  return out.subarray(history.length, end);
}

function frameHeader(): Buffer {
  const header = Buffer.alloc(7);
  header.writeUInt32LE(FRAME_MAGIC, 0);
  header[4] = FLAG.version | FLAG.independent;
  header[5] = OUR_BLOCK_CODE << 4;
  header[6] = headerChecksum(header.subarray(4, 6));
  return header;
}

function headerChecksum(descriptor: Uint8Array): number {
  return (xxHash32(descriptor) >>> 8) & 0xff;
}

function need(bytes: Buffer, at: number, count: number): Buffer {
  if (at + count > bytes.length) throw badPacking('lz4', 'the bytes end inside a frame');
  return bytes;
}
