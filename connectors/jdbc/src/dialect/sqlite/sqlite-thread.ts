/**
 * The thread that holds a SQLite database: the driver is synchronous, so that it would keep every
 * other task of its thread waiting.
 */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort } from 'node:worker_threads';
import type { Cell, Row } from '../../database/cell.ts';
import type { SqliteAnswer, SqliteReply, SqliteRequest } from './sqlite-protocol.ts';

const MEMORY = ':memory:';
const STATEMENTS_MAX = 50;
const NOTHING: SqliteAnswer = { changes: 0, columns: [], rows: [] };

class SqliteThread {
  #database: DatabaseSync | null = null;
  #cursor: Iterator<unknown> | null = null;
  readonly #statements = new Map<string, StatementSync>();

  handle(request: SqliteRequest): SqliteAnswer {
    switch (request.type) {
      case 'open': {
        const { isCheck, busyTimeoutMs } = request;
        const file = isCheck && wouldBeMade(request.file) ? MEMORY : request.file;
        this.#database = new DatabaseSync(file, { timeout: busyTimeoutMs });
        return NOTHING;
      }
      case 'run':
        return { ...NOTHING, changes: this.#run(request.sql, request.binds) };
      case 'runMany': {
        let changes = 0;
        for (const row of request.rows) changes += this.#run(request.sql, row);
        return { ...NOTHING, changes };
      }
      case 'query': {
        const statement = this.#prepared(request.sql);
        const rows = statement.all(...request.binds).map(rowOf);
        return { changes: 0, columns: statement.columns(), rows };
      }
      case 'openCursor': {
        const statement = this.#reading(request.sql);
        this.#cursor = statement.iterate(...request.binds);
        return { ...NOTHING, columns: statement.columns() };
      }
      case 'fetch':
        return { ...NOTHING, rows: this.#fetch(request.rowCount) };
      case 'closeCursor':
        this.#cursor?.return?.();
        this.#cursor = null;
        return NOTHING;
      default:
        this.#statements.clear();
        this.#database?.close();
        this.#database = null;
        return NOTHING;
    }
  }

  #run(sql: string, binds: readonly Cell[]): number {
    return Number(this.#prepared(sql).run(...binds).changes);
  }

  #fetch(rowCount: number): readonly Row[] {
    const rows: Row[] = [];
    while (rows.length < rowCount) {
      const next = this.#cursor?.next();
      if (next === undefined || next.done === true) break;
      rows.push(rowOf(next.value));
    }
    return rows;
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= STATEMENTS_MAX) this.#statements.clear();
    const statement = this.#reading(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** Integers of all sizes exact, rows as arrays: columns may have one name. */
  #reading(sql: string): StatementSync {
    if (this.#database === null) throw new Error('the database is closed');
    const statement = this.#database.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return statement;
  }
}

/** Whether the driver would make the file: a new database is as empty as one in memory. */
function wouldBeMade(file: string): boolean {
  if (file === MEMORY || existsSync(file)) return false;
  const folder = path.dirname(path.resolve(file));
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).isDirectory();
  } catch {
    // The driver's own error says what is wrong with it.
    return false;
  }
}

/** Whole floats would look like integers after this: they stay numbers, integers are bigints. */
function rowOf(row: unknown): Row {
  return Array.isArray(row) ? row : [];
}

const port = parentPort;
if (port !== null) {
  const thread = new SqliteThread();
  port.on('message', (request: SqliteRequest) => {
    let reply: SqliteReply;
    try {
      reply = { type: 'answer', answer: thread.handle(request) };
    } catch (error) {
      const errcode: unknown = Reflect.get(Object(error), 'errcode');
      const message = error instanceof Error ? error.message : String(error);
      reply = { type: 'error', message, errcode: typeof errcode === 'number' ? errcode : null };
    }
    port.postMessage(reply);
    if (request.type === 'close') port.close();
  });
}
