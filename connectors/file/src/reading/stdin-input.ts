import { fstatSync, read } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import { promisify } from 'node:util';
import { fileError } from '../file-error.ts';
import type { LineInput } from './line-input.ts';

const STDIN = 0;
const readDescriptor = promisify(read);

/**
 * Standard input as lines. Opened by its descriptor, because in a worker thread `process.stdin` is
 * another, empty stream. Pipes and terminals are read by the event loop, so that a reader that waits
 * can be stopped; files (and /dev/null) by plain reads.
 */
export class StdinInput implements LineInput {
  readonly label = 'stdin';
  #stream: Readable | null = null;
  #error: unknown = null;

  /** Standard input has no positions: reading goes on wherever it stands. */
  open(): Promise<number> {
    const kind = fstatSync(STDIN);
    if (kind.isFIFO() || kind.isSocket()) {
      this.#listen(new Socket({ fd: STDIN, readable: true, writable: false }));
    } else if (isatty(STDIN)) {
      this.#listen(new ReadStream(STDIN));
    }
    return Promise.resolve(0);
  }

  async read(target: Buffer, offset: number, length: number): Promise<number> {
    if (this.#error !== null) throw fileError('read standard input', this.#error);
    if (this.#stream !== null) return takeFrom(this.#stream, target, offset, length);
    const { bytesRead } = await readDescriptor(STDIN, target, offset, length, null);
    return bytesRead;
  }

  restartedAt(): Promise<null> {
    return Promise.resolve(null);
  }

  /** Leaves the descriptor to the process; what it holds unread stays unread. */
  close(): Promise<void> {
    this.#stream?.pause();
    this.#stream?.destroy();
    this.#stream = null;
    return Promise.resolve();
  }

  #listen(stream: Readable): void {
    stream.on('error', (error) => {
      this.#error = error;
    });
    // Without a listener nothing is read ahead; with it the stream fills up to its high-water mark.
    stream.on('readable', () => undefined);
    this.#stream = stream;
  }
}

function takeFrom(stream: Readable, target: Buffer, offset: number, length: number): number {
  const available = Math.min(stream.readableLength, length);
  if (available === 0) {
    // `read()` on an empty stream starts the next read ahead.
    stream.read();
    return 0;
  }
  const chunk: unknown = stream.read(available);
  return Buffer.isBuffer(chunk) ? chunk.copy(target, offset) : 0;
}
