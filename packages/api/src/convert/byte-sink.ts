/** Room for a few hundred small messages; the buffer doubles from here. */
const INITIAL_CAPACITY_BYTES = 16 * 1024;
/** From this length on text is measured before it is written, instead of taking it for the widest. */
const MEASURED_FROM_CHARS = 16 * 1024;
/** Up to this length a loop over the characters takes less than the native call (60 ns). */
const LOOP_MAX_CHARS = 32;
/** No UTF-16 unit takes more bytes as UTF-8. */
const UTF8_MAX_BYTES_PER_CHAR = 3;

/**
 * A buffer that grows, to which converters add messages one behind the other: no buffer of its own
 * for each. What is written counts from where `end` stands afterwards; who calls a converter puts
 * `end` back when it throws.
 */
export interface ByteSink {
  /** What is written to; another buffer after {@link reserve} had to make a larger one. */
  readonly bytes: Buffer;
  /** Where the next byte goes. */
  end: number;
  /** Makes sure that so many bytes fit behind `end`. What stands before it stays. */
  reserve(size: number): void;
}

/** The usual {@link ByteSink}. Put `end` back to 0 to use it again. */
export class GrowingBytes implements ByteSink {
  #bytes: Buffer;
  end = 0;

  /** @param capacity bytes to start with; a good guess saves growing */
  constructor(capacity: number = INITIAL_CAPACITY_BYTES) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  reserve(size: number): void {
    const needed = this.end + size;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.end);
    this.#bytes = larger;
  }
}

/** Adds bytes to a sink. */
export function writeBytes(sink: ByteSink, bytes: Uint8Array): void {
  sink.reserve(bytes.length);
  sink.bytes.set(bytes, sink.end);
  sink.end += bytes.length;
}

/** Adds text as UTF-8. Half a surrogate pair becomes U+FFFD: check before where that counts. */
export function writeText(sink: ByteSink, text: string): void {
  const { length } = text;
  // Measuring takes longer than writing: short text is given all the room that it could need.
  const isShort = length < MEASURED_FROM_CHARS;
  sink.reserve(isShort ? length * UTF8_MAX_BYTES_PER_CHAR : Buffer.byteLength(text, 'utf8'));
  if (length <= LOOP_MAX_CHARS && writeAscii(sink, text)) return;
  sink.end += sink.bytes.write(text, sink.end, 'utf8');
}

/** `false` for a text with other characters, of which nothing counts as written. */
function writeAscii(sink: ByteSink, text: string): boolean {
  const { bytes, end } = sink;
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return false;
    bytes[end + i] = code;
  }
  sink.end = end + length;
  return true;
}
