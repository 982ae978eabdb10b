import { canonicalText, offsetJson } from '../../storage/offset-json.ts';
import type { OffsetText, SourceOffsetStore } from './source-offset-store.ts';
import type { CommittableOffset } from './submitted-records.ts';

/**
 * Collects offsets until they are written. What a failed write took is kept for the next, unless
 * something newer of the same partition came meanwhile. Mirrors `OffsetStorageWriter`.
 */
export class OffsetWriter {
  readonly #store: SourceOffsetStore;
  #waiting = new Map<string, CommittableOffset>();
  /** Only the present flush may forget what it has written. */
  #flush: Map<string, CommittableOffset> | null = null;

  constructor(store: SourceOffsetStore) {
    this.#store = store;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  add(offsets: readonly CommittableOffset[]): void {
    for (const offset of offsets) this.#waiting.set(canonicalText(offset.partition), offset);
  }

  /**
   * Writes all that waits.
   *
   * @throws DataError when an offset can't be written as JSON; else what the store throws
   */
  async flush(): Promise<void> {
    const taken = this.#waiting;
    this.#waiting = new Map();
    this.#flush = taken;
    try {
      const texts: OffsetText[] = [];
      for (const { partition, offset } of taken.values()) {
        texts.push({
          partition: offsetJson(partition),
          offset: offset === null ? null : offsetJson(offset),
        });
      }
      await this.#store.write(texts);
    } catch (error) {
      this.cancelFlush();
      throw error;
    }
    if (this.#flush === taken) this.#flush = null;
  }

  /** Takes the present flush as failed: what it was to write waits for the next one. */
  cancelFlush(): void {
    if (this.#flush === null) return;
    const newer = this.#waiting;
    this.#waiting = this.#flush;
    this.#flush = null;
    for (const [key, offset] of newer) this.#waiting.set(key, offset);
  }
}
