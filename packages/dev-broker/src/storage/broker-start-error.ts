/** Why the broker did not start. Stable: code may branch on it. */
export type BrokerStartErrorCode =
  /** Somebody listens on the port already. */
  | 'PORT_IN_USE'
  /** The address is not this machine's, or may not be bound. */
  | 'CANNOT_LISTEN'
  /** The data directory can't be made or written. */
  | 'DATA_DIR_UNUSABLE'
  /** Another broker uses the data directory. */
  | 'DATA_DIR_IN_USE'
  /** The data directory was made by a version with another format. */
  | 'DATA_DIR_OTHER_FORMAT'
  /** A file of the data directory can't be understood. */
  | 'DATA_DIR_DAMAGED'
  /** A config key is unknown, or its value not allowed. */
  | 'INVALID_CONFIG';

/** The broker could not start. The message says what was tried, what happened and what to do. */
export class BrokerStartError extends Error {
  readonly code: BrokerStartErrorCode;

  constructor(code: BrokerStartErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'BrokerStartError';
    this.code = code;
  }
}
