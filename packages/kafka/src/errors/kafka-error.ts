/**
 * An error of the client or the broker. `code` is Kafka's name, e.g. `UNKNOWN_TOPIC_OR_PARTITION`,
 * or one of ours.
 */
export class KafkaError extends Error {
  readonly code: string;
  /** Whether the same call may succeed later without a change. */
  readonly isRetriable: boolean;

  constructor(
    code: string,
    message: string,
    options: { readonly isRetriable?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'KafkaError';
    this.code = code;
    this.isRetriable = options.isRetriable ?? false;
  }
}
