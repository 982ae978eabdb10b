import { KafkaError } from '../errors/kafka-error.ts';

const LENGTH_BYTES = 4;

/**
 * Memory is taken as bytes arrive, not as a length claims: frames up to this size, or that of the
 * frame before, are allocated at once.
 */
const TRUSTED_BYTES = 1024 * 1024;
const GROWTH = 4;

/**
 * Puts the frames of a connection together, each in one contiguous buffer of its own (pieces are
 * copied out, so the buffer that they arrived in can be used again).
 */
export class FrameAssembler {
  /** A frame that claims more is refused. */
  frameMaxBytes: number;
  readonly #onFrame: (frame: Buffer) => void;
  readonly #length = Buffer.alloc(LENGTH_BYTES);
  #lengthFilled = 0;
  #frame: Buffer | null = null;
  #frameBytes = 0;
  /** Of the frame before: so many bytes did come. */
  #lastBytes = 0;
  #filled = 0;

  constructor(frameMaxBytes: number, onFrame: (frame: Buffer) => void) {
    this.frameMaxBytes = frameMaxBytes;
    this.#onFrame = onFrame;
  }

  /**
   * Takes the next piece. @throws KafkaError `INVALID_RESPONSE` when it can't be the beginning of a
   * frame
   */
  push(piece: Uint8Array): void {
    let at = 0;
    while (at < piece.length) {
      at = this.#frame === null ? this.#readLength(piece, at) : this.#fill(this.#frame, piece, at);
    }
  }

  #readLength(piece: Uint8Array, start: number): number {
    let at = start;
    while (at < piece.length && this.#lengthFilled < LENGTH_BYTES) {
      this.#length[this.#lengthFilled++] = piece[at++] ?? 0;
    }
    if (this.#lengthFilled < LENGTH_BYTES) return at;
    const bytes = this.#length.readInt32BE();
    if (bytes < LENGTH_BYTES || bytes > this.frameMaxBytes) throw impossible(bytes, this.#length);
    this.#lengthFilled = 0;
    this.#frameBytes = bytes;
    this.#filled = 0;
    const trusted = Math.max(TRUSTED_BYTES, this.#lastBytes);
    this.#frame = Buffer.allocUnsafeSlow(Math.min(bytes, trusted));
    return at;
  }

  #fill(frame: Buffer, piece: Uint8Array, start: number): number {
    const wanted = Math.min(this.#frameBytes - this.#filled, piece.length - start);
    const target = this.#roomFor(frame, this.#filled + wanted);
    target.set(piece.subarray(start, start + wanted), this.#filled);
    this.#filled += wanted;
    if (this.#filled === this.#frameBytes) {
      this.#frame = null;
      this.#lastBytes = this.#frameBytes;
      this.#onFrame(target);
    }
    return start + wanted;
  }

  #roomFor(frame: Buffer, bytes: number): Buffer {
    if (bytes <= frame.length) return frame;
    const larger = Buffer.allocUnsafeSlow(
      Math.min(this.#frameBytes, Math.max(bytes, frame.length * GROWTH)),
    );
    frame.copy(larger, 0, 0, this.#filled);
    this.#frame = larger;
    return larger;
  }
}

function impossible(bytes: number, start: Buffer): KafkaError {
  const isHttp = start.toString('latin1') === 'HTTP';
  // 0x15 0x03: a TLS alert, which is what a TLS port answers to plain text.
  const isTls = start.readUInt16BE() === 0x1503;
  const hint = isHttp
    ? ' It is the beginning of an HTTP answer: this is the port of a web server.'
    : isTls
      ? ' It is the beginning of a TLS alert: the port expects TLS, see "security.protocol".'
      : '';
  return new KafkaError(
    'INVALID_RESPONSE',
    `the next response claims to have ${bytes} bytes, which can't be.${hint}`,
    { isRetriable: true },
  );
}
