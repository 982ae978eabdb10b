import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { badPacking, compressionId, tooLarge, type Compression } from './compression.ts';
import { isOutputTooLarge } from './zlib-error.ts';

const DEFAULT_LEVEL = 3;

/** zstd from Node's own zlib. `level`: -131072 to 22, default 3, as `compression.zstd.level`. */
export function makeZstd(level: number = DEFAULT_LEVEL): Compression {
  const params = { [constants.ZSTD_c_compressionLevel]: level };
  return {
    type: 'zstd',
    id: compressionId('zstd'),
    compress: (bytes) => zstdCompressSync(bytes, { params }),
    decompress: (bytes, sizeMax) => {
      try {
        return zstdDecompressSync(bytes, { maxOutputLength: sizeMax });
      } catch (error) {
        throw isOutputTooLarge(error)
          ? tooLarge('zstd', sizeMax)
          : badPacking('zstd', 'the bytes are not zstd', error);
      }
    },
  };
}
