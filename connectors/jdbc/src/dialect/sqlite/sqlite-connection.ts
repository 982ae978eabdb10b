import { Worker } from 'node:worker_threads';
import type { Cell, Row } from '../../database/cell.ts';
import type {
  DatabaseConnection,
  QueryResult,
  StreamOptions,
} from '../../database/database-connection.ts';
import type { ConnectionTarget } from '../dialect.ts';
import type { SqliteAnswer, SqliteReply, SqliteRequest } from './sqlite-protocol.ts';
import { resultColumns } from './sqlite-types.ts';

/** An error of SQLite; `errcode` is its extended result code. */
export class SqliteError extends Error {
  override readonly name = 'SqliteError';
  readonly errcode: number | null;

  constructor(message: string, errcode: number | null) {
    super(message);
    this.errcode = errcode;
  }
}

type Pending = PromiseWithResolvers<SqliteAnswer>;

/** A SQLite database, held by a thread of its own. */
export class SqliteConnection implements DatabaseConnection {
  readonly product: string = `SQLite ${process.versions['sqlite'] ?? ''}`;
  readonly #worker: Worker;
  readonly #pending: Pending[] = [];
  readonly #exited: Promise<void>;
  #isUsable = true;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (reply: SqliteReply) => {
      const pending = this.#pending.shift();
      if (reply.type === 'answer') pending?.resolve(reply.answer);
      else pending?.reject(new SqliteError(reply.message, reply.errcode));
    });
    worker.on('error', (error) => this.#fail(error));
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#exited = promise;
    worker.on('exit', () => {
      this.#fail(new Error('the thread that held the database has ended'));
      resolve();
    });
  }

  static async open(target: ConnectionTarget): Promise<SqliteConnection> {
    const connection = new SqliteConnection(new Worker(threadUrl(), { name: 'sluice sqlite' }));
    const { connectTimeoutMs: busyTimeoutMs, isCheck = false } = target;
    const file = target.url.database ?? ':memory:';
    try {
      await connection.#ask({ type: 'open', file, busyTimeoutMs, isCheck });
      await connection.query('SELECT count(*) FROM sqlite_schema');
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  get isUsable(): boolean {
    return this.#isUsable;
  }

  async execute(sql: string, binds: readonly Cell[] = []): Promise<number> {
    return (await this.#ask({ type: 'run', sql, binds })).changes;
  }

  async executeMany(sql: string, rows: readonly Row[]): Promise<number> {
    return (await this.#ask({ type: 'runMany', sql, rows })).changes;
  }

  async query(sql: string, binds: readonly Cell[] = []): Promise<QueryResult> {
    const { columns, rows } = await this.#ask({ type: 'query', sql, binds });
    return { columns: resultColumns(columns, rows[0]), rows };
  }

  async *stream(
    sql: string,
    binds: readonly Cell[],
    { rowsPerFetch, signal }: StreamOptions,
  ): AsyncGenerator<QueryResult> {
    const opened = await this.#ask({ type: 'openCursor', sql, binds });
    let columns: QueryResult['columns'] | null = null;
    try {
      for (;;) {
        signal?.throwIfAborted();
        const { rows } = await this.#ask({ type: 'fetch', rowCount: rowsPerFetch });
        // Java's driver looks at the first row too, to tell what a column's values are.
        columns ??= resultColumns(opened.columns, rows[0]);
        const isLast = rows.length < rowsPerFetch;
        if (rows.length > 0 || isLast) yield { columns, rows };
        if (isLast) return;
      }
    } finally {
      if (this.#isUsable) await this.#ask({ type: 'closeCursor' });
    }
  }

  /** Takes the write lock at once: two that upgrade their read locks would block each other. */
  async begin(): Promise<void> {
    await this.execute('BEGIN IMMEDIATE');
  }
  async commit(): Promise<void> {
    await this.execute('COMMIT');
  }
  async rollback(): Promise<void> {
    await this.execute('ROLLBACK');
  }
  async close(): Promise<void> {
    if (this.#isUsable) {
      await this.#ask({ type: 'close' }).catch(() => undefined);
      this.#isUsable = false;
    }
    await this.#exited;
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #ask(request: SqliteRequest): Promise<SqliteAnswer> {
    if (!this.#isUsable) return Promise.reject(new Error('the database is closed'));
    const pending = Promise.withResolvers<SqliteAnswer>();
    this.#pending.push(pending);
    this.#worker.postMessage(request);
    return pending.promise;
  }

  #fail(error: unknown): void {
    this.#isUsable = false;
    for (const pending of this.#pending.splice(0)) pending.reject(error);
  }
}

/** Beside this file: `.ts` in a checkout, `.js` in a build. */
function threadUrl(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./sqlite-thread.${extension}`, import.meta.url);
}
