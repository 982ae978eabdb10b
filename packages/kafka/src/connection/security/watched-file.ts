import { readFile, stat } from 'node:fs/promises';

/** The content of one file, read again only when the file has changed. */
export class WatchedFile<T> {
  readonly location: string;
  readonly #parse: (content: Buffer) => T;
  #stamp = '';
  #parsed: T | null = null;

  constructor(location: string, parse: (content: Buffer) => T) {
    this.location = location;
    this.#parse = parse;
  }

  /** What the file holds now. */
  async read(): Promise<T> {
    const { mtimeMs, size, ino } = await stat(this.location);
    const stamp = `${mtimeMs}:${size}:${ino}`;
    if (this.#parsed !== null && stamp === this.#stamp) return this.#parsed;
    const parsed = this.#parse(await readFile(this.location));
    this.#parsed = parsed;
    this.#stamp = stamp;
    return parsed;
  }
}
