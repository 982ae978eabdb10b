import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { badPacking, compressionId, tooLarge, type Compression } from './compression.ts';
import { isOutputTooLarge } from './zlib-error.ts';

/**
 * gzip from Node's own zlib. `level`: 1 to 9, or -1 for zlib's default (6), as
 * `compression.gzip.level`.
 */
export function makeGzip(level: number = constants.Z_DEFAULT_COMPRESSION): Compression {
  return {
    type: 'gzip',
    id: compressionId('gzip'),
    compress: (bytes) => gzipSync(bytes, { level }),
    decompress: (bytes, sizeMax) => {
      try {
        return gunzipSync(bytes, { maxOutputLength: sizeMax });
      } catch (error) {
        throw isOutputTooLarge(error)
          ? tooLarge('gzip', sizeMax)
          : badPacking('gzip', 'the bytes are not gzip', error);
      }
    },
  };
}
