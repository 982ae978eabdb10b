/** What went wrong with a message of the protocol. Stable: code may branch on it. */
export type ProtocolErrorCode =
  /** The bytes end before the message does. */
  | 'Truncated'
  /** A length or count is negative, or larger than the bytes that are left. */
  | 'LengthOutOfRange'
  /** Null where the version does not allow it. */
  | 'UnexpectedNull'
  /** A variable-length integer with more bytes than its type can have. */
  | 'MalformedVarint'
  /** A 64-bit integer that a JavaScript number can't hold exactly. */
  | 'UnsafeInteger'
  /** A value handed to an encoder that does not fit its field's type. */
  | 'ValueOutOfRange'
  /** A tagged field whose content is longer or shorter than its stated size. */
  | 'TaggedFieldSize'
  /** Bytes are left over behind the message. */
  | 'TrailingBytes'
  /** A version that the message does not have. */
  | 'UnsupportedVersion'
  /** A field holds a value that the chosen version can't carry. */
  | 'UnwritableField';

/** Where and in what a {@link ProtocolError} arose. */
export interface ProtocolErrorContext {
  /** Byte position in the input, counted from the start of its buffer; absent for encoders. */
  readonly offset?: number;
  /** Kafka's name of the message, e.g. `FetchResponse`. */
  readonly messageName?: string;
  readonly version?: number;
  readonly cause?: unknown;
}

/**
 * Bytes that are not the message they should be, or a message that its version can't carry. Mirrors
 * Java's `SchemaException`, `BufferUnderflowException` and (for writing)
 * `UnsupportedVersionException`. Never retriable: the connection that delivered such bytes is out
 * of step and should be closed.
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;
  /** Byte position in the input, or null when encoding. */
  readonly offset: number | null;
  readonly messageName: string | null;
  readonly version: number | null;

  constructor(code: ProtocolErrorCode, text: string, context: ProtocolErrorContext = {}) {
    super(text, context.cause === undefined ? undefined : { cause: context.cause });
    this.code = code;
    this.offset = context.offset ?? null;
    this.messageName = context.messageName ?? null;
    this.version = context.version ?? null;
  }
}
