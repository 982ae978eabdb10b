import { spawn, type ChildProcess } from 'node:child_process';

/** How a process ended: one of the two is set. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What to start. */
export interface ProcessSpec {
  /** For error texts: `'Apache Kafka, node 1'`. */
  readonly what: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to this process's environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to standard input, which is then closed. Default: no input. */
  readonly input?: string | Uint8Array;
  /**
   * How much of each stream is kept, the newest (at least half of it once it is more), so that a
   * chatty server can't fill the memory. Default 8 Mi characters.
   */
  readonly outputCharsMax?: number;
}

const OUTPUT_CHARS_MAX = 8 * 1024 * 1024;
const STOP_GRACE_MS = 30_000;
const FATAL_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * A child process that does not outlive its owner: it is killed (by its id, no shell in between) when
 * disposed, when this process exits for whatever reason it can still notice, and on the signals that
 * would end this process.
 */
export class OwnedProcess implements AsyncDisposable {
  readonly what: string;
  readonly pid: number;
  /** Settles when the process has ended and its output is complete. Never rejects. */
  readonly exited: Promise<ExitStatus>;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';
  #all = '';
  #status: ExitStatus | null = null;

  private constructor(spec: ProcessSpec, child: ChildProcess, pid: number) {
    this.what = spec.what;
    this.pid = pid;
    this.#child = child;
    const charsMax = spec.outputCharsMax ?? OUTPUT_CHARS_MAX;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout = appendBounded(this.#stdout, text, charsMax);
      this.#all = appendBounded(this.#all, text, OUTPUT_CHARS_MAX);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = appendBounded(this.#stderr, text, charsMax);
      this.#all = appendBounded(this.#all, text, OUTPUT_CHARS_MAX);
    });
    const release = killWithThisProcess(child);
    const { promise, resolve } = Promise.withResolvers<ExitStatus>();
    this.exited = promise;
    // `exit` comes first and is what `isRunning` means; `close` comes when the output is all read.
    child.once('exit', (code, signal) => {
      this.#status = { code, signal };
      release();
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  }

  /** @throws Error when the program can't be started (not found, no permission). */
  static async start(spec: ProcessSpec): Promise<OwnedProcess> {
    const child = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: { ...process.env, ...spec.env },
      stdio: [spec.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const { promise: spawned, resolve, reject } = Promise.withResolvers<void>();
    child.once('spawn', () => resolve());
    child.once('error', reject);
    try {
      await spawned;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Could not start ${spec.what} (${spec.command}): ${reason}`, { cause });
    }
    if (child.pid === undefined) throw new Error(`${spec.what} was started without a process id`);
    // A child that ends without reading its input is no failure of ours; its exit code tells.
    child.stdin?.on('error', () => undefined).end(spec.input);
    return new OwnedProcess(spec, child, child.pid);
  }

  get isRunning(): boolean {
    return this.#status === null;
  }
  /** What came on standard output so far. */
  get stdout(): string {
    return this.#stdout;
  }
  get stderr(): string {
    return this.#stderr;
  }
  /** Both streams, in the order in which they were read (the newest 8 Mi characters). */
  get output(): string {
    return this.#all;
  }
  /** The end of `output`, for error texts. */
  outputTail(lines = 40): string {
    return this.#all.trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** Sends a signal to exactly this process; does nothing when it has ended. */
  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.#child.kill(signal);
  }
  /** SIGSTOP: the process stays, its connections stay open, and nothing moves. */
  pause(): void {
    this.signal('SIGSTOP');
  }
  /** SIGCONT after {@link pause}. */
  resume(): void {
    this.signal('SIGCONT');
  }

  /** SIGKILL, and wait until the process is gone. */
  async kill(): Promise<ExitStatus> {
    this.signal('SIGKILL');
    return this.exited;
  }

  /** SIGTERM, and SIGKILL when `graceMs` (default 30,000) were not enough. */
  async stop(graceMs = STOP_GRACE_MS): Promise<ExitStatus> {
    this.resume();
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), graceMs);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

function appendBounded(text: string, more: string, charsMax: number): string {
  const joined = text + more;
  if (joined.length <= charsMax) return joined;
  return joined.slice(joined.length - Math.floor(charsMax / 2));
}

/** Ties the child's life to this process's; the answer unties them. */
function killWithThisProcess(child: ChildProcess): () => void {
  const atExit = (): void => {
    child.kill('SIGKILL');
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    child.kill('SIGKILL');
    process.removeListener(signal, onSignal);
    // Having listened, we took away the signal's own effect: give it back once nobody else listens.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  process.on('exit', atExit);
  for (const signal of FATAL_SIGNALS) process.on(signal, onSignal);
  return () => {
    process.removeListener('exit', atExit);
    for (const signal of FATAL_SIGNALS) process.removeListener(signal, onSignal);
  };
}
