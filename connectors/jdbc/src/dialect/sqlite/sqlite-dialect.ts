import {
  DATE_LOGICAL_NAME,
  DECIMAL_LOGICAL_NAME,
  TIMESTAMP_LOGICAL_NAME,
  TIME_LOGICAL_NAME,
  type Schema,
} from '@sluice/api';
import type { DatabaseConnection } from '../../database/database-connection.ts';
import type { DatabaseProblem, ProblemKind } from '../../database/database-problem.ts';
import type { TableDescription, TableId } from '../../database/table.ts';
import { instantNanosOf, timestampText } from '../../values/temporal-text.ts';
import { TimeZone } from '../../values/time-zone.ts';
import { columnSql, createTableSql, textLiteral } from '../ddl.ts';
import { defaultText } from '../default-text.ts';
import type { Dialect, TableFilter, WriteTarget } from '../dialect.ts';
import type { Identifiers } from '../identifiers.ts';
import { networkProblem } from '../network-problem.ts';
import { preparedWriter } from '../prepared-writer.ts';
import { SqliteConnection, SqliteError } from './sqlite-connection.ts';
import { sqliteJdbcType, sqliteSize } from './sqlite-types.ts';

const TYPES: Readonly<Record<Schema['type'], string>> = {
  INT8: 'INTEGER',
  INT16: 'INTEGER',
  INT32: 'INTEGER',
  INT64: 'INTEGER',
  FLOAT32: 'REAL',
  FLOAT64: 'REAL',
  BOOLEAN: 'INTEGER',
  STRING: 'TEXT',
  BYTES: 'BLOB',
  ARRAY: 'TEXT',
  MAP: 'TEXT',
  STRUCT: 'TEXT',
};
const NUMERIC_NAMES: ReadonlySet<string> = new Set([
  DECIMAL_LOGICAL_NAME,
  DATE_LOGICAL_NAME,
  TIME_LOGICAL_NAME,
  TIMESTAMP_LOGICAL_NAME,
]);

const LOCKED = 'Another process holds the lock of the database.';
/** What primary result codes mean. */
const CODES: ReadonlyMap<number, readonly [ProblemKind, string]> = new Map<
  number,
  readonly [ProblemKind, string]
>([
  [5, ['retriable', LOCKED]],
  [6, ['retriable', LOCKED]],
  [10, ['retriable', 'The system could not read or write the file.']],
  [13, ['retriable', 'The disk is full: make room.']],
  [8, ['fatal', 'Give the user that runs the worker write access to the file and its folder.']],
  [14, ['fatal', 'Correct the path in connection.url; its folder must exist and be writable.']],
  [26, ['fatal', 'The file is no SQLite database: correct the path in connection.url.']],
  [11, ['fatal', 'The database file is damaged: restore it.']],
  [18, ['bad-row', 'The value is larger than SQLite takes.']],
  [19, ['bad-row', 'The row breaks a constraint: correct the row, or use insert.mode=upsert.']],
  [20, ['bad-row', 'The type of the value does not fit the column.']],
]);

/** SQLite, through Node's own driver. */
export const SQLITE: Dialect = {
  family: 'sqlite',
  title: 'SQLite',
  identifierRules: {
    open: '"',
    close: '"',
    fold: 'none',
    lengthMax: 1000,
    lengthUnit: 'characters',
    parts: ['schema'],
  },
  bindForm: { booleans: 'number', temporals: 'epoch', integers: 'bigint', arrays: 'json' },
  connect: (target) => SqliteConnection.open(target),
  problemOf,
  exactTextType: 'TEXT',
  placeholder: () => '?',
  listTables,
  describeTable,

  /** To the second, as `CURRENT_TIMESTAMP` is. */
  async currentTimestamp(connection) {
    const { rows } = await connection.query('SELECT CURRENT_TIMESTAMP');
    return instantNanosOf(String(rows[0]?.[0]), new TimeZone('UTC')) ?? 0n;
  },

  /** Text where the column's type is text, else milliseconds, as Java's driver stores them. */
  timestampBind(column, instantNanos, zone) {
    const millis = instantNanos / 1_000_000n;
    const isText = column.jdbcType === 'VARCHAR';
    return isText ? timestampText(Number(millis), new TimeZone(zone)) : millis;
  },

  columnType: (schema) => {
    return NUMERIC_NAMES.has(schema.name ?? '') ? 'NUMERIC' : TYPES[schema.type];
  },

  defaultLiteral(schema) {
    const value = defaultText(schema);
    if (schema.defaultValue instanceof Date) return String(schema.defaultValue.getTime());
    if (value === null) return null;
    if (typeof value === 'boolean') return value ? '1' : '0';
    if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
    return textLiteral(String(value));
  },

  createTable: createTableSql,
  addColumns: (table, columns, identifiers) =>
    columns.map((column) => {
      const name = identifiers.qualified(table);
      return `ALTER TABLE ${name} ADD ${columnSql(column, identifiers)}`;
    }),
  rowWriter: (target, identifiers) => preparedWriter(SQLITE, target, identifiers, upsertSql),
  savepoint: {
    set: 'SAVEPOINT sluice',
    release: 'RELEASE sluice',
    rollback: 'ROLLBACK TO sluice',
  },
};

