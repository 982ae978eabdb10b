import type { OffsetBackingStore, OffsetEntry } from './offset-backing-store.ts';

/** Offsets that last as long as the worker. Mirrors `MemoryOffsetBackingStore`. */
export class MemoryOffsetBackingStore implements OffsetBackingStore {
  // By the key's bytes as latin-1 text: exact for any bytes, and comparable.
  readonly #entries = new Map<string, OffsetEntry>();

  get failure(): Error | null {
    return null;
  }

  async start(): Promise<void> {
    // Nothing to read.
  }

  entries(): Iterable<OffsetEntry> {
    return this.#entries.values();
  }

  get(key: Uint8Array): Uint8Array | null {
    return this.#entries.get(bytesKey(key))?.value ?? null;
  }

  async set(entries: readonly OffsetEntry[]): Promise<void> {
    for (const entry of entries) this.put(entry);
  }

  async stop(): Promise<void> {
    // Nothing is held open.
  }

  /** Takes one entry; a `null` value is kept, as Java's map keeps it. */
  protected put(entry: OffsetEntry): void {
    this.#entries.set(bytesKey(entry.key), entry);
  }

  protected delete(key: Uint8Array): void {
    this.#entries.delete(bytesKey(key));
  }
}

function bytesKey(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
