import { constants } from 'node:fs';
import { access, open, readFile, realpath, rename, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConnectError, type Logger } from '@sluice/api';
import { messageOf } from '../data-plane/errors/thrown.ts';
import {
  type JavaMapEntry,
  readJavaMap,
  TruncatedStreamError,
  writeJavaMap,
} from './java-map-serial.ts';
import { MemoryOffsetBackingStore } from './memory-offset-backing-store.ts';
import type { OffsetEntry } from './offset-backing-store.ts';

const CONFIG_KEY = 'offset.storage.file.filename';
const EMPTY = Buffer.alloc(0);

/**
 * Offsets in one file, in the serialised form that Java's standalone worker writes: either can go
 * on where the other stopped. Written whole to a second file and renamed, so that a crash leaves
 * the old offsets or the new ones (Invariant 7). Mirrors `FileOffsetBackingStore`, which writes in place.
 */
export class FileOffsetBackingStore extends MemoryOffsetBackingStore {
  #path: string;
  readonly #logger: Logger;
  #lastWrite: Promise<void> = Promise.resolve();
  #failure: Error | null = null;

  constructor(path: string, logger: Logger) {
    super();
    this.#path = resolve(path);
    this.#logger = logger;
  }

  override get failure(): Error | null {
    return this.#failure;
  }

  override async start(): Promise<void> {
    // Renaming onto a link would replace the link, not the file that it leads to.
    this.#path = await realpath(this.#path).catch(() => this.#path);
    this.#logger.info(`Starting FileOffsetBackingStore with file ${this.#path}`);
    await this.#checkPlace();
    const bytes = await this.#read();
    if (bytes === null) return;
    try {
      for (const [key, value] of readJavaMap(bytes)) super.put({ key: key ?? EMPTY, value });
    } catch (error) {
      if (error instanceof TruncatedStreamError) {
        this.#logger.warn(
          `The offsets file ${this.#path} is incomplete (${error.message}): starting without ` +
            'offsets, so source connectors begin again',
        );
        return;
      }
      throw new ConnectError(
        `The offsets file ${this.#path} (${CONFIG_KEY}) can't be read: ` +
          `${messageOf(error)}. It was not written by a ` +
          'Connect worker; give another file name',
        { cause: error, code: 'CONNECT_OFFSET_FILE_INVALID' },
      );
    }
  }

  override async set(entries: readonly OffsetEntry[]): Promise<void> {
    // In order, one at a time: a later write holds everything an earlier one did.
    const write = this.#lastWrite.then(
      () => this.#write(entries),
      () => this.#write(entries),
    );
    this.#lastWrite = write;
    await write;
  }

  override async stop(): Promise<void> {
    await this.#lastWrite.catch(() => undefined);
    this.#logger.info('Stopped FileOffsetBackingStore');
  }

  async #write(entries: readonly OffsetEntry[]): Promise<void> {
    const before = entries.map(({ key }) => ({ key, value: this.get(key) }));
    for (const entry of entries) super.put(entry);
    try {
      await this.#save();
      this.#failure = null;
    } catch (cause) {
      // What could not be stored must not be answered to a reader either.
      for (const { key, value } of before) {
        if (value === null) super.delete(key);
        else super.put({ key, value });
      }
      this.#failure = new ConnectError(
        `Offsets could not be written to ${this.#path} (${CONFIG_KEY}): ${messageOf(cause)}`,
        { cause, code: 'CONNECT_OFFSET_FILE_WRITE' },
      );
      throw this.#failure;
    }
  }

  async #save(): Promise<void> {
    const map: JavaMapEntry[] = [];
    for (const { key, value } of this.entries()) map.push([key, value]);
    const next = `${this.#path}.next`;
    const file = await open(next, 'w', 0o644);
    try {
      await file.writeFile(writeJavaMap(map));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(next, this.#path);
    await syncDirectory(dirname(this.#path));
  }

  async #read(): Promise<Buffer | null> {
    try {
      return await readFile(this.#path);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) {
        this.#logger.warn(`The offsets file ${this.#path} does not exist yet: starting without`);
        return null;
      }
      throw this.#unusable(error);
    }
  }

  /** Java finds out at the first commit that it can't write; here the worker does not start. */
  async #checkPlace(): Promise<void> {
    const directory = dirname(this.#path);
    try {
      await access(directory, constants.W_OK | constants.X_OK);
      const found = await stat(this.#path).catch((error: unknown) => {
        if (hasCode(error, 'ENOENT')) return null;
        throw error;
      });
      if (found === null) return;
      if (!found.isFile()) throw new Error('it is not a regular file');
      await access(this.#path, constants.R_OK | constants.W_OK);
    } catch (error) {
      throw this.#unusable(error);
    }
  }

  #unusable(cause: unknown): ConnectError {
    const reason = messageOf(cause);
    return new ConnectError(
      `The offsets file ${this.#path} can't be used: ${reason}. Set ${CONFIG_KEY} to a file in an ` +
        'existing folder that the worker may write to',
      { cause, code: 'CONNECT_OFFSET_FILE_UNUSABLE' },
    );
  }
}

/** Makes the renaming itself durable; not every system can open a folder. */
async function syncDirectory(path: string): Promise<void> {
  try {
    const directory = await open(path, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch (error) {
    if (!hasCode(error, 'EISDIR') && !hasCode(error, 'EPERM') && !hasCode(error, 'EINVAL')) {
      throw error;
    }
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
