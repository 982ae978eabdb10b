import type { Logger } from '@sluice/api';
import { open, type FileHandle } from 'node:fs/promises';
import { fileError } from '../file-error.ts';
import type { LineOutput } from './line-output.ts';

const LF = 0x0a;

/** A file that is written at its end; made when it is not there. */
export class AppendedFile implements LineOutput {
  readonly label: string;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle) {
    this.label = path;
    this.#handle = handle;
  }

  /**
   * Opens the file. If it ends in the middle of a line (a worker was killed while writing), the line
   * is ended first, so that the fragment does not swallow the next line.
   *
   * @throws ConnectError when it can't be opened
   */
  static async open(path: string, logger: Logger): Promise<AppendedFile> {
    try {
      const handle = await open(path, 'a+');
      const file = new AppendedFile(path, handle);
      await file.#endTornLine(logger);
      return file;
    } catch (error) {
      throw fileError(`find or create the file ${path} to write to`, error);
    }
  }

  async write(bytes: Uint8Array): Promise<number> {
    const { bytesWritten } = await this.#handle.write(bytes);
    return bytesWritten;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #endTornLine(logger: Logger): Promise<void> {
    const info = await this.#handle.stat();
    if (!info.isFile() || info.size === 0) return;
    const last = Buffer.alloc(1);
    await this.#handle.read(last, 0, 1, info.size - 1);
    if (last[0] === LF) return;
    logger.warn(
      `The file ${this.label} ends in the middle of a line, after byte ${info.size}: the worker or ` +
        'another writer was cut off there. Its line is ended, and writing begins on a new one; the ' +
        'whole line follows, unless it was somebody else who wrote it',
    );
    await this.#handle.write('\n');
  }
}
