import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { waitUntil } from './wait-until.ts';

/** Bounds of {@link underLock}. */
export interface LockOptions {
  /** How long to wait for another process to be done. */
  readonly timeoutMs: number;
}

/**
 * Runs `action` while no other process runs one under the same file: test files run side by side,
 * and what fills the cache must not meet itself. A lock whose holder is dead is taken over.
 */
export async function underLock(
  file: string,
  { timeoutMs }: LockOptions,
  action: () => Promise<void>,
): Promise<void> {
  await waitUntil(`the lock ${file}`, () => takeLock(file), { timeoutMs, intervalMs: 200 });
  try {
    await action();
  } finally {
    await rm(file, { force: true });
  }
}

async function takeLock(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (!existsSync(file)) throw error;
  }
  const holder = Number(await readFile(file, 'utf8'));
  // An empty file is being written just now; a dead holder's lock is removed, and taken next time.
  if (holder > 0 && !isAlive(holder)) await rm(file, { force: true });
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
