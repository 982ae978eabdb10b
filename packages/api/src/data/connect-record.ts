import type { Header } from './headers.ts';
import type { Schema } from './schema.ts';

/** What source and sink records share. Records are immutable: change one with its `with` method. */
export interface ConnectRecord {
  readonly topic: string;
  /** Source: the wanted partition, `null` lets the producer choose. Sink: the partition read from. */
  readonly kafkaPartition: number | null;
  readonly keySchema: Schema | null;
  readonly key: unknown;
  readonly valueSchema: Schema | null;
  readonly value: unknown;
  /** Milliseconds since the epoch, or `null`. */
  readonly timestamp: number | null;
  readonly headers: readonly Header[];
}
