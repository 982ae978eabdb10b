/** One stored offset: JSON texts as bytes, exactly as Java's offset writer makes them. */
export interface OffsetEntry {
  /** `["connector",{partition}]`. */
  readonly key: Uint8Array;
  /** `{offset}`; `null` deletes. */
  readonly value: Uint8Array | null;
}

/**
 * Where source offsets are kept: memory, a file, a Kafka topic. Works on bytes; what they mean is
 * the business of `ConnectorOffsets`. Mirrors `org.apache.kafka.connect.storage.OffsetBackingStore`.
 */
export interface OffsetBackingStore {
  /** Reads what is stored. Fails when the place can't be used, saying which config names it. */
  start(): Promise<void>;
  /** Every entry that is stored now, in no order that matters. */
  entries(): Iterable<OffsetEntry>;
  /** The stored value of one key; `null` when there is none. */
  get(key: Uint8Array): Uint8Array | null;
  /** Settles when the entries are durable, all of them or none. Calls are carried out in order. */
  set(entries: readonly OffsetEntry[]): Promise<void>;
  /** With what the last `set` failed; `null` when it did not. */
  readonly failure: Error | null;
  stop(): Promise<void>;
}
