import { readFileSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import mysql, { type Connection, type ConnectionOptions, type QueryOptions } from 'mysql2';
import type { Cell, Row } from '../../database/cell.ts';
import type {
  DatabaseConnection,
  QueryResult,
  StreamOptions,
} from '../../database/database-connection.ts';
import type { ResultColumn } from '../../database/table.ts';
import type { HostPort } from '../../url/parsed-url.ts';
import { propertyOf } from '../../url/url-parts.ts';
import type { ConnectionTarget } from '../dialect.ts';
import { cellReader, mysqlColumn, type MysqlField } from './mysql-types.ts';

/**
 * Backslashes must mean an escape, because values are put into statements with them; what a server's
 * own mode says otherwise stays.
 */
const SESSION =
  "SET SESSION time_zone = '+00:00', " +
  "sql_mode = REPLACE(REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''), 'ANSI_QUOTES', '')";

const CLOSE_TIMEOUT_MS = 1000;

/** A session with MySQL or MariaDB. */
export class MysqlConnection implements DatabaseConnection {
  readonly product: string;
  readonly #connection: Connection;
  readonly #isTinyInt1Bit: boolean;
  /** Ends what waits for an answer: the driver forgets it when the session is closed here. */
  readonly #waiting = new Set<(error: Error) => void>();
  #isUsable = true;

  private constructor(connection: Connection, product: string, isTinyInt1Bit: boolean) {
    this.#connection = connection;
    this.product = product;
    this.#isTinyInt1Bit = isTinyInt1Bit;
    connection.on('error', () => (this.#isUsable = false));
    connection.on('end', () => (this.#isUsable = false));
  }

  /** Tries the hosts in order. */
  static async open(target: ConnectionTarget): Promise<MysqlConnection> {
    let failure: unknown;
    for (const host of target.url.hosts) {
      try {
        return await MysqlConnection.#openHost(target, host);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  static async #openHost(target: ConnectionTarget, host: HostPort): Promise<MysqlConnection> {
    const mode = sslModeOf(target.properties);
    try {
      return await MysqlConnection.#openWith(target, host, tlsOf(mode, target.properties));
    } catch (error) {
      const code: unknown = Reflect.get(Object(error), 'code');
      if (mode !== 'PREFERRED' || code !== 'HANDSHAKE_NO_SSL_SUPPORT') throw error;
      return MysqlConnection.#openWith(target, host, null);
    }
  }

  static async #openWith(
    target: ConnectionTarget,
    { host, port }: HostPort,
    ssl: ConnectionOptions['ssl'] | null,
  ): Promise<MysqlConnection> {
    const connection = mysql.createConnection({
      host,
      port,
      ...(target.user === null ? {} : { user: target.user }),
      ...(target.password === null ? {} : { password: target.password }),
      ...(target.url.database === null ? {} : { database: target.url.database }),
      ...(ssl === null || ssl === undefined ? {} : { ssl }),
      charset: 'utf8mb4',
      connectTimeout: target.connectTimeoutMs,
      enableKeepAlive: true,
      multipleStatements: false,
      // Affected means changed or found, as JDBC counts.
      flags: ['+FOUND_ROWS'],
      supportBigNumbers: true,
      bigNumberStrings: true,
      dateStrings: true,
    });
    const tinyInt = propertyOf(target.properties, 'tinyInt1isBit');
    const opened = new MysqlConnection(connection, '', tinyInt !== 'false');
    try {
      const variables = propertyOf(target.properties, 'sessionVariables');
      await opened.execute(variables === null ? SESSION : `${SESSION}, ${variables}`);
      const { rows } = await opened.query('SELECT version()');
      const version = String(rows[0]?.[0] ?? '');
      const product = version.includes('MariaDB') ? 'MariaDB' : 'MySQL';
      return new MysqlConnection(connection, `${product} ${version}`, tinyInt !== 'false');
    } catch (error) {
      connection.destroy();
      throw error;
    }
  }

  get isUsable(): boolean {
    return this.#isUsable;
  }

  execute(sql: string, binds: readonly Cell[] = []): Promise<number> {
    const { promise, resolve, reject } = this.#begun<number>();
    this.#connection.query({ sql, values: [...binds] }, (error, result: unknown) => {
      if (error) reject(error);
      else resolve(Number(Reflect.get(Object(result), 'affectedRows') ?? 0));
    });
    return promise;
  }

  async executeMany(sql: string, rows: readonly Row[]): Promise<number> {
    let changed = 0;
    for (const row of rows) changed += await this.execute(sql, row);
    return changed;
  }

  query(sql: string, binds: readonly Cell[] = []): Promise<QueryResult> {
    const { promise, resolve, reject } = this.#begun<QueryResult>();
    this.#connection.query(this.#reading(sql, binds), (error, rows: unknown, fields: unknown) => {
      if (error) reject(error);
      else resolve(this.#resultOf(rows, fields));
    });
    return promise;
  }

  async *stream(
    sql: string,
    binds: readonly Cell[],
    { rowsPerFetch, signal }: StreamOptions,
  ): AsyncGenerator<QueryResult> {
    const command = this.#connection.query(this.#reading(sql, binds));
    let fields: unknown = [];
    command.on('fields', (described: unknown) => (fields = described));
    const readable = command.stream({ highWaterMark: rowsPerFetch, objectMode: true });
    // The driver tells the connection alone of a lost session: the stream would wait for ever.
    const onLost = (error: Error): void => void readable.destroy(error);
    this.#connection.on('error', onLost);
    // Also while the server still works on the first row.
    if (signal !== undefined) addAbortSignal(signal, readable);
    let rows: unknown[] = [];
    let hasEnded = false;
    let hasYielded = false;
    try {
      for await (const row of readable) {
        rows.push(row);
        if (rows.length < rowsPerFetch) continue;
        yield this.#resultOf(rows, fields);
        hasYielded = true;
        rows = [];
      }
      hasEnded = true;
    } finally {
      this.#connection.off('error', onLost);
      // What is left of a result would be read before the next answer: end the session with it.
      if (!hasEnded) this.#destroy();
    }
    if (rows.length > 0 || !hasYielded) yield this.#resultOf(rows, fields);
  }

  async begin(): Promise<void> {
    await this.execute('START TRANSACTION');
  }
  async commit(): Promise<void> {
    await this.execute('COMMIT');
  }
  async rollback(): Promise<void> {
    await this.execute('ROLLBACK');
  }
  async close(): Promise<void> {
    if (!this.#isUsable) return this.#destroy();
    this.#isUsable = false;
    const { promise, resolve } = Promise.withResolvers<void>();
    // A session whose server is gone never calls back.
    const timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    this.#connection.end(() => resolve());
    await promise;
    clearTimeout(timer);
    this.#destroy();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #destroy(): void {
    this.#isUsable = false;
    this.#connection.destroy();
    for (const reject of this.#waiting) reject(new Error('the session was closed meanwhile'));
  }

  #begun<T>(): PromiseWithResolvers<T> {
    const begun = Promise.withResolvers<T>();
    const { promise, reject } = begun;
    this.#waiting.add(reject);
    const forget = (): boolean => this.#waiting.delete(reject);
    promise.then(forget, forget);
    return begun;
  }

  /** Every value as the bytes that came; what they are is told by the columns. */
  #reading(sql: string, binds: readonly Cell[]): QueryOptions {
    return {
      sql,
      values: [...binds],
      rowsAsArray: true,
      typeCast: (field) => field.buffer(),
    };
  }

  #resultOf(rows: unknown, described: unknown): QueryResult {
    const fields: readonly MysqlField[] = Array.isArray(described) ? described : [];
    const columns: readonly ResultColumn[] = fields.map((field) =>
      mysqlColumn(field, this.#isTinyInt1Bit),
    );
    const readers = fields.map(cellReader);
    const list: readonly unknown[] = Array.isArray(rows) ? rows : [];
    return {
      columns,
      rows: list.map((row) => readers.map((read, i) => read(Reflect.get(Object(row), i)))),
    };
  }
}

type SslMode = 'DISABLED' | 'PREFERRED' | 'REQUIRED' | 'VERIFY_CA' | 'VERIFY_IDENTITY';

function sslModeOf(properties: ReadonlyMap<string, string>): SslMode {
  const mode = propertyOf(properties, 'sslMode')?.toUpperCase().replaceAll('-', '_');
  const MODES: Readonly<Record<string, SslMode>> = {
    DISABLED: 'DISABLED',
    DISABLE: 'DISABLED',
    REQUIRED: 'REQUIRED',
    TRUST: 'REQUIRED',
    VERIFY_CA: 'VERIFY_CA',
    VERIFY_IDENTITY: 'VERIFY_IDENTITY',
    VERIFY_FULL: 'VERIFY_IDENTITY',
  };
  if (mode !== undefined) return MODES[mode] ?? 'PREFERRED';
  if (propertyOf(properties, 'useSSL') === 'false') return 'DISABLED';
  if (propertyOf(properties, 'verifyServerCertificate') === 'true') return 'VERIFY_CA';
  return propertyOf(properties, 'requireSSL') === 'true' ? 'REQUIRED' : 'PREFERRED';
}

function tlsOf(
  mode: SslMode,
  properties: ReadonlyMap<string, string>,
): Exclude<ConnectionOptions['ssl'], string> | null {
  if (mode === 'DISABLED') return null;
  const path = propertyOf(properties, 'serverSslCert') ?? propertyOf(properties, 'sslCa');
  return {
    ...(path === null ? {} : { ca: readFileSync(path) }),
    rejectUnauthorized: mode === 'VERIFY_CA' || mode === 'VERIFY_IDENTITY',
    verifyIdentity: mode === 'VERIFY_IDENTITY',
  };
}
