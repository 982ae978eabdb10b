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
  const removeAtExit = (): void => rmSync(folder, { recursive: true, force: true });
  if (!isKept) process.on('exit', removeAtExit);
  return {
    path: folder,
    join: (...parts) => path.join(folder, ...parts),
    async [Symbol.asyncDispose]() {
      if (isKept) return;
      process.removeListener('exit', removeAtExit);
      // A killed server's last files may still appear while the folder is being emptied: hence retries.
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}
