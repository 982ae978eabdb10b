import type { Cell, Row } from '../../database/cell.ts';
import type {
  DatabaseConnection,
  QueryResult,
  StreamOptions,
} from '../../database/database-connection.ts';
import type { ResultColumn } from '../../database/table.ts';
import type { ConnectionTarget } from '../dialect.ts';
import { callMethod, optionalDriver } from '../optional-driver.ts';
import { oracleColumn } from './oracle-types.ts';

const SESSION =
  "ALTER SESSION SET TIME_ZONE = 'UTC' NLS_DATE_FORMAT = 'YYYY-MM-DD HH24:MI:SS' " +
  "NLS_TIMESTAMP_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF9' " +
  "NLS_TIMESTAMP_TZ_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF9TZH:TZM' NLS_NUMERIC_CHARACTERS = '.,'";
/** Types that the driver would round or turn into a `Date`: they come as text. */
const TEXT_TYPES: ReadonlySet<string> = new Set([
  'DB_TYPE_NUMBER',
  'DB_TYPE_DATE',
  'DB_TYPE_TIMESTAMP',
  'DB_TYPE_TIMESTAMP_TZ',
  'DB_TYPE_TIMESTAMP_LTZ',
  'DB_TYPE_CLOB',
  'DB_TYPE_NCLOB',
]);

/** A session with Oracle, by the driver's thin mode. */
export class OracleConnection implements DatabaseConnection {
  readonly product: string;
  readonly #driver: object;
  readonly #connection: object;

  private constructor(driver: object, connection: object) {
    this.#driver = driver;
    this.#connection = connection;
    this.product = `Oracle ${String(Reflect.get(connection, 'oracleServerVersionString') ?? '')}`;
  }

  static async open(target: ConnectionTarget): Promise<OracleConnection> {
    const driver = await optionalDriver('oracledb', 'Oracle');
    const [host] = target.url.hosts;
    const place =
      host === undefined ? '' : `${host.host}:${host.port}/${target.url.database ?? ''}`;
    const opened = await callMethod(driver, 'getConnection', {
      user: target.user ?? undefined,
      password: target.password ?? undefined,
      connectString: target.url.connectString ?? place,
      connectTimeout: Math.ceil(target.connectTimeoutMs / 1000),
    });
    const connection = new OracleConnection(driver, Object(opened));
    await connection.execute(SESSION);
    return connection;
  }

  get isUsable(): boolean {
    return callMethod(this.#connection, 'isHealthy') === true;
  }

  async execute(sql: string, binds: readonly Cell[] = []): Promise<number> {
    const result = await callMethod(this.#connection, 'execute', sql, binds.map(bound));
    return Number(Reflect.get(Object(result), 'rowsAffected') ?? 0);
  }

  async executeMany(sql: string, rows: readonly Row[]): Promise<number> {
    const binds = rows.map((row) => row.map(bound));
    const result = await callMethod(this.#connection, 'executeMany', sql, binds);
    return Number(Reflect.get(Object(result), 'rowsAffected') ?? 0);
  }

  async query(sql: string, binds: readonly Cell[] = []): Promise<QueryResult> {
    const rows: Row[] = [];
    let columns: readonly ResultColumn[] = [];
    for await (const piece of this.stream(sql, binds, { rowsPerFetch: 1000 })) {
      ({ columns } = piece);
      rows.push(...piece.rows);
    }
    return { columns, rows };
  }

  async *stream(
    sql: string,
    binds: readonly Cell[],
    { rowsPerFetch, signal }: StreamOptions,
  ): AsyncGenerator<QueryResult> {
    const options = { resultSet: true, fetchTypeHandler: this.#handler() };
    const result = await callMethod(this.#connection, 'execute', sql, binds.map(bound), options);
    const resultSet = Object(Reflect.get(Object(result), 'resultSet'));
    const described: unknown = Reflect.get(resultSet, 'metaData');
    const columns = Array.isArray(described) ? described.map(oracleColumn) : [];
    try {
      for (;;) {
        signal?.throwIfAborted();
        const rows: unknown = await callMethod(resultSet, 'getRows', rowsPerFetch);
        const list: Row[] = Array.isArray(rows) ? rows : [];
        yield { columns, rows: list };
        if (list.length < rowsPerFetch) return;
      }
    } finally {
      await callMethod(resultSet, 'close');
    }
  }

  /** A transaction begins with its first statement. */
  async begin(): Promise<void> {
    // Nothing to be said to the server.
  }
  async commit(): Promise<void> {
    await callMethod(this.#connection, 'commit');
  }
  async rollback(): Promise<void> {
    await callMethod(this.#connection, 'rollback');
  }
  async close(): Promise<void> {
    try {
      await callMethod(this.#connection, 'close');
    } catch {
      // It is gone, or was closed before: either way there is nothing left to close.
    }
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #handler(): (column: unknown) => object | undefined {
    const text = { type: Reflect.get(this.#driver, 'STRING') };
    return (column) => {
      const name: unknown = Reflect.get(Object(column), 'dbTypeName');
      const isText = TEXT_TYPES.has(`DB_TYPE_${String(name).replaceAll(' ', '_')}`);
      return isText || String(name).startsWith('TIMESTAMP') ? text : undefined;
    };
  }
}

function bound(cell: Cell): unknown {
  if (cell instanceof Uint8Array) return Buffer.from(cell);
  return typeof cell === 'bigint' ? String(cell) : cell;
}
