import type { Cell, Row } from '../../database/cell.ts';
import type {
  DatabaseConnection,
  QueryResult,
  StreamOptions,
} from '../../database/database-connection.ts';
import type { ResultColumn } from '../../database/table.ts';
import { propertyOf } from '../../url/url-parts.ts';
import type { ConnectionTarget } from '../dialect.ts';
import { callMethod, optionalDriver } from '../optional-driver.ts';
import { sqlServerCell, sqlServerColumn } from './sqlserver-types.ts';

type Callback = (error: unknown, rowCount?: number) => void;

/** A session with SQL Server. */
export class SqlServerConnection implements DatabaseConnection {
  readonly product: string = 'SQL Server';
  readonly #driver: object;
  readonly #connection: object;
  #isUsable = true;

  private constructor(driver: object, connection: object) {
    this.#driver = driver;
    this.#connection = connection;
    const lost = (): void => {
      this.#isUsable = false;
    };
    callMethod(connection, 'on', 'end', lost);
    callMethod(connection, 'on', 'error', lost);
  }

  static async open(target: ConnectionTarget): Promise<SqlServerConnection> {
    const driver = await optionalDriver('tedious', 'SQL Server');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const connection: object = Reflect.construct(classOf(driver, 'Connection'), [configOf(target)]);
    const opened = new SqlServerConnection(driver, connection);
    callMethod(connection, 'connect', (error: unknown) => {
      if (error) reject(error);
      else resolve();
    });
    await promise;
    return opened;
  }

  get isUsable(): boolean {
    return this.#isUsable;
  }

  async execute(sql: string, binds: readonly Cell[] = []): Promise<number> {
    return (await this.#run(sql, binds)).changed;
  }

  async executeMany(sql: string, rows: readonly Row[]): Promise<number> {
    let changed = 0;
    for (const row of rows) changed += await this.execute(sql, row);
    return changed;
  }

  async query(sql: string, binds: readonly Cell[] = []): Promise<QueryResult> {
    return await this.#run(sql, binds);
  }

  /** The driver hands rows over as they come; they are held until the result is there. */
  async *stream(
    sql: string,
    binds: readonly Cell[],
    { rowsPerFetch, signal }: StreamOptions,
  ): AsyncGenerator<QueryResult> {
    const { columns, rows } = await this.#run(sql, binds);
    for (let from = 0; from === 0 || from < rows.length; from += rowsPerFetch) {
      signal?.throwIfAborted();
      yield { columns, rows: rows.slice(from, from + rowsPerFetch) };
    }
  }

  async begin(): Promise<void> {
    await this.#call('beginTransaction');
  }
  async commit(): Promise<void> {
    await this.#call('commitTransaction');
  }
  async rollback(): Promise<void> {
    await this.#call('rollbackTransaction');
  }
  async close(): Promise<void> {
    this.#isUsable = false;
    callMethod(this.#connection, 'close');
    await Promise.resolve();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #call(name: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    callMethod(this.#connection, name, (error: unknown) => (error ? reject(error) : resolve()));
    return promise;
  }

  #run(sql: string, binds: readonly Cell[]): Promise<QueryResult & { readonly changed: number }> {
    const { promise, resolve, reject } = Promise.withResolvers<
      QueryResult & { readonly changed: number }
    >();
    const rows: Row[] = [];
    let columns: readonly ResultColumn[] = [];
    const done: Callback = (error, rowCount) => {
      if (error) reject(error);
      else resolve({ columns, rows, changed: rowCount ?? 0 });
    };
    const request: object = Reflect.construct(classOf(this.#driver, 'Request'), [sql, done]);
    const types = Object(Reflect.get(this.#driver, 'TYPES'));
    for (const [i, cell] of binds.entries()) {
      const [type, value] = boundAs(cell);
      callMethod(request, 'addParameter', `p${i + 1}`, Reflect.get(types, type), value);
    }
    callMethod(request, 'on', 'columnMetadata', (described: unknown) => {
      columns = Array.isArray(described) ? described.map(sqlServerColumn) : [];
    });
    callMethod(request, 'on', 'row', (row: unknown) => {
      const cells: readonly unknown[] = Array.isArray(row) ? row : [];
      rows.push(cells.map((cell) => sqlServerCell(Reflect.get(Object(cell), 'value'))));
    });
    callMethod(this.#connection, 'execSql', request);
    return promise;
  }
}

function configOf(target: ConnectionTarget): object {
  const property = (name: string): string | null => propertyOf(target.properties, name);
  const [host] = target.url.hosts;
  const instance = property('instanceName');
  return {
    server: host?.host ?? 'localhost',
    authentication: {
      type: 'default',
      options: { userName: target.user ?? '', password: target.password ?? '' },
    },
    options: {
      ...(instance === null ? { port: host?.port } : { instanceName: instance }),
      ...(target.url.database === null ? {} : { database: target.url.database }),
      encrypt: property('encrypt') !== 'false',
      trustServerCertificate: property('trustServerCertificate') === 'true',
      connectTimeout: target.connectTimeoutMs,
      requestTimeout: 0,
      appName: property('applicationName') ?? 'Sluice',
      useUTC: true,
    },
  };
}

/** Text and numbers travel as text: the server converts them to the column's type. */
function boundAs(cell: Cell): readonly [string, unknown] {
  if (cell === null) return ['NVarChar', null];
  if (cell instanceof Uint8Array) return ['VarBinary', Buffer.from(cell)];
  return ['NVarChar', String(cell)];
}

function classOf(driver: object, name: string): new (...args: unknown[]) => object {
  const found: unknown = Reflect.get(driver, name);
  if (!isClass(found)) throw new TypeError(`the driver has no class ${name}`);
  return found;
}

function isClass(value: unknown): value is new (...args: unknown[]) => object {
  return typeof value === 'function';
}
