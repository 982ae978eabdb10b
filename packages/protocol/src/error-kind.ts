/**
 * What an error code means for the caller, from the exception hierarchy of Java's client (KIP-1050
 * for the transactional ones).
 */
export type ErrorKind =
  /** No error. */
  | 'NONE'
  /** The same request may succeed later. */
  | 'RETRIABLE'
  /** The same request may succeed after metadata (or the coordinator) was looked up again. */
  | 'REFRESH_RETRIABLE'
  /** The transaction must be aborted; the producer can go on with a new one. */
  | 'ABORTABLE'
  /** This producer or member is finished; the application can start another in its place. */
  | 'APPLICATION_RECOVERABLE'
  /** A setting, permission or argument is wrong: somebody must change it. */
  | 'INVALID_CONFIGURATION'
  /** Anything else: the request will not succeed by itself. What it means depends on the API. */
  | 'FATAL';
