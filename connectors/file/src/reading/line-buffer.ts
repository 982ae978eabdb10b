import { isAscii } from 'node:buffer';

const LF = 0x0a;
const CR = 0x0d;
/** What is read at once: large enough that a read's fixed cost vanishes, small enough to hold. */
const CHUNK_BYTES = 256 * 1024;
/** No line may be longer. Kafka's own limit for a record is 1 MiB unless it was raised. */
export const LINE_BYTES_MAX = 64 * 1024 * 1024;

/** A line longer than {@link LINE_BYTES_MAX}; the caller knows which file it stands in. */
export class LineTooLongError extends Error {
  override readonly name = 'LineTooLongError';
}

/** A place in the buffer to read into. */
export interface FreeSpace {
  readonly bytes: Buffer;
  readonly offset: number;
  readonly length: number;
}

/**
 * Cuts bytes into lines and knows, in bytes, where each one ends. A line ends with LF, CR LF or CR;
 * a CR that is the last byte so far waits for the next one. Text is UTF-8.
 *
 * Use: `space()`, read into it, `filled(n)`, then `next()` until it gives `null`, and again.
 */
export class LineBuffer {
  #bytes = Buffer.allocUnsafe(CHUNK_BYTES);
  /** First byte not given out yet. */
  #start = 0;
  /** End of what was read. */
  #end = 0;
  /** End of the last whole line. */
  #linesEnd = 0;
  #hasCr = false;
  /** The whole lines as text while a character is a byte, so that lines are slices of it. */
  #text: string | null = null;
  #textAt = 0;
  #position: number;
  #lineNumber: number;

  /**
   * @param position - the byte in the file at which reading starts
   * @param lineNumber - how many lines lie before it
   */
  constructor(position = 0, lineNumber = 0) {
    this.#position = position;
    this.#lineNumber = lineNumber;
  }

  /** The byte in the file after the line that `next` gave last, its end included. */
  get position(): number {
    return this.#position;
  }
  /** How many lines have been given out: the number, from 1, of the last one. */
  get lineNumber(): number {
    return this.#lineNumber;
  }
  /** The byte in the file up to which was read: whole lines and the beginning of the next one. */
  get readPosition(): number {
    return this.#position + this.#end - this.#start;
  }
  /** Whether `next` has a line. */
  get hasLine(): boolean {
    return this.#start < this.#linesEnd;
  }

  /**
   * Where to read to. Only when `next` has no more lines.
   *
   * @throws LineTooLongError when the line that is being read has no end within the limit
   */
  space(): FreeSpace {
    const rest = this.#end - this.#start;
    if (this.#start > 0) {
      this.#bytes.copyWithin(0, this.#start, this.#end);
      this.#start = 0;
      this.#end = rest;
      this.#linesEnd = 0;
    }
    if (rest === this.#bytes.length) {
      if (rest >= LINE_BYTES_MAX) {
        throw new LineTooLongError(`no line end within ${LINE_BYTES_MAX} bytes`);
      }
      const larger = Buffer.allocUnsafe(Math.min(rest * 2, LINE_BYTES_MAX));
      this.#bytes.copy(larger, 0, 0, rest);
      this.#bytes = larger;
    } else if (rest === 0 && this.#bytes.length > CHUNK_BYTES) {
      // One long line must not keep its memory for good.
      this.#bytes = Buffer.allocUnsafe(CHUNK_BYTES);
    }
    return { bytes: this.#bytes, offset: this.#end, length: this.#bytes.length - this.#end };
  }

  /** Says how many bytes were read into {@link space}. */
  filled(count: number): void {
    const fresh = this.#bytes.subarray(this.#end, this.#end + count);
    // Of what is left over only the last byte can be a CR: any other would have ended a line.
    const wasCrLast = this.#end > this.#start && this.#bytes[this.#end - 1] === CR;
    this.#hasCr = wasCrLast || fresh.includes(CR);
    this.#linesEnd = this.#hasCr
      ? this.#endOfLastLineWithCr(fresh)
      : this.#endOfLastLine(this.#end, fresh);
    this.#end += count;
    this.#decodeIfAscii();
  }

  /** The next whole line without its end, or `null` when there is none yet. */
  next(): string | null {
    const text = this.#text;
    if (text === null) return this.#nextFromBytes();
    const from = this.#textAt;
    const at = text.indexOf('\n', from);
    if (at === -1) {
      this.#text = null;
      return null;
    }
    this.#textAt = at + 1;
    this.#advance(at + 1 - from);
    return text.slice(from, at);
  }

  #endOfLastLine(freshAt: number, fresh: Buffer): number {
    const last = fresh.lastIndexOf(LF);
    return last === -1 ? this.#start : freshAt + last + 1;
  }

  /** As {@link #endOfLastLine}; a CR counts as an end once a byte has followed it. */
  #endOfLastLineWithCr(fresh: Buffer): number {
    const end = this.#end + fresh.length;
    const byLf = this.#endOfLastLine(this.#end, fresh);
    for (let at = end - 2; at >= Math.max(byLf, this.#end - 1, this.#start); at--) {
      if (this.#bytes[at] === CR) return at + 1;
    }
    return byLf;
  }

  #decodeIfAscii(): void {
    this.#text = null;
    if (this.#hasCr || this.#linesEnd === this.#start) return;
    if (!isAscii(this.#bytes.subarray(this.#start, this.#linesEnd))) return;
    this.#text = this.#bytes.toString('latin1', this.#start, this.#linesEnd);
    this.#textAt = 0;
  }

  #nextFromBytes(): string | null {
    if (this.#start >= this.#linesEnd) return null;
    const from = this.#start;
    const end = this.#hasCr ? this.#findEnd(from) : this.#bytes.indexOf(LF, from);
    const isCrLf = this.#bytes[end] === CR && this.#bytes[end + 1] === LF;
    this.#advance(end + (isCrLf ? 2 : 1) - from);
    return this.#bytes.toString('utf8', from, end);
  }

  #findEnd(from: number): number {
    let at = from;
    for (;;) {
      const byte = this.#bytes[at];
      if (byte === LF || byte === CR) return at;
      at++;
    }
  }

  #advance(count: number): void {
    this.#start += count;
    this.#position += count;
    this.#lineNumber++;
  }
}
