import { createRequire } from 'node:module';
import { type Crc32c, makeCrc32cTable } from './crc32c-table.ts';
import { lazily } from './lazily.ts';

/**
 * The fastest CRC-32C of this machine: the prebuilt native one (about 5 GB/s), or, where it can't
 * be loaded, one in JavaScript (slicing by 8, some 1 GB/s). Chosen at the first call, once per
 * thread.
 */
export const chooseCrc32c: () => Crc32c = lazily(() => nativeCrc32c() ?? makeCrc32cTable());

function nativeCrc32c(): Crc32c | null {
  try {
    const require = createRequire(import.meta.url);
    const loaded: unknown = require('@node-rs/crc32');
    return hasCrc32c(loaded) ? loaded.crc32c : null;
  } catch {
    // No prebuilt binary for this platform: the table does the same, slower.
    return null;
  }
}

function hasCrc32c(loaded: unknown): loaded is { readonly crc32c: Crc32c } {
  return (
    typeof loaded === 'object' &&
    loaded !== null &&
    'crc32c' in loaded &&
    typeof loaded.crc32c === 'function'
  );
}
