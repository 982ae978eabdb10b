import { closeSync, fstatSync, openSync, readSync, type Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** How far below an entry of `plugin.path` jars are looked for: `plugin/lib/x.jar` is at 2. */
const DEPTH_MAX = 3;
/** More are not looked at: they serve messages only, and plugin.path may be the root. */
const ARCHIVES_MAX = 2_000;
const DIRECTORIES_MAX = 2_000;
/** No jar with a longer list of its files is looked into. */
const DIRECTORY_BYTES_MAX = 16 * 1024 * 1024;

/** The end of a zip file: its fixed part, and the longest comment that may follow it. */
const END_BYTES = 22;
const COMMENT_BYTES_MAX = 0xffff;
const END_SIGNATURE = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const END_DIRECTORY_SIZE = 12;
const END_DIRECTORY_START = 16;

/** The jars in a directory and some levels below, as Java's worker would load them. */
export async function javaArchivesIn(directory: string): Promise<readonly string[]> {
  const found: string[] = [];
  let level: readonly string[] = [directory];
  let directories = 0;
  for (let depth = 0; depth <= DEPTH_MAX; depth++) {
    const below: string[] = [];
    for (const path of level) {
      directories += 1;
      if (directories > DIRECTORIES_MAX || found.length >= ARCHIVES_MAX) return found;
      for (const entry of await entriesOf(path)) {
        if (isJavaArchive(entry.name) && !entry.isDirectory()) found.push(join(path, entry.name));
        else if (!entry.isFile() && entry.name !== 'node_modules')
          below.push(join(path, entry.name));
      }
    }
    level = below;
  }
  return found;
}

async function entriesOf(directory: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch {
    // No directory, or none for us: discovery complains of what deserves it.
    return [];
  }
}

export function isJavaArchive(name: string): boolean {
  return name.endsWith('.jar');
}

/**
 * Whether a jar holds a class: one of that full name, or, for a name without a package, any of that
 * simple name. False for what can't be read. It only reads the list at the end of the file, and only
 * where a class was asked for that is not there, so that it may block.
 */
export function holdsClass(jar: string, className: string): boolean {
  try {
    const names = fileNames(jar);
    if (className.includes('.')) return names.includes(`${className.replaceAll('.', '/')}.class`);
    return [className, `${className}Connector`].some((name) => names.includes(`/${name}.class`));
  } catch {
    // Gone or unreadable since it was listed: then it can't help the message.
    return false;
  }
}

/** The zip file's list of its files, as bytes; empty for what is no zip file. */
function fileNames(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const tail = bytesAt(file, Math.max(0, size - END_BYTES - COMMENT_BYTES_MAX), size);
    const end = tail.lastIndexOf(END_SIGNATURE);
    if (end < 0 || end + END_BYTES > tail.length) return Buffer.alloc(0);
    const length = tail.readUInt32LE(end + END_DIRECTORY_SIZE);
    const start = tail.readUInt32LE(end + END_DIRECTORY_START);
    if (length > DIRECTORY_BYTES_MAX) return Buffer.alloc(0);
    return bytesAt(file, start, start + length);
  } finally {
    closeSync(file);
  }
}

function bytesAt(file: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(to - from);
  return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from));
}
