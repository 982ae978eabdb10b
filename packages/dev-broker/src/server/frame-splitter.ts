/** What a splitter threw when the stream can't be Kafka's. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

const LENGTH_BYTES = 4;
const HTTP_STARTS: ReadonlySet<string> = new Set(['GET ', 'POST', 'PUT ', 'HEAD', 'OPTI', 'DELE']);
const TLS_HANDSHAKE = 0x16;

/**
 * Cuts a stream of bytes into requests. Memory is taken for bytes that have come, not for what a
 * length claims.
 */
export class FrameSplitter {
  readonly #frameBytesMax: number;
  #parts: Buffer[] = [];
  #available = 0;

  constructor(frameBytesMax: number) {
    this.#frameBytesMax = frameBytesMax;
  }

  /**
   * The frames that are complete with this chunk, without their lengths, as views where possible.
   *
   * @throws FrameError when a length is negative or beyond the bound
   */
  push(chunk: Buffer): readonly Buffer[] {
    this.#parts.push(chunk);
    this.#available += chunk.length;
    const frames: Buffer[] = [];
    while (this.#available >= LENGTH_BYTES) {
      const length = this.#head().readInt32BE(0);
      if (length < 0 || length > this.#frameBytesMax) throw this.#notAFrame(length);
      if (this.#available < LENGTH_BYTES + length) break;
      const joined = this.#joined();
      frames.push(joined.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
      const rest = joined.subarray(LENGTH_BYTES + length);
      this.#parts = rest.length === 0 ? [] : [rest];
      this.#available = rest.length;
    }
    return frames;
  }

  /** The first part, long enough to hold a length. */
  #head(): Buffer {
    const first = this.#parts[0];
    return first !== undefined && first.length >= LENGTH_BYTES ? first : this.#joined();
  }

  #joined(): Buffer {
    const [first] = this.#parts;
    if (this.#parts.length === 1 && first !== undefined) return first;
    const joined = Buffer.concat(this.#parts, this.#available);
    this.#parts = [joined];
    return joined;
  }

  #notAFrame(length: number): FrameError {
    const start = this.#head().subarray(0, LENGTH_BYTES);
    if (HTTP_STARTS.has(start.toString('latin1'))) {
      return new FrameError('an HTTP request came in; this port speaks the Kafka protocol');
    }
    if (start[0] === TLS_HANDSHAKE) {
      return new FrameError(
        'a TLS handshake came in; set security.protocol=PLAINTEXT in the client',
      );
    }
    const bound = `socket.request.max.bytes is ${this.#frameBytesMax}`;
    return new FrameError(`a request claims a length of ${length} bytes; ${bound}`);
  }
}
