/**
 * What the connectors know of one kind of database.
 *
 * ## Design
 *
 * - `url/` takes `jdbc:` URLs apart. `connection/` opens sessions: `openConnection(database, …)` with
 *   `connection.attempts` and `connection.backoff.ms`. `database/` holds the types that both ends
 *   share. A folder under `dialect/` is a database: `dialectOf(url, 'dialect.name')` gives its object.
 * - A {@link DatabaseConnection} is one session. It reads rows as {@link Cell}s, which are exact:
 *   text as the database writes it, `bigint` or bytes; never a `Date`, never a rounded number.
 *   How cells look is fixed per {@link JdbcType}, whatever the database:
 *   integers and decimals are plain digits (text or `bigint`), REAL and DOUBLE text or `number`,
 *   BOOLEAN and one-bit BIT `'t'`/`'f'` or `1`/`0`, binary types bytes,
 *   DATE `2020-07-01`, TIME `12:34:56.123456`, TIMESTAMP `2020-07-01 12:34:56.123456` as a wall clock
 *   (to be understood in `db.timezone`), TIMESTAMP_WITH_TIMEZONE the same in UTC (an offset may
 *   follow). SQLite has no such types: its cells are what is stored, often epoch milliseconds.
 *   All sessions are in UTC; `values/time-zone.ts` and `values/temporal-text.ts` do the zones.
 * - So the source maps `ResultColumn` (JDBC type, precision, scale, nullability) to schemas in one place for all
 *   databases; what differs between databases is told by the `jdbcType` that a driver reports.
 * - Names go into SQL through {@link Identifiers} only, values as parameters only.
 * - Errors stay the driver's own until `problemOf` says what they mean: retriable, the row's, fatal.
 * - Writing: `rowWriter` makes, once per table, kind and set of columns, the fastest way the database has to
 *   write many rows (arrays with `unnest`, many VALUES, a prepared statement per row); the sink
 *   splits a batch that fails.
 */
import type { Schema } from '@sluice/api';
import type { Cell, Row } from '../database/cell.ts';
import type { DatabaseConnection } from '../database/database-connection.ts';
import type { DatabaseProblem } from '../database/database-problem.ts';
import type { ResultColumn, TableColumn, TableDescription, TableId } from '../database/table.ts';
import type { DatabaseFamily, JdbcUrl } from '../url/parsed-url.ts';
import type { BindForm } from '../values/binding.ts';
import type { IdentifierRules, Identifiers } from './identifiers.ts';

/** Where and as whom to connect. */
export interface ConnectionTarget {
  readonly url: JdbcUrl;
  readonly user: string | null;
  readonly password: string | null;
  /** The URL's parameters, and over them the connector's other `connection.*` keys. */
  readonly properties: ReadonlyMap<string, string>;
  /** How long the server may take to accept the session. */
  readonly connectTimeoutMs: number;
  /** The session is only to find out what there is: nothing may come into being by it. Default false. */
  readonly isCheck?: boolean;
}

/** Which tables to list; `null` means all, `''` those without, patterns are JDBC's (`%`, `_`). */
export interface TableFilter {
  readonly catalogPattern: string | null;
  readonly schemaPattern: string | null;
  /** `TABLE`, `VIEW` … */
  readonly types: readonly string[];
}

/** What a row writer writes: the rows' cells are those of `keys`, then of `columns`. */
export interface WriteTarget {
  readonly kind: 'insert' | 'upsert' | 'update' | 'delete';
  readonly table: TableId;
  readonly keys: readonly TableColumn[];
  /** Empty for `delete`. */
  readonly columns: readonly TableColumn[];
}

/** Writes rows of one shape. */
export interface RowWriter {
  /** Rows that go into one statement at most; the writer splits by itself what is more. */
  readonly rowsMax: number;
  /**
   * Writes in the open transaction, in order. When it throws, what it did is still in the
   * transaction, or the database has aborted that.
   */
  write(connection: DatabaseConnection, rows: readonly Row[]): Promise<void>;
  /** The SQL for so many rows, for logs and tests. */
  sqlFor(rowCount: number): string;
}

/** A column that is to be made. */
export interface ColumnPlan {
  readonly name: string;
  /** The type with its length, as in DDL. */
  readonly type: string;
  readonly isNullable: boolean;
  /** As an SQL literal. */
  readonly defaultLiteral: string | null;
}

/** Where a column is used, as far as its type depends on it. */
export interface ColumnUse {
  /** Part of the primary key: MySQL and Oracle can't index unbounded types. */
  readonly isKey: boolean;
}

/** One kind of database. Stateless: everything may be shared. */
export interface Dialect {
  readonly family: DatabaseFamily;
  /** For logs and errors: `PostgreSQL`. */
  readonly title: string;
  readonly identifierRules: IdentifierRules;
  /** How values are bound. */
  readonly bindForm: BindForm;

  /** Opens a session in UTC with exact cells. Errors are the driver's: see {@link problemOf}. */
  connect(target: ConnectionTarget): Promise<DatabaseConnection>;
  problemOf(error: unknown): DatabaseProblem;

  /** The n-th parameter's place in SQL, counted from 1: `$1`, `?`, `:1`, `@p1`. */
  placeholder(n: number): string;
  listTables(connection: DatabaseConnection, filter: TableFilter): Promise<readonly TableId[]>;
  /** Columns and key of a table (or view), or `null` when there is none of that name. */
  describeTable(
    connection: DatabaseConnection,
    table: TableId,
    identifiers: Identifiers,
  ): Promise<TableDescription | null>;
  /** The database's own clock, in nanoseconds since 1970. */
  currentTimestamp(connection: DatabaseConnection): Promise<bigint>;
  /** An instant (nanoseconds since 1970) as a parameter that is compared with a column. */
  timestampBind(column: ResultColumn, instantNanos: bigint, zone: string): Cell;

  /** A column's type for values of this schema, or `null` when the database has none for it. */
  columnType(schema: Schema, use: ColumnUse): string | null;
  /** A text type of some 255 characters that tells upper from lower case, fit for a key. */
  readonly exactTextType: string;
  /** A schema's default as a literal, or `null` when it can't be written as one. */
  defaultLiteral(schema: Schema): string | null;
  createTable(
    table: TableId,
    columns: readonly ColumnPlan[],
    keys: readonly string[],
    identifiers: Identifiers,
  ): string;
  /** One or more statements. */
  addColumns(
    table: TableId,
    columns: readonly ColumnPlan[],
    identifiers: Identifiers,
  ): readonly string[];
  rowWriter(target: WriteTarget, identifiers: Identifiers): RowWriter;
  /** Takes part of what is written back; `null` where the database has no such thing. */
  readonly savepoint: SavepointSql;
}

/** How a transaction is partly undone. `release` is `null` where savepoints just go. */
interface SavepointSql {
  readonly set: string;
  readonly release: string | null;
  readonly rollback: string;
}
