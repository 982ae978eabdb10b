import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OwnedProcess, type ExitStatus } from './owned-process.ts';
import { HopelessError, waitUntil } from './wait-until.ts';

/** How to run the command `sluice`. */
export interface SluiceOptions {
  /** What stands after `sluice` on the command line. */
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to standard input, which is then closed. Default: no input. */
  readonly input?: string | Uint8Array;
  /** Flags for Node itself, before the script. */
  readonly nodeArgs?: readonly string[];
  /**
   * Run the built JavaScript (what users run) in place of the sources. Default: sources, unless
   * `SLUICE_TEST_BUILT=1`.
   */
  readonly isBuilt?: boolean;
}

const BUILT_MAIN = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url));
const SOURCE_MAIN = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
const READY_TIMEOUT_MS = 60_000;

/** The command `sluice`, running as a child process whose id is the worker's own. */
export class SluiceProcess implements AsyncDisposable {
  readonly #process: OwnedProcess;

  constructor(process: OwnedProcess) {
    this.#process = process;
  }

  get pid(): number {
    return this.#process.pid;
  }
  get isRunning(): boolean {
    return this.#process.isRunning;
  }
  get stdout(): string {
    return this.#process.stdout;
  }
  get stderr(): string {
    return this.#process.stderr;
  }
  /** Both streams, in the order in which they were read. */
  get output(): string {
    return this.#process.output;
  }
  get exited(): Promise<ExitStatus> {
    return this.#process.exited;
  }
  signal(signal: NodeJS.Signals): void {
    this.#process.signal(signal);
  }
  /** SIGTERM; SIGKILL when `graceMs` were not enough. */
  stop(graceMs?: number): Promise<ExitStatus> {
    return this.#process.stop(graceMs);
  }
  /** SIGKILL. */
  kill(): Promise<ExitStatus> {
    return this.#process.kill();
  }
  pause(): void {
    this.#process.pause();
  }
  resume(): void {
    this.#process.resume();
  }

  /** Waits until the worker's REST answers `GET /` (and, with `health`, `GET /health`) with 200. */
  async restReady(restUrl: string, timeoutMs = READY_TIMEOUT_MS): Promise<void> {
    await this.waitUntil(
      `${restUrl} to answer`,
      async () => {
        const answer = await fetch(`${restUrl}/`);
        await answer.body?.cancel();
        return answer.status === 200;
      },
      timeoutMs,
    );
  }

  /** Waits for text in the output. Answers what the pattern matched. */
  async outputMatches(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray> {
    return this.waitUntil(
      `${String(pattern)} in the output`,
      () => pattern.exec(this.output),
      timeoutMs,
    );
  }

  /** As `waitUntil`, but ends at once, with the output, when the process is gone. */
  async waitUntil<T>(
    what: string,
    probe: () => T | Promise<T>,
    timeoutMs = READY_TIMEOUT_MS,
  ): Promise<Exclude<T, false | null | undefined>> {
    const orGone = async (): Promise<T> => {
      const wasRunning = this.isRunning;
      const gone = (cause?: unknown): HopelessError =>
        new HopelessError(`sluice ended before ${what}:\n${this.#process.outputTail()}`, { cause });
      try {
        const answer = await probe();
        const isThere = answer !== false && answer !== null && answer !== undefined;
        if (wasRunning || isThere) return answer;
      } catch (error) {
        if (wasRunning) throw error;
        throw gone(error);
      }
      throw gone();
    };
    const onTimeout = (): string => this.#process.outputTail();
    return waitUntil(what, orGone, { timeoutMs, onTimeout });
  }

  /** Kills the process if it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }
}

/**
 * Starts the command `sluice` in this Node, with no launcher or shell in between, and answers as soon
 * as it is started; wait for what you need with the methods of the answer.
 */
export async function startSluice(options: SluiceOptions): Promise<SluiceProcess> {
  const isBuilt = options.isBuilt ?? process.env['SLUICE_TEST_BUILT'] === '1';
  const main = isBuilt ? BUILT_MAIN : SOURCE_MAIN;
  if (!existsSync(main)) throw new Error(`Can't start sluice: ${main} is not there. Build first.`);
  const conditions = isBuilt ? [] : ['--conditions=@sluice/source'];
  const child = await OwnedProcess.start({
    what: `sluice ${options.args.join(' ')}`,
    command: process.execPath,
    args: [...conditions, ...(options.nodeArgs ?? []), main, ...options.args],
    // A test runner's own settings are not meant for the worker.
    env: { NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.input === undefined ? {} : { input: options.input }),
  });
  return new SluiceProcess(child);
}
