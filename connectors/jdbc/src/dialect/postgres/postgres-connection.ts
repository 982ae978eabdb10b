import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import Cursor from 'pg-cursor';
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
import { byteaText } from '../../values/postgres-array.ts';
import { PostgresTypes } from './postgres-types.ts';

const BYTEA_OID = 17;
/** Text for all types but bytes: nothing is rounded on its way. */
const EXACT_TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid: number) => (oid === BYTEA_OID ? bytesOf : String),
};
const SESSION =
  "SET TIME ZONE 'UTC'; SET DateStyle = 'ISO, YMD'; SET bytea_output = 'hex'; " +
  'SET extra_float_digits = 1; SET client_encoding = UTF8; SHOW server_version';

/** A session with PostgreSQL. */
export class PostgresConnection implements DatabaseConnection {
  readonly product: string;
  readonly #client: pg.Client;
  readonly #types: PostgresTypes;
  #isUsable = true;

  private constructor(client: pg.Client, version: string) {
    this.#client = client;
    this.product = `PostgreSQL ${version}`;
    this.#types = new PostgresTypes((sql, binds) => this.#rows(sql, binds));
    client.on('error', () => (this.#isUsable = false));
    client.on('end', () => (this.#isUsable = false));
  }

  /** Tries the hosts in order. */
  static async open(target: ConnectionTarget): Promise<PostgresConnection> {
    let failure: unknown;
    for (const host of target.url.hosts) {
      try {
        return await openHost(target, host);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /** @internal */
  static async ofClient(client: pg.Client): Promise<PostgresConnection> {
    const results: unknown = await client.query(SESSION);
    const last: unknown = Array.isArray(results) ? results.at(-1) : null;
    const version: unknown = Reflect.get(Object(last), 'rows')?.[0]?.server_version;
    return new PostgresConnection(client, String(version).split(' ')[0] ?? '');
  }

  get isUsable(): boolean {
    return this.#isUsable;
  }

  async execute(sql: string, binds: readonly Cell[] = []): Promise<number> {
    const result = await this.#client.query({ text: sql, values: binds.map(bound) });
    return result.rowCount ?? 0;
  }

  async executeMany(sql: string, rows: readonly Row[]): Promise<number> {
    let changed = 0;
    for (const row of rows) changed += await this.execute(sql, row);
    return changed;
  }

  async query(sql: string, binds: readonly Cell[] = []): Promise<QueryResult> {
    const result = await this.#client.query<Cell[]>({
      text: sql,
      values: binds.map(bound),
      rowMode: 'array',
      types: EXACT_TYPES,
    });
    return { columns: await this.#types.columnsOf(result.fields), rows: result.rows };
  }

  async *stream(
    sql: string,
    binds: readonly Cell[],
    { rowsPerFetch, signal }: StreamOptions,
  ): AsyncGenerator<QueryResult> {
    signal?.throwIfAborted();
    // Also while the server still works on the first row: it answers nothing else until then.
    const abandon = (): void => void this.close();
    signal?.addEventListener('abort', abandon, { once: true });
    let cursor = this.#openCursor(sql, binds);
    try {
      let piece = await readCursor(cursor, rowsPerFetch);
      if (piece.rows.length === rowsPerFetch && !this.#types.knows(piece.fields)) {
        // While a cursor is open the session can't look types up: do so, and begin anew.
        await this.#closeCursor(cursor);
        await this.#types.columnsOf(piece.fields);
        cursor = this.#openCursor(sql, binds);
        piece = await readCursor(cursor, rowsPerFetch);
      }
      const isShort = piece.rows.length < rowsPerFetch;
      if (isShort) await this.#closeCursor(cursor);
      const columns: readonly ResultColumn[] = await this.#types.columnsOf(piece.fields);
      yield { columns, rows: piece.rows };
      while (piece.rows.length === rowsPerFetch) {
        signal?.throwIfAborted();
        piece = await readCursor(cursor, rowsPerFetch);
        yield { columns, rows: piece.rows };
      }
    } finally {
      signal?.removeEventListener('abort', abandon);
      await this.#closeCursor(cursor).catch(() => undefined);
    }
  }

  async begin(): Promise<void> {
    await this.#client.query('BEGIN');
  }
  async commit(): Promise<void> {
    await this.#client.query('COMMIT');
  }
  async rollback(): Promise<void> {
    await this.#client.query('ROLLBACK');
  }
  async close(): Promise<void> {
    this.#isUsable = false;
    await this.#client.end().catch(() => undefined);
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #rows(sql: string, binds: readonly Cell[]): Promise<readonly Row[]> {
    const values = binds.map(bound);
    const config = { text: sql, values, rowMode: 'array' as const, types: EXACT_TYPES };
    return (await this.#client.query<Cell[]>(config)).rows;
  }

  /** A lost session never answers that its cursor is closed, also when it is lost just now. */
  async #closeCursor(cursor: Cursor<Cell[]>): Promise<void> {
    if (!this.#isUsable) return;
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const onEnd = (): void => resolve();
    this.#client.once('end', onEnd);
    try {
      await Promise.race([cursor.close(), ended]);
    } finally {
      this.#client.off('end', onEnd);
    }
  }

  #openCursor(sql: string, binds: readonly Cell[]): Cursor<Cell[]> {
    const config = { rowMode: 'array' as const, types: EXACT_TYPES };
    return this.#client.query(new Cursor<Cell[]>(sql, binds.map(bound), config));
  }
}

interface CursorPiece {
  readonly rows: Cell[][];
  readonly fields: readonly pg.FieldDef[];
}

function readCursor(cursor: Cursor<Cell[]>, rowCount: number): Promise<CursorPiece> {
  const { promise, resolve, reject } = Promise.withResolvers<CursorPiece>();
  cursor.read(rowCount, (error: Error | undefined, rows, result) => {
    if (error) reject(error);
    else resolve({ rows, fields: result.fields });
  });
  return promise;
}

async function openHost(target: ConnectionTarget, host: HostPort): Promise<PostgresConnection> {
  const mode = sslModeOf(target.properties);
  try {
    return await openWith(target, host, tlsOf(mode, target.properties));
  } catch (error) {
    const isRefused = error instanceof Error && error.message.includes('does not support SSL');
    if (!isRefused || !['prefer', 'allow'].includes(mode)) throw error;
    return openWith(target, host, false);
  }
}

async function openWith(
  target: ConnectionTarget,
  host: HostPort,
  ssl: ConnectionOptions | false,
): Promise<PostgresConnection> {
  const property = (name: string): string | null => propertyOf(target.properties, name);
  const schema = property('currentSchema');
  const options = property('options');
  const settings = schema === null ? [] : [`-c search_path=${schema.replaceAll(/[\\ ]/g, '\\$&')}`];
  if (options !== null) settings.push(options);
  const client = new pg.Client({
    host: host.host,
    port: host.port,
    database: target.url.database ?? target.user ?? 'postgres',
    ...(target.user === null ? {} : { user: target.user }),
    ...(target.password === null ? {} : { password: target.password }),
    ssl,
    connectionTimeoutMillis: target.connectTimeoutMs,
    application_name: property('ApplicationName') ?? 'Sluice',
    keepAlive: true,
    ...(settings.length === 0 ? {} : { options: settings.join(' ') }),
  });
  // Without a listener a connection that breaks later would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const connection = await PostgresConnection.ofClient(client);
    await requireServerType(client, property('targetServerType'));
    return connection;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

async function requireServerType(client: pg.Client, type: string | null): Promise<void> {
  if (type === null || !['primary', 'master', 'secondary', 'slave'].includes(type)) return;
  const { rows } = await client.query('SELECT pg_is_in_recovery() AS standby');
  const isStandby: unknown = Reflect.get(Object(rows[0]), 'standby');
  if ((isStandby === true) !== ['secondary', 'slave'].includes(type)) {
    throw new Error(`the server is no ${type}, which targetServerType asks for`);
  }
}

function sslModeOf(properties: ReadonlyMap<string, string>): string {
  const mode = propertyOf(properties, 'sslmode');
  if (mode !== null) return mode.toLowerCase();
  const ssl = propertyOf(properties, 'ssl');
  if (ssl === null) return 'prefer';
  return ssl === 'false' ? 'disable' : 'verify-full';
}

function tlsOf(mode: string, properties: ReadonlyMap<string, string>): ConnectionOptions | false {
  if (mode === 'disable') return false;
  const file = (name: string): Buffer | undefined => {
    const path = propertyOf(properties, name);
    return path === null || path === '' ? undefined : readFileSync(path);
  };
  const [ca, cert, key] = [file('sslrootcert'), file('sslcert'), file('sslkey')];
  const certificates = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  if (mode === 'verify-full') return certificates;
  if (mode === 'verify-ca') return { ...certificates, checkServerIdentity: () => undefined };
  return { ...certificates, rejectUnauthorized: false };
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text.slice('\\x'.length), 'hex');
}

function bound(cell: Cell): string | null {
  if (cell === null) return null;
  return cell instanceof Uint8Array ? byteaText(cell) : String(cell);
}
