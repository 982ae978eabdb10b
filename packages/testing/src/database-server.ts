import { chown } from 'node:fs/promises';
import { freePort } from './free-port.ts';
import { OwnedProcess } from './owned-process.ts';
import { makeTempDir, type TempDir } from './temp-dir.ts';
import { HopelessError, waitUntil } from './wait-until.ts';

/** A command line. */
interface DatabaseCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** How one kind of database is made and started. */
export interface DatabaseRecipe {
  /** For error texts: `'MariaDB 10.11'`. */
  readonly what: string;
  /** First part of the temporary folder's name. */
  readonly label: string;
  /** Makes the data folder; run once. */
  initialise(dir: TempDir): readonly DatabaseCommand[];
  serve(dir: TempDir, port: number): DatabaseCommand;
  /** Whether the server on this port answers in its own protocol. */
  answers(port: number): Promise<boolean>;
  /** The JDBC URL of a database on that port, without user and password. */
  jdbcUrl(port: number, database: string): string;
  readonly user: string;
  /** Present in every new server. */
  readonly database: string;
  /** Whether the programs refuse to be run by root. */
  readonly refusesRoot: boolean;
}

const READY_TIMEOUT_MS = 60_000;
/** The user `nobody`, there on every Linux. */
const NOBODY = 65534;

/** A database server of a test's own: own data, own port, gone when disposed. */
export class DatabaseServer implements AsyncDisposable {
  readonly recipe: DatabaseRecipe;
  readonly port: number;
  readonly #dir: TempDir;
  #process: OwnedProcess | null = null;

  constructor(recipe: DatabaseRecipe, port: number, dir: TempDir) {
    this.recipe = recipe;
    this.port = port;
    this.#dir = dir;
  }

  get isRunning(): boolean {
    return this.#process?.isRunning ?? false;
  }
  get user(): string {
    return this.recipe.user;
  }
  /** `jdbc:…` of the server's default database, or of another. */
  jdbcUrl(database = this.recipe.database): string {
    return this.recipe.jdbcUrl(this.port, database);
  }
  /** The last lines of what it printed. */
  outputTail(): string {
    return this.#process?.outputTail() ?? '';
  }

  /** Starts it unless it runs, and waits until it answers. */
  async start(): Promise<void> {
    await waitUntil(`${this.recipe.what} to answer`, () => this.#startedAndAnswers(), {
      timeoutMs: READY_TIMEOUT_MS,
      intervalMs: 100,
      onTimeout: () => this.outputTail(),
    });
  }
  /** SIGTERM, and wait until it is gone. */
  async stop(): Promise<void> {
    await this.#process?.stop();
  }
  /** SIGKILL. Its data stay; {@link start} starts it again on the same port. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }
  /** SIGSTOP: connections stay open, nothing is answered (by processes that it has forked, still). */
  pause(): void {
    this.#process?.pause();
  }
  resume(): void {
    this.#process?.resume();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.#dir[Symbol.asyncDispose]();
  }

  /** A killed server may leave what keeps the next from starting for some moments: so tries again. */
  async #startedAndAnswers(): Promise<boolean> {
    if (!this.isRunning) {
      const { what } = this.recipe;
      const { command, args } = asUser(this.recipe, this.recipe.serve(this.#dir, this.port));
      this.#process = await OwnedProcess.start({ what, command, args, cwd: this.#dir.path });
    }
    return this.recipe.answers(this.port);
  }
}

/** Makes a database of this recipe in a temporary folder and starts it. */
export async function startDatabase(recipe: DatabaseRecipe): Promise<DatabaseServer> {
  const dir = await makeTempDir(recipe.label);
  const server = new DatabaseServer(recipe, await freePort(), dir);
  try {
    if (mustDropRoot(recipe)) await chown(dir.path, NOBODY, NOBODY);
    for (const step of recipe.initialise(dir)) await runStep(recipe, step, dir);
    await server.start();
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

async function runStep(recipe: DatabaseRecipe, step: DatabaseCommand, dir: TempDir): Promise<void> {
  const what = `Making the data folder of ${recipe.what}`;
  const { command, args } = asUser(recipe, step);
  await using made = await OwnedProcess.start({ what, command, args, cwd: dir.path });
  const timer = setTimeout(() => made.signal('SIGKILL'), READY_TIMEOUT_MS);
  const status = await made.exited.finally(() => clearTimeout(timer));
  if (status.code !== 0) throw new HopelessError(`${what} failed:\n${made.outputTail()}`);
}

function mustDropRoot(recipe: DatabaseRecipe): boolean {
  return recipe.refusesRoot && process.getuid?.() === 0;
}

/** `setpriv` becomes the program itself, so that its id is the server's. */
function asUser(recipe: DatabaseRecipe, { command, args }: DatabaseCommand): DatabaseCommand {
  if (!mustDropRoot(recipe)) return { command, args };
  const user = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  return { command: 'setpriv', args: [...user, command, ...args] };
}
