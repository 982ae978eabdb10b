import type { SinkRecord } from '@sluice/api';
import type { RecordColumns } from '@sluice/kafka';

/** The records of one partition on their way to the task. Dropped records have no slot. */
export interface SinkPart {
  /** As consumed: offsets, dead letters and error texts come from here. */
  readonly columns: RecordColumns;
  readonly records: readonly SinkRecord[];
  /** Slot i of `records` was read from row `rows[i]` of the columns. */
  readonly rows: readonly number[];
}

/** What one poll gave, part by part. Empty batches are handed on too: `put` is called for them. */
export type SinkBatch = readonly SinkPart[];
