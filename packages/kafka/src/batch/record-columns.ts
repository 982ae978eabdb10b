import type { RecordHeader } from './record-header.ts';

/**
 * Records of one partition as columns over the bytes of a fetch response: nothing is decoded or
 * allocated until somebody asks. Index `i` runs from 0 to `count - 1`; aborted and control records
 * are already left out.
 */
export interface RecordColumns {
  readonly topic: string;
  readonly partition: number;
  readonly count: number;
  offset(i: number): number;
  /** Milliseconds since the epoch; -1 when the record has none. LogAppendTime is honoured. */
  timestamp(i: number): number;
  readonly timestampType: (i: number) => 'CreateTime' | 'LogAppendTime' | 'NoTimestampType';
  /** A view, valid as long as the columns are held; `null` for a null key. */
  key(i: number): Buffer | null;
  value(i: number): Buffer | null;
  headers(i: number): readonly RecordHeader[];
  /** Where the bytes lie, for those who read them in place. Absent where they lie apart. */
  readonly ranges?: RecordRanges;
}

/** Where keys and values lie in the bytes that were fetched: reading there takes no view. */
export interface RecordRanges {
  /** What record `i` lies in; neighbours mostly share it. Must not be changed. */
  bytes(i: number): Buffer;
  keyStart(i: number): number;
  /** Behind the last byte; -1 for a null key. */
  keyEnd(i: number): number;
  valueStart(i: number): number;
  valueEnd(i: number): number;
  hasHeaders(i: number): boolean;
}