/** Not `INSERT OR REPLACE`, which deletes the row and with it the columns that the record has not. */
function upsertSql({ table, keys, columns }: WriteTarget, identifiers: Identifiers): string {
  const all = [...keys, ...columns].map(({ name }) => name);
  const sets = columns.map(({ name }) => {
    const quoted = identifiers.quote(name);
    return `${quoted} = excluded.${quoted}`;
  });
  const action = sets.length === 0 ? 'DO NOTHING' : `DO UPDATE SET ${sets.join(', ')}`;
  const values = all.map(() => '?').join(', ');
  const conflict = `ON CONFLICT (${identifiers.list(keys.map(({ name }) => name))}) ${action}`;
  const into = `INSERT INTO ${identifiers.qualified(table)} (${identifiers.list(all)})`;
  return `${into} VALUES (${values}) ${conflict}`;
}

function problemOf(error: unknown): DatabaseProblem {
  if (!(error instanceof SqliteError) || error.errcode === null) return networkProblem(error);
  const [kind, advice] = CODES.get(error.errcode & 0xff) ?? ['fatal', ''];
  const { message, errcode } = error;
  return { kind, code: `SQLite ${errcode}`, message, advice, isConnectionLost: false };
}

async function listTables(
  connection: DatabaseConnection,
  filter: TableFilter,
): Promise<readonly TableId[]> {
  const sql =
    "SELECT upper(type), name FROM sqlite_schema WHERE type IN ('table','view') " +
    "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
  const { rows } = await connection.query(sql);
  return rows
    .filter(([type]) => filter.types.includes(String(type)))
    .map(([, name]) => ({ catalog: null, schema: null, name: String(name) }));
}

async function describeTable(
  connection: DatabaseConnection,
  table: TableId,
  identifiers: Identifiers,
): Promise<TableDescription | null> {
  const schema = table.schema ?? 'main';
  const found = await connection.query(
    'SELECT t.type, t.name FROM pragma_table_list AS t WHERE t.name = ? AND t.schema = ?',
    [identifiers.effective(table.name), schema],
  );
  const [type, name] = (found.rows[0] ?? []).map(String);
  if (type === undefined || name === undefined) return null;
  const { rows } = await connection.query(
    'SELECT name, type, "notnull", dflt_value IS NOT NULL, pk, hidden ' +
      'FROM pragma_table_xinfo(?, ?) ORDER BY cid',
    [name, schema],
  );
  const keys = rows.filter(([, , , , pk]) => Number(pk) > 0).length;
  return {
    id: { catalog: null, schema: table.schema, name },
    type: type.toUpperCase(),
    columns: rows.map(([column, declared, notNull, hasDefault, pk, hidden]) => {
      const isRowId = keys === 1 && Number(pk) === 1 && /^integer$/i.test(String(declared));
      return {
        name: String(column),
        jdbcType: sqliteJdbcType(String(declared)),
        typeName: String(declared),
        ...sqliteSize(String(declared)),
        isSigned: true,
        isNullable: Number(notNull) === 0 && Number(pk) === 0,
        isAutoIncrement: isRowId,
        castType: '',
        hasDefault: Number(hasDefault) === 1 || isRowId,
        isGenerated: Number(hidden) >= 2,
        keyPosition: Number(pk),
      };
    }),
  };
}
