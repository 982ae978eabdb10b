import { writeFile } from 'node:fs/promises';
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
   * The worker's properties. `listeners` is set to a free port of 127.0.0.1 unless it is given.
   */
  readonly workerProps: Readonly<Record<string, string>>;
  /** One properties file is written for each. */
  readonly connectorProps?: readonly Readonly<Record<string, string>>[];
  /** Further connector files, given as they are, after those of `connectorProps`. */
  readonly connectorFiles?: readonly string[];
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
  const listeners = options.workerProps['listeners'] ?? `http://127.0.0.1:${await freePort()}`;
  const workerFile = dir.join('worker.properties');
  await writeFile(workerFile, propertiesText({ ...options.workerProps, listeners }));
  const files: string[] = [];
  for (const props of options.connectorProps ?? []) {
    const file = dir.join(`connector-${files.length}.properties`);
    await writeFile(file, propertiesText(props));
    files.push(file);
  }
  files.push(...(options.connectorFiles ?? []));
  const process = await startJava({
    what: `Java's connect-standalone ${KAFKA_VERSION}`,
    mainClass: 'org.apache.kafka.connect.cli.ConnectStandalone',
    args: [workerFile, ...files],
    heapMb: CONNECT_HEAP_MB,
    logConfigDir: dir.path,
  });
  const connect = new JavaConnect(listeners, process, dir);
  if (options.isReadyAwaited === false) return connect;
  try {
    await connect.ready();
    return connect;
  } catch (error) {
    await connect[Symbol.asyncDispose]();
    throw error;
  }
}
