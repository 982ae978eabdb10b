import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder of a test's own; removed with all that is in it when disposed or when the process ends. */
export interface TempDir extends AsyncDisposable {
  readonly path: string;
  /** A path inside the folder. */
  join(...parts: readonly string[]): string;
}

const FOLDERS = Symbol('folders that go when the process does');

/** What the process does at its end for all its folders; it is kept in the process's own list. */
interface RemoveAll {
  (): void;
  readonly [FOLDERS]: Set<string>;
}

/** The folders to remove at the end: one listener, however many there are. */
function foldersToRemove(): Set<string> {
  const known = process.listeners('exit').find((each): each is RemoveAll => FOLDERS in each);
  if (known !== undefined) return known[FOLDERS];
  const folders = new Set<string>();
  const removeAll = (): void => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', Object.assign(removeAll, { [FOLDERS]: folders }));
  return folders;
}

/**
 * Makes an empty folder below the system's temporary folder. With `SLUICE_KEEP_TEMP=1` it stays, for
 * looking at what a failed test left.
 *
 * @param label - first part of the folder's name, so that a person can tell whose it is
 */
export async function makeTempDir(label = 'test'): Promise<TempDir> {
  const created = await mkdtemp(path.join(tmpdir(), `sluice-${label}-`));
  const folder = await realpath(created);
  const isKept = process.env['SLUICE_KEEP_TEMP'] === '1';
  const toRemove = foldersToRemove();
  if (!isKept) toRemove.add(folder);
  return {
    path: folder,
    join: (...parts) => path.join(folder, ...parts),
    async [Symbol.asyncDispose]() {
      if (isKept) return;
      toRemove.delete(folder);
      // A killed server's last files may still appear while the folder is being emptied: hence retries.
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}
