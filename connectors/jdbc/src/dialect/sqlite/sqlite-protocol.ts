import type { Cell, Row } from '../../database/cell.ts';

/** A column of a statement's result, as SQLite describes it. */
export interface SqliteColumn {
  readonly name: string;
  readonly column: string | null;
  readonly table: string | null;
  /** As declared; `null` for expressions. */
  readonly type: string | null;
}

/** What is asked of the thread that holds the database. */
export type SqliteRequest =
  | {
      readonly type: 'open';
      readonly file: string;
      readonly busyTimeoutMs: number;
      /** Whether a file that is not there stays so. */
      readonly isCheck: boolean;
    }
  | { readonly type: 'run'; readonly sql: string; readonly binds: readonly Cell[] }
  | { readonly type: 'runMany'; readonly sql: string; readonly rows: readonly Row[] }
  | { readonly type: 'query'; readonly sql: string; readonly binds: readonly Cell[] }
  | { readonly type: 'openCursor'; readonly sql: string; readonly binds: readonly Cell[] }
  | { readonly type: 'fetch'; readonly rowCount: number }
  | { readonly type: 'closeCursor' }
  | { readonly type: 'close' };

/** What the thread answers; requests are answered in order. */
export interface SqliteAnswer {
  readonly changes: number;
  readonly columns: readonly SqliteColumn[];
  readonly rows: readonly Row[];
}

/** An answer, or an error with what structured cloning would lose. */
export type SqliteReply =
  | { readonly type: 'answer'; readonly answer: SqliteAnswer }
  | { readonly type: 'error'; readonly message: string; readonly errcode: number | null };
