import type { CompressionType } from '../batch-format.ts';
import { KafkaError } from '../../errors/kafka-error.ts';
import type { Compression } from './compression.ts';

/**
 * The codecs of one client. Each is imported when it is first needed, so a client that only meets
 * uncompressed batches loads none. `level` is `compression.<type>.level`; `undefined` takes the
 * codec's default, as does a codec without levels.
 */
export class Compressions {
  readonly #loaded = new Map<CompressionType, Compression | null>([['none', null]]);

  /** Loads a codec; `null` for `none`. */
  async load(type: CompressionType, level?: number): Promise<Compression | null> {
    const known = this.#loaded.get(type);
    if (known !== undefined) return known;
    const loaded = await importCompression(type, level);
    this.#loaded.set(type, loaded);
    return loaded;
  }

  isLoaded(type: CompressionType): boolean {
    return this.#loaded.has(type);
  }

  /**
   * A loaded codec, `null` for `none`. @throws KafkaError when {@link Compressions.load} was not
   * awaited for it
   */
  get(type: CompressionType): Compression | null {
    const known = this.#loaded.get(type);
    if (known !== undefined) return known;
    throw new KafkaError(
      'COMPRESSION_NOT_LOADED',
      `Using the codec ${type}: await load('${type}') first.`,
    );
  }
}

async function importCompression(
  type: CompressionType,
  level: number | undefined,
): Promise<Compression | null> {
  switch (type) {
    case 'none':
      return null;
    case 'gzip':
      return (await import('./gzip.ts')).makeGzip(level);
    case 'snappy':
      return (await import('./snappy.ts')).makeSnappy();
    case 'lz4':
      return (await import('./lz4.ts')).makeLz4();
    case 'zstd':
      return (await import('./zstd.ts')).makeZstd(level);
    default:
      return type satisfies never;
  }
}
