import { writeSync } from 'node:fs';

/** Where finished lines go. */
export interface LineOutput {
  write(line: string): void;
}

// A reader that stalls for longer loses lines rather than stopping the pipelines behind them.
const FULL_PIPE_WAIT_MS_MAX = 2_000;
const FULL_PIPE_STEP_MS = 5;

/**
 * Writes whole lines to a file descriptor at once, so that lines of several threads never mix and
 * the last words of a crashing thread are seen.
 */
export class FileDescriptorOutput implements LineOutput {
  readonly #fd: number;
  readonly #sleepCell = new Int32Array(new SharedArrayBuffer(4));
  #isBroken = false;

  constructor(fd = 1) {
    this.#fd = fd;
  }

  write(line: string): void {
    if (this.#isBroken) return;
    const bytes = Buffer.from(line, 'utf8');
    let written = 0;
    let waitedMs = 0;
    while (written < bytes.length) {
      try {
        written += writeSync(this.#fd, bytes, written);
      } catch (error) {
        if (!isPipeFull(error)) {
          // Nobody reads any more (EPIPE) or the descriptor is closed: logging must not end work.
          this.#isBroken = true;
          return;
        }
        if (waitedMs >= FULL_PIPE_WAIT_MS_MAX) return;
        Atomics.wait(this.#sleepCell, 0, 0, FULL_PIPE_STEP_MS);
        waitedMs += FULL_PIPE_STEP_MS;
      }
    }
  }
}

function isPipeFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
