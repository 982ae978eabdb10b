import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { readFileIfThere, replaceFile } from './atomic-file.ts';
import { reasonOf } from './broker-log.ts';
import { BrokerStartError } from './broker-start-error.ts';
import { type DirectoryLock, lockDirectory } from './directory-lock.ts';
import { randomUuid } from './kafka-uuid.ts';

/** Raised whenever a directory of before can't be read any more. */
export const DATA_FORMAT = 1;

const FILE_NAME = 'broker.json';

/** A data directory that is open. */
export interface DataDirectory {
  readonly path: string;
  readonly clusterId: string;
  /** How often the broker was started on it, this time not counted: the leader epoch of this run. */
  readonly startCount: number;
  release(): Promise<void>;
}

interface DirectoryRecord {
  readonly format: number;
  readonly clusterId: string;
  readonly startCount: number;
}

/**
 * Makes or opens a data directory and locks it.
 *
 * @throws BrokerStartError `DATA_DIR_UNUSABLE`, `DATA_DIR_IN_USE`, `DATA_DIR_OTHER_FORMAT`,
 *   `DATA_DIR_DAMAGED`
 */
export async function openDataDirectory(dataDir: string): Promise<DataDirectory> {
  try {
    await mkdir(dataDir, { recursive: true });
  } catch (error) {
    const text = `Starting the dev broker: making the data directory ${dataDir} failed: ${reasonOf(error)}. Choose a directory that can be written.`;
    throw new BrokerStartError('DATA_DIR_UNUSABLE', text, error);
  }
  const before = await readRecord(dataDir);
  const lock = await lockDirectory(dataDir);
  try {
    return await register(dataDir, before, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function register(
  dataDir: string,
  before: DirectoryRecord | null,
  lock: DirectoryLock,
): Promise<DataDirectory> {
  const clusterId = before?.clusterId ?? randomUuid();
  const startCount = before?.startCount ?? 0;
  const after: DirectoryRecord = { format: DATA_FORMAT, clusterId, startCount: startCount + 1 };
  try {
    await replaceFile(path.join(dataDir, FILE_NAME), `${JSON.stringify(after)}\n`);
  } catch (error) {
    const text = `Starting the dev broker: writing to the data directory ${dataDir} failed: ${reasonOf(error)}. Free space, make it writable, or choose another.`;
    throw new BrokerStartError('DATA_DIR_UNUSABLE', text, error);
  }
  return { path: dataDir, clusterId, startCount, release: () => lock.release() };
}

/** `null` for a directory that is empty. */
async function readRecord(dataDir: string): Promise<DirectoryRecord | null> {
  const file = path.join(dataDir, FILE_NAME);
  const text = await readFileIfThere(file);
  if (text === null) {
    await refuseForeign(dataDir);
    return null;
  }
  const record = decodeRecord(text);
  if (record === null) {
    const message = `Starting the dev broker: ${file} can't be understood. Mend it, or choose another data directory.`;
    throw new BrokerStartError('DATA_DIR_DAMAGED', message);
  }
  if (record.format === DATA_FORMAT) return record;
  const message =
    `Starting the dev broker: the data directory ${dataDir} has format ${record.format}, this ` +
    `version reads format ${DATA_FORMAT}. Use the version of Sluice that made it, choose another ` +
    'directory, or remove this one if its records are not needed.';
  throw new BrokerStartError('DATA_DIR_OTHER_FORMAT', message);
}

/** Somebody's home, or an Apache Kafka's log directory, is no place for the broker's files. */
async function refuseForeign(dataDir: string): Promise<void> {
  const names = await readdir(dataDir);
  if (names.every((name) => OWN_NAMES.has(name.replace(/\.tmp$/, '')))) return;
  const [stranger] = names.filter((name) => !OWN_NAMES.has(name));
  const message = `Starting the dev broker: the directory ${dataDir} is not empty (it holds ${stranger ?? 'files'}) and was not made by the dev broker. Choose an empty or a new directory.`;
  throw new BrokerStartError('DATA_DIR_OTHER_FORMAT', message);
}

/** What a first start that was killed may have left. */
const OWN_NAMES: ReadonlySet<string> = new Set([FILE_NAME, 'broker.lock']);

function decodeRecord(text: string): DirectoryRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { format, clusterId, startCount } = { clusterId: '', startCount: 0, ...value } as Readonly<
    Record<string, unknown>
  >;
  if (typeof format !== 'number') return null;
  // Another format may keep anything else in here.
  if (typeof clusterId !== 'string' || typeof startCount !== 'number') {
    return format === DATA_FORMAT ? null : { format, clusterId: '', startCount: 0 };
  }
  return { format, clusterId, startCount };
}
