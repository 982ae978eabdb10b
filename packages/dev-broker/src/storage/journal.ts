import { rename } from 'node:fs/promises';
import type { LogFile, OpenLogFile } from './log-file.ts';
import { SerialQueue } from './serial-queue.ts';

const NEWLINE = 0x0a;

/**
 * A file of JSON lines that is appended to, and rewritten when it has become much longer than what
 * it says. A line is written whole or not at all: the torn line of a killed process is cut off.
 */
export class Journal {
  readonly #path: string;
  readonly #openFile: OpenLogFile;
  readonly #writes = new SerialQueue();
  #file: LogFile;
  #size: number;
  #lines: number;

  private constructor(path: string, openFile: OpenLogFile, file: LogFile, content: Content) {
    this.#path = path;
    this.#openFile = openFile;
    this.#file = file;
    this.#size = content.size;
    this.#lines = content.lines.length;
  }

  /** Opens the journal and hands over what it holds, in order. Lines that are no JSON throw. */
  static async open(
    path: string,
    openFile: OpenLogFile,
    replay: (entry: unknown) => void,
  ): Promise<Journal> {
    const file = await openFile(path);
    try {
      const content = wholeLines(await file.read(0, file.initialSize));
      if (content.size < file.initialSize) await file.truncate(content.size);
      for (const line of content.lines) replay(JSON.parse(line));
      return new Journal(path, openFile, file, content);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Lines in the file. */
  get lines(): number {
    return this.#lines;
  }

  /** Resolves when the system has taken the entry; after a failure the file is as before. */
  append(entry: object): Promise<void> {
    return this.#writes.run(async () => {
      const line = Buffer.from(`${JSON.stringify(entry)}\n`);
      const start = this.#size;
      try {
        await this.#file.write([line], start);
      } catch (error) {
        // If even this fails, the next append overwrites the same place.
        await this.#file.truncate(start).catch(() => undefined);
        throw error;
      }
      this.#size += line.length;
      this.#lines++;
    });
  }

  /** Puts these entries in the place of all that the file holds. `entries` is asked when it is time. */
  rewrite(entries: () => readonly object[]): Promise<void> {
    return this.#writes.run(async () => {
      const lines = entries().map((entry) => `${JSON.stringify(entry)}\n`);
      const bytes = Buffer.from(lines.join(''));
      const temporary = `${this.#path}.tmp`;
      const file = await this.#openFile(temporary);
      try {
        await file.truncate(0);
        await file.write([bytes], 0);
        await file.sync();
        await rename(temporary, this.#path);
      } catch (error) {
        await file.close();
        throw error;
      }
      await this.#file.close();
      this.#file = file;
      this.#size = bytes.length;
      this.#lines = lines.length;
    });
  }

  async close(): Promise<void> {
    await this.#writes.drained();
    await this.#file.sync();
    await this.#file.close();
  }
}

interface Content {
  readonly lines: readonly string[];
  /** Bytes up to the end of the last whole line. */
  readonly size: number;
}

function wholeLines(bytes: Buffer): Content {
  const size = bytes.lastIndexOf(NEWLINE) + 1;
  const lines = bytes.toString('utf8', 0, size).split('\n').slice(0, -1);
  return { lines, size };
}
