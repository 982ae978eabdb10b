import { ConnectError } from '@sluice/api';
import { setTimeout as sleep } from 'node:timers/promises';
import { LineBuffer, LineTooLongError } from './line-buffer.ts';
import type { LineInput } from './line-input.ts';

/**
 * How soon a line that was appended is noticed: at once while lines come, more and more seldom while
 * none do, so that a thousand files in which nothing happens cost nothing. Java looks once a second.
 */
const IDLE_MS_MIN = 200;
const IDLE_MS_MAX = 1_000;

/** Where to begin. */
export interface LineStart {
  /** In bytes. */
  readonly position: number;
  /** How many lines lie before it; 0 where nobody counts. */
  readonly lineNumber: number;
}

/** Lines of an input that may grow, one after the other, with their exact positions. */
export class LineReader implements AsyncDisposable {
  readonly #input: LineInput;
  #lines: LineBuffer;
  #isOpen = false;
  /** Whether the last look found nothing: before the next one there is a wait. */
  #isIdle = false;
  #idleMs = IDLE_MS_MIN;

  constructor(input: LineInput, start: LineStart) {
    this.#input = input;
    this.#lines = new LineBuffer(start.position, start.lineNumber);
  }

  get label(): string {
    return this.#input.label;
  }
  /** The byte after the line that `next` gave last. */
  get position(): number {
    return this.#lines.position;
  }
  /** The number, from 1, of the line that `next` gave last. */
  get lineNumber(): number {
    return this.#lines.lineNumber;
  }

  /**
   * Whether `next` has a line: reads, and waits a moment (0.2 to 1 s) when there is nothing new, so
   * that a loop of calls does not spin.
   *
   * @throws ConnectError when the input can't be read
   */
  async ready(signal: AbortSignal): Promise<boolean> {
    if (this.#lines.hasLine || (!this.#isIdle && (await this.#fill(signal)))) return true;
    try {
      await sleep(this.#idleMs, undefined, { signal });
    } catch {
      // Aborted: the task is to stop, which is no error.
      return false;
    }
    const hasLine = await this.#fill(signal);
    this.#isIdle = !hasLine;
    this.#idleMs = hasLine ? IDLE_MS_MIN : Math.min(IDLE_MS_MAX, this.#idleMs * 2);
    return hasLine;
  }

  /** The next line, or `null` when `ready` has to be asked again. */
  next(): string | null {
    return this.#lines.next();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOpen = false;
    await this.#input.close();
  }

  async #fill(signal: AbortSignal): Promise<boolean> {
    if (!this.#isOpen && !(await this.#open())) return false;
    while (!signal.aborted) {
      const { bytes, offset, length } = this.#space();
      const count = await this.#input.read(bytes, offset, length);
      if (count > 0) {
        this.#lines.filled(count);
        if (this.#lines.hasLine) return true;
      } else if (!(await this.#hasRestarted())) {
        return false;
      }
    }
    return false;
  }

  async #open(): Promise<boolean> {
    const position = await this.#input.open(this.#lines.position);
    if (position === null) return false;
    this.#isOpen = true;
    if (position !== this.#lines.position) this.#lines = new LineBuffer(position);
    return true;
  }

  async #hasRestarted(): Promise<boolean> {
    const position = await this.#input.restartedAt(this.#lines.position);
    if (position === null) return false;
    const isSamePlace = position === this.#lines.position;
    this.#lines = new LineBuffer(position, isSamePlace ? this.#lines.lineNumber : 0);
    return true;
  }

  #space(): ReturnType<LineBuffer['space']> {
    try {
      return this.#lines.space();
    } catch (cause) {
      if (!(cause instanceof LineTooLongError)) throw cause;
      throw new ConnectError(
        `Could not read a line of ${this.label} at byte ${this.position}: ${cause.message}. Is it a ` +
          'text file? If so, cut the line, or set the offset behind it.',
        { cause },
      );
    }
  }
}
