import type { SourceMap } from '@sluice/api';

/** One offset as it goes to the store: JSON texts in Java's form (offset-json.ts). */
export interface OffsetText {
  readonly partition: string;
  /** `null` deletes. */
  readonly offset: string | null;
}

/** What a source task needs of the offset store; in a lane it speaks to the main thread. */
export interface SourceOffsetStore {
  /** The stored offsets of these partitions, in their order. */
  read(partitions: readonly SourceMap[]): Promise<readonly (SourceMap | null)[]>;
  /** Settles when all of them are durable. */
  write(offsets: readonly OffsetText[]): Promise<void>;
}
