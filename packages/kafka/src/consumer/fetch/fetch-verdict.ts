/** What a partition's error in a Fetch response means for it. */
export type FetchVerdict =
  /** Somebody else leads now, or the topic is another: look at metadata, then ask again. */
  | 'refresh'
  /** Ask again a little later. */
  | 'retry'
  /** The position is not in the log. */
  | 'out-of-range'
  /** The application has to know. */
  | 'fail';

const VERDICTS: Readonly<Record<string, FetchVerdict>> = {
  NOT_LEADER_OR_FOLLOWER: 'refresh',
  REPLICA_NOT_AVAILABLE: 'refresh',
  KAFKA_STORAGE_ERROR: 'refresh',
  FENCED_LEADER_EPOCH: 'refresh',
  OFFSET_NOT_AVAILABLE: 'refresh',
  LEADER_NOT_AVAILABLE: 'refresh',
  UNKNOWN_TOPIC_OR_PARTITION: 'refresh',
  UNKNOWN_TOPIC_ID: 'refresh',
  INCONSISTENT_TOPIC_ID: 'refresh',
  UNKNOWN_LEADER_EPOCH: 'retry',
  UNKNOWN_SERVER_ERROR: 'retry',
  REQUEST_TIMED_OUT: 'retry',
  THROTTLING_QUOTA_EXCEEDED: 'retry',
  OFFSET_OUT_OF_RANGE: 'out-of-range',
};

/** Mirrors Java's `FetchCollector.handleInitializeErrors`. */
export function fetchVerdict(code: string): FetchVerdict {
  return VERDICTS[code] ?? 'fail';
}
