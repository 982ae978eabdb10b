import { createRequire } from 'node:module';
import { badPacking, compressionId, type Compression } from './compression.ts';
import { compressLz4Block, uncompressLz4Block } from './lz4-block.ts';
import { readLz4Frames, writeLz4Frame, type Lz4Blocks } from './lz4-frame.ts';

/**
 * Before each block, the native package expects its unpacked size in four bytes, and puts it there
 * itself.
 */
const SIZE_BYTES = 4;

/**
 * LZ4 in the frame format that Java's clients write: independent blocks of 64 KiB without checksums
 * of their own (the batch has one). Reads every frame. Native block by block where `lz4-napi` has a
 * binary (the frame calls of that package cost two to five times as much), else in JavaScript.
 */
export function makeLz4(blocks: Lz4Blocks = nativeBlocks() ?? plainBlocks): Compression {
  return {
    type: 'lz4',
    id: compressionId('lz4'),
    compress: (bytes) => writeLz4Frame(bytes, blocks),
    decompress: (bytes, sizeMax) => readLz4Frames(bytes, sizeMax, blocks),
  };
}

/**
 * The blocks in JavaScript: for platforms without a binary, and for tests of the two against each
 * other.
 */
export const plainBlocks: Lz4Blocks = {
  compress: compressLz4Block,
  uncompress: (bytes, sizeMax) => {
    const out = Buffer.allocUnsafe(sizeMax);
    return out.subarray(0, uncompressLz4Block(bytes, out, 0));
  },
};

function nativeBlocks(): Lz4Blocks | null {
  try {
    const loaded: unknown = createRequire(import.meta.url)('lz4-napi');
    if (!isLz4Package(loaded)) return null;
    return {
      compress: (bytes) => loaded.compressSync(bytes).subarray(SIZE_BYTES),
      uncompress: (bytes, sizeMax) => {
        const sized = Buffer.allocUnsafe(SIZE_BYTES + bytes.length);
        // An upper bound will do: the result has its true size.
        sized.writeUInt32LE(sizeMax, 0);
        sized.set(bytes, SIZE_BYTES);
        try {
          return loaded.uncompressSync(sized);
        } catch (error) {
          throw badPacking('lz4', 'a block is not lz4', error);
        }
      },
    };
  } catch {
    // No prebuilt binary for this platform: the plain blocks do the same, slower.
    return null;
  }
}

interface Lz4Package {
  compressSync(bytes: Buffer): Buffer;
  uncompressSync(bytes: Buffer): Buffer;
}

function isLz4Package(loaded: unknown): loaded is Lz4Package {
  return (
    typeof loaded === 'object' &&
    loaded !== null &&
    'compressSync' in loaded &&
    typeof loaded.compressSync === 'function' &&
    'uncompressSync' in loaded &&
    typeof loaded.uncompressSync === 'function'
  );
}
