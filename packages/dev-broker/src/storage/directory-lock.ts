import { open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { reasonOf } from './broker-log.ts';
import { BrokerStartError } from './broker-start-error.ts';

const FILE_NAME = 'broker.lock';
/** Another process may be taking over the same dead lock. */
const ATTEMPTS_MAX = 3;
const UNKNOWN_START = '-';

interface LockHolder {
  readonly pid: number;
  readonly startedAt: string;
}

/** A data directory held by this process. */
export interface DirectoryLock {
  release(): Promise<void>;
}

/**
 * Takes a data directory for this process, so that no two brokers write to it. The lock of a process
 * that no longer runs is taken over.
 *
 * @throws BrokerStartError `DATA_DIR_IN_USE`, `DATA_DIR_UNUSABLE`
 */
export async function lockDirectory(dataDir: string): Promise<DirectoryLock> {
  const file = path.join(dataDir, FILE_NAME);
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    if (await create(file)) return { release: () => rm(file, { force: true }) };
    const holder = await holderOf(file);
    if (holder !== null && (await holds(holder))) throw inUse(dataDir, file, holder);
    await rm(file, { force: true });
  }
  throw inUse(dataDir, file, await holderOf(file));
}

async function create(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    const text = `${process.pid} ${await startOf(process.pid)}\n`;
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    const text = `Starting the dev broker: writing ${file} failed: ${reasonOf(error)}. Make the directory writable, or choose another.`;
    throw new BrokerStartError('DATA_DIR_UNUSABLE', text, error);
  }
}

/** Who wrote the lock; `null` when that can't be read. */
async function holderOf(file: string): Promise<LockHolder | null> {
  try {
    const [pid, startedAt] = (await readFile(file, 'utf8')).trim().split(' ');
    const number = Number(pid);
    if (!Number.isInteger(number) || number <= 0) return null;
    return { pid: number, startedAt: startedAt ?? UNKNOWN_START };
  } catch {
    return null;
  }
}

/**
 * When a process was started, in a unit of the system's own. Ids are used again (in a container, the
 * broker has the same one at every start), id and start together are not.
 */
async function startOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets and may hold spaces; the 22nd is the start.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? UNKNOWN_START;
  } catch {
    // Only Linux tells; elsewhere the id has to do.
    return UNKNOWN_START;
  }
}

async function holds({ pid, startedAt }: LockHolder): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const now = await startOf(pid);
  return now === startedAt || now === UNKNOWN_START || startedAt === UNKNOWN_START;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function inUse(dataDir: string, file: string, holder: LockHolder | null): BrokerStartError {
  const who = holder?.pid === process.pid ? 'this process' : `process ${holder?.pid ?? 'unknown'}`;
  const text = `Starting the dev broker: the data directory ${dataDir} is used by ${who}. End that broker, choose another directory, or, when no broker runs there, remove ${file}.`;
  return new BrokerStartError('DATA_DIR_IN_USE', text);
}
