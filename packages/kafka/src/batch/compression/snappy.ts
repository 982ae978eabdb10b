import { createRequire } from 'node:module';
import { badPacking, compressionId, tooLarge, type Compression } from './compression.ts';
import { compressSnappyBlock, snappyBlockSize, uncompressSnappyBlock } from './snappy-block.ts';

/** Raw snappy: one block, its unpacked size in front. */
interface SnappyBlocks {
  compress(bytes: Buffer): Uint8Array;
  uncompress(bytes: Buffer): Uint8Array;
}

/**
 * What Java's `SnappyOutputStream` puts in front: a magic, a version and the oldest version that
 * can read it.
 */
const STREAM_HEADER = Buffer.from([
  0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1,
]);
const STREAM_MAGIC_BYTES = 8;

/** Java's block size; readers accept any. */
const BLOCK_BYTES = 32 * 1024;

/**
 * Snappy in the framing that Java's clients write (blocks of 32 KiB, each behind its length). Reads
 * that and a single raw block, which other clients send. Native where the `snappy` package has a
 * binary, else in JavaScript.
 */
export function makeSnappy(blocks: SnappyBlocks = nativeBlocks() ?? plainBlocks): Compression {
  return {
    type: 'snappy',
    id: compressionId('snappy'),
    compress: (bytes) => compressStream(bytes, blocks),
    decompress: (bytes, sizeMax) =>
      isStream(bytes)
        ? uncompressStream(bytes, sizeMax, blocks)
        : uncompress(bytes, sizeMax, blocks),
  };
}

/**
 * The blocks in JavaScript: for platforms without a binary, and for tests of the two against each
 * other.
 */
export const plainBlocks: SnappyBlocks = {
  compress: compressSnappyBlock,
  uncompress: uncompressSnappyBlock,
};

function isStream(bytes: Buffer): boolean {
  return (
    bytes.length >= STREAM_HEADER.length &&
    bytes.compare(STREAM_HEADER, 0, STREAM_MAGIC_BYTES, 0, STREAM_MAGIC_BYTES) === 0
  );
}

function compressStream(bytes: Buffer, blocks: SnappyBlocks): Buffer {
  const parts: Uint8Array[] = [STREAM_HEADER];
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    const block = blocks.compress(bytes.subarray(start, start + BLOCK_BYTES));
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

function uncompressStream(bytes: Buffer, sizeMax: number, blocks: SnappyBlocks): Buffer {
  const parts: Buffer[] = [];
  let size = 0;
  let at = STREAM_HEADER.length;
  while (at < bytes.length) {
    const length = bytes.length - at < 4 ? -1 : bytes.readInt32BE(at);
    at += 4;
    if (length < 0 || length > bytes.length - at) {
      throw badPacking(
        'snappy',
        `a block's length of ${length} does not fit the ${bytes.length - at} bytes left`,
      );
    }
    const block = bytes.subarray(at, at + length);
    if (snappyBlockSize(block) > sizeMax - size) throw tooLarge('snappy', sizeMax);
    const part = uncompress(block, sizeMax, blocks);
    parts.push(part);
    size += part.length;
    at += length;
  }
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, size);
}

function uncompress(bytes: Buffer, sizeMax: number, blocks: SnappyBlocks): Buffer {
  // Asked first: a block claims its unpacked size, and decoders allocate what it claims.
  if (snappyBlockSize(bytes) > sizeMax) throw tooLarge('snappy', sizeMax);
  try {
    const unpacked = blocks.uncompress(bytes);
    return Buffer.from(unpacked.buffer, unpacked.byteOffset, unpacked.length);
  } catch (error) {
    throw badPacking('snappy', 'the bytes are not snappy', error);
  }
}

function nativeBlocks(): SnappyBlocks | null {
  try {
    const loaded: unknown = createRequire(import.meta.url)('snappy');
    if (!isSnappyPackage(loaded)) return null;
    // Copied out: an external buffer per block costs ten times the copy.
    const options = { copyOutputData: true };
    return {
      compress: (bytes) => loaded.compressSync(bytes, options),
      uncompress: (bytes) => loaded.uncompressSync(bytes, options),
    };
  } catch {
    // No prebuilt binary for this platform: the plain blocks do the same, slower.
    return null;
  }
}

interface SnappyPackage {
  compressSync(bytes: Uint8Array, options: { copyOutputData: boolean }): Uint8Array;
  uncompressSync(bytes: Uint8Array, options: { copyOutputData: boolean }): Uint8Array;
}

function isSnappyPackage(loaded: unknown): loaded is SnappyPackage {
  return (
    typeof loaded === 'object' &&
    loaded !== null &&
    'compressSync' in loaded &&
    typeof loaded.compressSync === 'function' &&
    'uncompressSync' in loaded &&
    typeof loaded.uncompressSync === 'function'
  );
}
