import { open } from 'node:fs/promises';

/** A file of a log as the broker uses it: appended to at a known place, read at any. */
export interface LogFile {
  /** Bytes in the file when it was opened. */
  readonly initialSize: number;
  /** Writes all of it, or rejects; how much of it then stands in the file is unknown. */
  write(bytes: readonly Buffer[], position: number): Promise<void>;
  /** Reads up to `length` bytes; fewer where the file ends. */
  read(position: number, length: number): Promise<Buffer>;
  truncate(size: number): Promise<void>;
  /** Resolves when the contents are on the disk, not only in the system's page cache. */
  sync(): Promise<void>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

/**
 * Opens a file. One that is not there is made, unless `existing` says that it has to be: a lost file
 * must not pass for an empty one. Tests put a disk that fails in its place.
 */
export type OpenLogFile = (path: string, mode?: 'existing') => Promise<LogFile>;

/** {@link LogFile} on the real file system. */
export const openLogFile: OpenLogFile = async (path, mode) => {
  // Not 'a+': with O_APPEND, Linux ignores the position of a write.
  const handle = await open(path, 'r+').catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing && mode !== 'existing') return open(path, 'wx+');
    throw error;
  });
  const { size } = await handle.stat();
  return {
    initialSize: size,
    async write(bytes, position) {
      let at = position;
      let left = bytes;
      while (left.length > 0) {
        const { bytesWritten } = await handle.writev(left, at);
        at += bytesWritten;
        left = withoutFirst(left, bytesWritten);
      }
    },
    async read(position, length) {
      const buffer = Buffer.allocUnsafeSlow(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return filled === length ? buffer : buffer.subarray(0, filled);
    },
    truncate: (newSize) => handle.truncate(newSize),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
};

/** What of `parts` is left when the first `count` bytes are gone. */
function withoutFirst(parts: readonly Buffer[], count: number): readonly Buffer[] {
  let skip = count;
  const left: Buffer[] = [];
  for (const part of parts) {
    if (skip >= part.length) skip -= part.length;
    else {
      left.push(skip === 0 ? part : part.subarray(skip));
      skip = 0;
    }
  }
  return left;
}
