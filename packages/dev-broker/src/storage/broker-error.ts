import type { ErrorName } from '@sluice/protocol';

/** What a client is told: Kafka's name for it, and a sentence where the protocol has room for one. */
export class BrokerError extends Error {
  readonly code: ErrorName;

  constructor(code: ErrorName, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'BrokerError';
    this.code = code;
  }
}
