/** The counts behind `sink-task-metrics` (R8.04). Written by the stages of one task. */
export interface SinkMetrics {
  recordsRead: number;
  recordsSent: number;
  recordsDropped: number;
  partitionCount: number;
  puts: number;
  putMsTotal: number;
  putMsMax: number;
  batchSizeMax: number;
  commitSequence: number;
  offsetCommits: number;
  offsetCommitSkips: number;
  offsetCommitFailures: number;
  offsetCommitMsTotal: number;
  offsetCommitMsMax: number;
}

/** All counts at zero. */
export function newSinkMetrics(): SinkMetrics {
  return {
    recordsRead: 0,
    recordsSent: 0,
    recordsDropped: 0,
    partitionCount: 0,
    puts: 0,
    putMsTotal: 0,
    putMsMax: 0,
    batchSizeMax: 0,
    commitSequence: 0,
    offsetCommits: 0,
    offsetCommitSkips: 0,
    offsetCommitFailures: 0,
    offsetCommitMsTotal: 0,
    offsetCommitMsMax: 0,
  };
}
