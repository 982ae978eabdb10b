import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const FILE_DESCRIPTORS = '/proc/self/fd';
const INTERVAL_MS = 20;

/** What keeps a process busy: timers, sockets, servers, child processes, and its open files. */
export type OpenHandles = ReadonlyMap<string, number>;

/** What is open now. Files are seen on Linux only. */
export function openHandles(): OpenHandles {
  const counts = new Map<string, number>();
  for (const name of [...process.getActiveResourcesInfo(), ...openFiles()]) {
    // Reads and writes under way end by themselves.
    if (!name.startsWith('FSReq')) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** What is open beyond what was, after waiting at most `timeoutMs` for it to be closed. */
export async function leftOpen(before: OpenHandles, timeoutMs: number): Promise<readonly string[]> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const more = [...openHandles()].filter(([name, count]) => count > (before.get(name) ?? 0));
    if (more.length === 0 || performance.now() > deadline) return more.map(([name]) => name);
    await sleep(INTERVAL_MS);
  }
}

function openFiles(): readonly string[] {
  try {
    return readdirSync(FILE_DESCRIPTORS).flatMap((descriptor) => {
      try {
        const target = readlinkSync(`${FILE_DESCRIPTORS}/${descriptor}`);
        const isFile = target.startsWith('/') && !/^\/(dev|proc|sys)\//.test(target);
        return isFile ? [`file ${target}`] : [];
      } catch {
        // Closed since the list was made.
        return [];
      }
    });
  } catch {
    // No /proc on this system: then files are not watched.
    return [];
  }
}
