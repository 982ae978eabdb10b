import { write } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { hasCode } from '../file-error.ts';
import type { LineOutput } from './line-output.ts';

const STDOUT = 1;
/** How long to wait for the reader of a full pipe before trying again. */
const FULL_PIPE_WAIT_MS = 5;
const writeDescriptor = promisify(write);

/**
 * Standard output by its descriptor: in a worker thread `process.stdout` goes through the main
 * thread, where lines would be lost when the process is killed.
 */
export class StdoutOutput implements LineOutput {
  readonly label = 'stdout';

  async write(bytes: Uint8Array): Promise<number> {
    try {
      const { bytesWritten } = await writeDescriptor(STDOUT, bytes);
      return bytesWritten;
    } catch (error) {
      if (!hasCode(error, 'EAGAIN')) throw error;
      await sleep(FULL_PIPE_WAIT_MS);
      return 0;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
