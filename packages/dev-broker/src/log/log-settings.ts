/** What a topic's configuration means to its log. Names and defaults as Kafka's topic configs. */
export interface LogSettings {
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly indexIntervalBytes: number;
  readonly maxMessageBytes: number;
  readonly isLogAppendTime: boolean;
  readonly timestampBeforeMaxMs: number;
  readonly timestampAfterMaxMs: number;
  /** So many records may stand in the page cache only. Infinity: as many as the system likes. */
  readonly flushMessages: number;
  readonly flushMs: number;
  readonly isDeleted: boolean;
  readonly isCompacted: boolean;
  /** -1: no limit. */
  readonly retentionMs: number;
  readonly retentionBytes: number;
  readonly deleteRetentionMs: number;
  readonly minCleanableDirtyRatio: number;
  readonly minCompactionLagMs: number;
}
