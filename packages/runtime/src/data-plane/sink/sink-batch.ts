import type { SinkRecord } from '@sluice/api';
import type { RecordColumns } from '@sluice/kafka';

/** The records of one partition on their way to the task. Dropped records have no slot. */
export interface SinkPart {
  /** As consumed: offsets, dead letters and error texts come from here. */
  readonly columns: RecordColumns;
  readonly records: readonly SinkRecord[];
  /** Slot i of `records` was read from row `rows[i]` of the columns; `null`: from row i. */
  readonly rows: readonly number[] | null;
}

/** The row of the columns that a slot was read from. */
export function rowOf(part: SinkPart, slot: number): number {
  return part.rows?.[slot] ?? slot;
}

/** The rows 0 to `count - 1`: how a part goes on whose records had all their slots so far. */
export function firstRows(count: number): number[] {
  return Array.from({ length: count }, (_, row) => row);
}

/** What one poll gave, part by part. Empty batches are handed on too: `put` is called for them. */
export type SinkBatch = readonly SinkPart[];
