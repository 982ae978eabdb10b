/** The counts behind `source-task-metrics` (R8.03). Written by the stages of one task. */
export interface SourceMetrics {
  recordsPolled: number;
  recordsWritten: number;
  recordsDropped: number;
  /** Polled, but neither acknowledged nor dropped yet. */
  recordsActive: number;
  recordsActiveMax: number;
  polls: number;
  pollMsTotal: number;
  pollMsMax: number;
  batchSizeMax: number;
  offsetCommits: number;
  offsetCommitFailures: number;
  offsetCommitMsTotal: number;
  offsetCommitMsMax: number;
}

/** All counts at zero. */
export function newSourceMetrics(): SourceMetrics {
  return {
    recordsPolled: 0,
    recordsWritten: 0,
    recordsDropped: 0,
    recordsActive: 0,
    recordsActiveMax: 0,
    polls: 0,
    pollMsTotal: 0,
    pollMsMax: 0,
    batchSizeMax: 0,
    offsetCommits: 0,
    offsetCommitFailures: 0,
    offsetCommitMsTotal: 0,
    offsetCommitMsMax: 0,
  };
}
