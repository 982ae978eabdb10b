import type { SourceMap } from '@sluice/api';
import type { OffsetText } from '../data-plane/source/source-offset-store.ts';
import type { OffsetBackingStore, OffsetEntry } from './offset-backing-store.ts';
import { canonicalText, offsetKeyJson, parseOffsetJson, parseOffsetKey } from './offset-json.ts';

/** One stored offset of a connector, for people and for REST. */
export interface StoredOffset {
  readonly partition: SourceMap | null;
  readonly offset: SourceMap | null;
}

/**
 * Source offsets by connector and partition, over a store of bytes.
 *
 * A partition is looked up by its exact text first, as Java does, then by its meaning: the same
 * keys in another order, or another spelling of a number. What is found that way is written back
 * under the key it was found under, so that Java goes on finding it too.
 */
export class ConnectorOffsets {
  readonly #store: OffsetBackingStore;
  /** Per connector: canonical partition to the key's exact text. Built when first needed. */
  #index: Map<string, Map<string, string>> | null = null;

  constructor(store: OffsetBackingStore) {
    this.#store = store;
  }

  /** With what the last write failed; `null` when it did not. */
  get failure(): Error | null {
    return this.#store.failure;
  }

  /** The stored offsets of these partitions (JSON texts), in their order. */
  read(connector: string, partitions: readonly string[]): (string | null)[] {
    return partitions.map((partition) => {
      const value = this.#store.get(utf8(this.#key(connector, partition)));
      return value === null ? null : textOf(value);
    });
  }

  /** Settles when all of them are durable. */
  async write(connector: string, offsets: readonly OffsetText[]): Promise<void> {
    const entries: OffsetEntry[] = offsets.map(({ partition, offset }) => ({
      key: utf8(this.#key(connector, partition)),
      value: offset === null ? null : utf8(offset),
    }));
    await this.#store.set(entries);
    for (const { partition } of offsets) this.#remember(connector, partition);
  }

  /** Everything stored for a connector. */
  list(connector: string): readonly StoredOffset[] {
    const found: StoredOffset[] = [];
    for (const { key, value } of this.#store.entries()) {
      const parsed = parseOffsetKey(textOf(key));
      if (parsed === null || parsed.connector !== connector || value === null) continue;
      found.push({ partition: parsed.partition, offset: parseOffsetJson(textOf(value)) });
    }
    return found;
  }

  #key(connector: string, partition: string): string {
    const exact = offsetKeyJson(connector, partition);
    if (this.#store.get(utf8(exact)) !== null) return exact;
    const canonical = canonicalOf(partition);
    if (canonical === null) return exact;
    return this.#indexOf(connector).get(canonical) ?? exact;
  }

  #remember(connector: string, partition: string): void {
    const canonical = canonicalOf(partition);
    if (canonical === null || this.#index === null) return;
    const known = this.#indexOf(connector);
    if (!known.has(canonical)) known.set(canonical, offsetKeyJson(connector, partition));
  }

  #indexOf(connector: string): Map<string, string> {
    this.#index ??= this.#buildIndex();
    let known = this.#index.get(connector);
    if (known === undefined) {
      known = new Map();
      this.#index.set(connector, known);
    }
    return known;
  }

  #buildIndex(): Map<string, Map<string, string>> {
    const index = new Map<string, Map<string, string>>();
    for (const { key } of this.#store.entries()) {
      const text = textOf(key);
      const parsed = parseOffsetKey(text);
      if (parsed === null) continue;
      let known = index.get(parsed.connector);
      if (known === undefined) {
        known = new Map();
        index.set(parsed.connector, known);
      }
      const canonical = canonicalText(parsed.partition);
      if (!known.has(canonical)) known.set(canonical, text);
    }
    return index;
  }
}

function canonicalOf(partition: string): string | null {
  try {
    return canonicalText(parseOffsetJson(partition));
  } catch {
    // Not a map: it can be found by its exact text only.
    return null;
  }
}

function utf8(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
