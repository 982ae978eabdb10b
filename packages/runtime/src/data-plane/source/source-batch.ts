import type { RecordHeader } from '@sluice/kafka';
import type { SourceRecord } from '@sluice/api';

/**
 * Records between two stages as parallel arrays: slot i of each belongs to the same record. Dropped
 * records have no slot. Arrays are shared, never changed, so a stage that changes nothing costs
 * nothing.
 */
export interface TransformedBatch {
  /** As the task gave them: their source offsets count, whatever transformations did. */
  readonly polled: readonly SourceRecord[];
  /** After the transformations. */
  readonly records: readonly SourceRecord[];
}

/** The same with what goes to Kafka: bytes, or texts that stand for their UTF-8 bytes. */
export interface ConvertedBatch extends TransformedBatch {
  readonly keys: readonly (Uint8Array | null)[];
  readonly values: readonly (Uint8Array | string | null)[];
  /** `null` when no record has any. */
  readonly headers: readonly (readonly RecordHeader[])[] | null;
}

/** Told of records that go no further: filtered by a transformation, or skipped after an error. */
export type OnDropped = (record: SourceRecord) => void;
