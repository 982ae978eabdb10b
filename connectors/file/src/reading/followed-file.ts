import type { Logger } from '@sluice/api';
import type { Stats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { fileError, hasCode } from '../file-error.ts';
import type { LineInput } from './line-input.ts';

/** Of this much before the position, and at the start, a rewritten file must be as it was. */
const FINGERPRINT_BYTES = 4096;
const WARN_INTERVAL_MS = 1000;

/**
 * A file that others append to. Notices when it is cut off (`> file`, copytruncate) or replaced (log
 * rotation, an editor's save) and says so; a file that is missing is waited for, with a warning each
 * second.
 */
export class FollowedFile implements LineInput {
  readonly label: string;
  readonly #logger: Logger;
  readonly #now: () => number;
  #handle: FileHandle | null = null;
  /** What is open, as it was then. */
  #opened: Stats | null = null;
  /** Whether the last read came to the end. */
  #isAtEnd = false;
  /** Whether the last read found the file as the one before left it. */
  #isUnchanged = false;
  /** The next byte to read. */
  #readAt = 0;
  #lastWarningMs = Number.NEGATIVE_INFINITY;

  /** @param now - a monotonic clock in milliseconds, for the pace of warnings */
  constructor(path: string, logger: Logger, now: () => number = () => performance.now()) {
    this.label = path;
    this.#logger = logger;
    this.#now = now;
  }

  async open(position: number): Promise<number | null> {
    const handle = await this.#openOrNull();
    if (handle === null) return null;
    const opened = await handle.stat();
    const { size } = opened;
    this.#handle = handle;
    this.#opened = opened;
    this.#readAt = position;
    if (size < position) {
      this.#readAt = 0;
      this.#logger.warn(
        `The file ${this.label} has ${size} bytes, fewer than the ${position} already read: it was ` +
          'cut off or replaced meanwhile. Reading it from its start',
      );
    } else {
      this.#logger.info(`Opened ${this.label} for reading, from byte ${position}`);
    }
    return this.#readAt;
  }

  async read(target: Buffer, offset: number, length: number): Promise<number> {
    if (this.#handle === null) return 0;
    this.#isUnchanged = this.#isAtEnd && (await this.#isStillAtEnd());
    if (this.#isUnchanged) return 0;
    try {
      const { bytesRead } = await this.#handle.read(target, offset, length, this.#readAt);
      this.#readAt += bytesRead;
      this.#isAtEnd = bytesRead === 0;
      return bytesRead;
    } catch (error) {
      throw fileError(`read the file ${this.label} at byte ${this.#readAt}`, error);
    }
  }

  async restartedAt(position: number): Promise<number | null> {
    const handle = this.#handle;
    if (handle === null || this.#isUnchanged) return null;
    const now = await this.#statPath();
    if (now === null) return null;
    const held = await handle.stat();
    if (now.ino === held.ino && now.dev === held.dev) {
      return held.size < this.#readAt ? this.#restartCutOff(held.size, position) : null;
    }
    // Its writer may have added lines between our last read and the rename: read those first.
    return held.size > this.#readAt ? null : this.#restartReplaced(handle, position);
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  #restartCutOff(size: number, position: number): number {
    this.#logger.warn(
      `The file ${this.label} was cut off: it has ${size} bytes, ${position} were already read. ` +
        'Reading it from its start',
    );
    this.#readAt = 0;
    return 0;
  }

  async #restartReplaced(old: FileHandle, position: number): Promise<number | null> {
    const fresh = await this.#openOrNull();
    if (fresh === null) return null;
    const isSame = await isContinuation(old, fresh, position);
    const unended = this.#readAt - position;
    const lost = unended > 0 ? ` (${unended} bytes at its end had no line end: not read)` : '';
    if (isSame) {
      this.#logger.info(
        `The file ${this.label} was rewritten with the same content up to byte ${position}: ` +
          'reading on from there',
      );
    } else {
      this.#logger.warn(
        `The file ${this.label} was replaced by another one. The old one was read to its ` +
          `end${lost}; reading the new one from its start`,
      );
    }
    this.#handle = fresh;
    this.#opened = await fresh.stat();
    this.#readAt = isSame ? position : 0;
    await old.close();
    return this.#readAt;
  }

  async #openOrNull(): Promise<FileHandle | null> {
    try {
      return await open(this.label, 'r');
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw fileError(`open the file ${this.label}`, error);
      this.#warnMissing();
      return null;
    }
  }

  /** The same file, as long as what was read: one look, in place of a read and two looks. */
  async #isStillAtEnd(): Promise<boolean> {
    const now = await this.#statPath();
    const opened = this.#opened;
    if (now === null || opened === null) return false;
    return now.ino === opened.ino && now.dev === opened.dev && now.size === this.#readAt;
  }

  async #statPath(): Promise<Stats | null> {
    try {
      return await stat(this.label);
    } catch (error) {
      // In the middle of a rotation the name is free for a moment. What is open stays readable.
      if (!hasCode(error, 'ENOENT')) throw fileError(`look at the file ${this.label}`, error);
      this.#warnMissing();
      return null;
    }
  }

  #warnMissing(): void {
    const nowMs = this.#now();
    if (nowMs - this.#lastWarningMs < WARN_INTERVAL_MS) return;
    this.#lastWarningMs = nowMs;
    this.#logger.warn(
      `Couldn't find the file ${this.label}: waiting for it to be created, looking each second`,
    );
  }
}

/** Whether the fresh file begins with what was read of the old one: judged by both ends of it. */
async function isContinuation(
  old: FileHandle,
  fresh: FileHandle,
  position: number,
): Promise<boolean> {
  const { size } = await fresh.stat();
  if (size < position) return false;
  const length = Math.min(FINGERPRINT_BYTES, position);
  for (const at of [0, position - length]) {
    const [before, after] = await Promise.all([
      bytesAt(old, at, length),
      bytesAt(fresh, at, length),
    ]);
    if (!before.equals(after)) return false;
  }
  return true;
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}
