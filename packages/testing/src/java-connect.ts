import { readFile, writeFile } from 'node:fs/promises';
import { freePort } from './free-port.ts';
import { startJava } from './java-process.ts';
import { KAFKA_VERSION } from './kafka-jars.ts';
import type { ExitStatus, OwnedProcess } from './owned-process.ts';
import { propertiesText } from './server-files.ts';
import { makeTempDir, type TempDir } from './temp-dir.ts';
import { HopelessError, waitUntil } from './wait-until.ts';

/** What Java's standalone worker is given. */
export interface JavaConnectOptions {
  /**
   * The worker's properties, or the path of its file, which must hold `listeners`. Among properties
   * `listeners` is set to a free port of 127.0.0.1 unless it is there.
   */
  readonly worker: Readonly<Record<string, string>> | string;
  /** The connectors: properties, of which a file is written, or the path of a file. */
  readonly connectors?: readonly (Readonly<Record<string, string>> | string)[];
  /** Jars for its class path, for plug-ins that `plugin.path` can't hold, as Kafka's own. */
  readonly moreJars?: readonly string[];
  /** False: do not wait for REST, for workers that are expected to end. Default true. */
  readonly isReadyAwaited?: boolean;
}

/** Java's own `connect-standalone`, running. */
export class JavaConnect implements AsyncDisposable {
  readonly restUrl: string;
  readonly #process: OwnedProcess;
  readonly #dir: TempDir;

  constructor(restUrl: string, process: OwnedProcess, dir: TempDir) {
    this.restUrl = restUrl;
    this.#process = process;
    this.#dir = dir;
  }

  get pid(): number {
    return this.#process.pid;
  }
  get isRunning(): boolean {
    return this.#process.isRunning;
  }
  get output(): string {
    return this.#process.output;
  }
  get exited(): Promise<ExitStatus> {
    return this.#process.exited;
  }
  /** SIGTERM: tasks end, source offsets are flushed, sink offsets committed. */
  stop(): Promise<ExitStatus> {
    return this.#process.stop();
  }
  kill(): Promise<ExitStatus> {
    return this.#process.kill();
  }
  pause(): void {
    this.#process.pause();
  }
  resume(): void {
    this.#process.resume();
  }
  /** Waits until REST answers, which is when the connectors of the command line are created. */
  async ready(): Promise<void> {
    await waitUntil("Java's Connect worker to answer", () => this.#answers(), {
      timeoutMs: READY_TIMEOUT_MS,
      intervalMs: 100,
      onTimeout: () => this.#process.outputTail(),
    });
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    await this.#dir[Symbol.asyncDispose]();
  }

  async #answers(): Promise<boolean> {
    if (!this.isRunning) {
      throw new HopelessError(`Java's Connect worker ended:\n${this.#process.outputTail()}`);
    }
    const answer = await fetch(`${this.restUrl}/health`);
    await answer.body?.cancel();
    return answer.status === 200;
  }
}

const CONNECT_HEAP_MB = 256;
const READY_TIMEOUT_MS = 60_000;

/**
 * Starts Java's standalone worker, the reference for all that Sluice does, and waits until its
 * connectors are created (some four seconds).
 */
export async function startJavaConnectStandalone(
  options: JavaConnectOptions,
): Promise<JavaConnect> {
  const dir = await makeTempDir('java-connect');
  const worker = await workerFile(dir, options.worker);
  const files: string[] = [];
  for (const connector of options.connectors ?? []) {
    const isFile = typeof connector === 'string';
    const file = isFile ? connector : dir.join(`connector-${files.length}.properties`);
    if (!isFile) await writeFile(file, propertiesText(connector));
    files.push(file);
  }
  const process = await startJava({
    what: `Java's connect-standalone ${KAFKA_VERSION}`,
    mainClass: 'org.apache.kafka.connect.cli.ConnectStandalone',
    args: [worker.file, ...files],
    heapMb: CONNECT_HEAP_MB,
    logConfigDir: dir.path,
    ...(options.moreJars === undefined ? {} : { moreJars: options.moreJars }),
  });
  const connect = new JavaConnect(worker.restUrl, process, dir);
  if (options.isReadyAwaited === false) return connect;
  try {
    await connect.ready();
    return connect;
  } catch (error) {
    await connect[Symbol.asyncDispose]();
    throw error;
  }
}

async function workerFile(
  dir: TempDir,
  worker: JavaConnectOptions['worker'],
): Promise<{ readonly file: string; readonly restUrl: string }> {
  if (typeof worker === 'string') {
    const restUrl = /^listeners=(.*)$/m.exec(await readFile(worker, 'utf8'))?.[1];
    if (restUrl === undefined) throw new Error(`The worker file ${worker} must hold "listeners="`);
    return { file: worker, restUrl };
  }
  const file = dir.join('worker.properties');
  const listeners = worker['listeners'] ?? `http://127.0.0.1:${await freePort()}`;
  await writeFile(file, propertiesText({ ...worker, listeners }));
  return { file, restUrl: listeners };
}
