import type { Cell, Row } from './cell.ts';
import type { ResultColumn } from './table.ts';

/** Rows and what they are made of. */
export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly Row[];
}

/** How a result is read piece by piece. */
export interface StreamOptions {
  /** Rows that are fetched at once, and so the most that memory holds of a result. */
  readonly rowsPerFetch: number;
  /** Ends the stream; a connection whose stream was cut short is closed. */
  readonly signal?: AbortSignal;
}

/**
 * One session with a database, for one user at a time: calls come one after another. Errors are the
 * driver's own; `Dialect.problemOf` says what they mean. After a lost connection every call fails,
 * and `isUsable` is false.
 *
 * Parameters stand as the dialect's `placeholder(n)` in the text; text of users is never put into
 * SQL in any other way, names only through `Identifiers`.
 */
export interface DatabaseConnection extends AsyncDisposable {
  /** The server's product and version, for logs: `PostgreSQL 15.18`. */
  readonly product: string;
  readonly isUsable: boolean;
  /** Runs a statement; the number of rows that it changed, 0 where the database does not say. */
  execute(sql: string, binds?: readonly Cell[]): Promise<number>;
  /** Runs one prepared statement for each row, in order. */
  executeMany(sql: string, rows: readonly Row[]): Promise<number>;
  /** Reads a whole result: for metadata and other small ones. */
  query(sql: string, binds?: readonly Cell[]): Promise<QueryResult>;
  /**
   * Reads a result in pieces of `rowsPerFetch`. The first piece comes even when there are no rows, so
   * that columns are known. The session is busy until the stream ends.
   */
  stream(sql: string, binds: readonly Cell[], options: StreamOptions): AsyncIterable<QueryResult>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Ends the session; never throws, may be called twice. */
  close(): Promise<void>;
}
