import {
  DATE_LOGICAL_NAME,
  DECIMAL_LOGICAL_NAME,
  DECIMAL_SCALE_PARAMETER,
  TIMESTAMP_LOGICAL_NAME,
  TIME_LOGICAL_NAME,
  type Schema,
} from '@sluice/api';
import type { DatabaseProblem, ProblemKind } from '../../database/database-problem.ts';
import { instantNanosOf, timestampNanosText } from '../../values/temporal-text.ts';
import { TimeZone } from '../../values/time-zone.ts';
import { columnSql, createTableSql, textLiteral } from '../ddl.ts';
import { defaultText } from '../default-text.ts';
import type { ColumnUse, Dialect, WriteTarget } from '../dialect.ts';
import type { Identifiers } from '../identifiers.ts';
import { mergeSql } from '../merge-sql.ts';
import { networkProblem } from '../network-problem.ts';
import { preparedWriter } from '../prepared-writer.ts';
import { SqlServerConnection } from './sqlserver-connection.ts';
import { describeSqlServerTable, listSqlServerTables } from './sqlserver-metadata.ts';

const TYPES: Readonly<Record<Schema['type'], string>> = {
  INT8: 'tinyint',
  INT16: 'smallint',
  INT32: 'int',
  INT64: 'bigint',
  FLOAT32: 'real',
  FLOAT64: 'float',
  BOOLEAN: 'bit',
  STRING: 'nvarchar(max)',
  BYTES: 'varbinary(max)',
  ARRAY: 'nvarchar(max)',
  MAP: 'nvarchar(max)',
  STRUCT: 'nvarchar(max)',
};
const TIMES: Readonly<Record<string, string>> = {
  [DATE_LOGICAL_NAME]: 'date',
  [TIME_LOGICAL_NAME]: 'time',
  [TIMESTAMP_LOGICAL_NAME]: 'datetime2',
};

const CONSTRAINT = 'The row breaks a constraint: correct the row, or use insert.mode=upsert.';
const NO_FIT = 'The value does not fit its column: change the record or the column.';
/** What the server's error numbers mean. */
const NUMBERS: ReadonlyMap<number, readonly [ProblemKind, string]> = new Map<
  number,
  readonly [ProblemKind, string]
>([
  [1205, ['retriable', 'Another transaction was in the way.']],
  [1222, ['retriable', 'Another session holds the lock for longer than LOCK_TIMEOUT.']],
  [1105, ['retriable', 'The disk or the file group is full: make room.']],
  [9002, ['retriable', 'The transaction log is full: make room.']],
  [40197, ['retriable', '']],
  [40501, ['retriable', '']],
  [40613, ['retriable', '']],
  [515, ['bad-row', 'Give the field a value, or the column a default.']],
  [547, ['bad-row', CONSTRAINT]],
  [2601, ['bad-row', CONSTRAINT]],
  [2627, ['bad-row', CONSTRAINT]],
  [220, ['bad-row', NO_FIT]],
  [241, ['bad-row', NO_FIT]],
  [242, ['bad-row', NO_FIT]],
  [245, ['bad-row', NO_FIT]],
  [2628, ['bad-row', NO_FIT]],
  [8114, ['bad-row', NO_FIT]],
  [8115, ['bad-row', NO_FIT]],
  [8152, ['bad-row', NO_FIT]],
  [18456, ['fatal', 'Correct connection.user and connection.password.']],
  [4060, ['fatal', 'Create the database, or correct databaseName in connection.url.']],
  [229, ['fatal', 'Grant the privilege to the user of connection.user.']],
  [208, ['fatal', 'Create the table, or set auto.create=true.']],
  [207, ['fatal', 'Add the column, or set auto.evolve=true.']],
]);

/** SQL Server. Its SQL is tested as text; no live server has run it. */
export const SQL_SERVER: Dialect = {
  family: 'sqlserver',
  title: 'SQL Server',
  identifierRules: {
    open: '[',
    close: ']',
    fold: 'none',
    lengthMax: 128,
    lengthUnit: 'characters',
    parts: ['catalog', 'schema'],
  },
  bindForm: { booleans: 'number', temporals: 'text', integers: 'number', arrays: 'json' },
  exactTextType: 'nvarchar(255) COLLATE Latin1_General_BIN2',
  connect: (target) => SqlServerConnection.open(target),
  problemOf,
  placeholder: (n) => `@p${n}`,
  listTables: listSqlServerTables,
  describeTable: describeSqlServerTable,

  async currentTimestamp(connection) {
    const { rows } = await connection.query('SELECT CONVERT(varchar(30), SYSUTCDATETIME(), 121)');
    return instantNanosOf(String(rows[0]?.[0]), new TimeZone('UTC')) ?? 0n;
  },
  timestampBind(column, instantNanos, zone) {
    const isZoned = column.jdbcType === 'TIMESTAMP_WITH_TIMEZONE';
    // The old type takes three digits, and refuses more.
    const digits = column.typeName === 'datetime' ? 3 : 7;
    return timestampNanosText(instantNanos, new TimeZone(isZoned ? 'UTC' : zone), digits);
  },

  columnType: typeOf,
  defaultLiteral(schema) {
    const value = defaultText(schema);
    if (value === null) return null;
    if (typeof value === 'boolean') return value ? '1' : '0';
    if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
    return typeof value === 'number' ? String(value) : `N${textLiteral(value)}`;
  },
  createTable: createTableSql,
  addColumns(table, columns, identifiers) {
    const adds = columns.map((column) => columnSql(column, identifiers)).join(', ');
    return [`ALTER TABLE ${identifiers.qualified(table)} ADD ${adds}`];
  },
  rowWriter: (target, identifiers) => preparedWriter(SQL_SERVER, target, identifiers, upsertSql),
  savepoint: {
    set: 'SAVE TRANSACTION sluice',
    release: null,
    rollback: 'ROLLBACK TRANSACTION sluice',
  },
};

/** HOLDLOCK, or two tasks would both find no row and both insert it. */
function upsertSql(target: WriteTarget, identifiers: Identifiers): string {
  const all = [...target.keys, ...target.columns];
  const values = all.map((one, i) => `@p${i + 1} AS ${identifiers.quote(one.name)}`);
  return mergeSql(target, identifiers, {
    into: `${identifiers.qualified(target.table)} WITH (HOLDLOCK) AS target`,
    using: `(SELECT ${values.join(', ')}) AS incoming`,
    end: ';',
  });
}

function typeOf(schema: Schema, { isKey }: ColumnUse): string {
  if (schema.name === DECIMAL_LOGICAL_NAME) {
    return `decimal(38,${schema.parameters?.get(DECIMAL_SCALE_PARAMETER) ?? 0})`;
  }
  const time = schema.name === null ? undefined : TIMES[schema.name];
  const type = time ?? TYPES[schema.type];
  // A key has at most 900 bytes.
  return isKey ? type.replace('nvarchar(max)', 'nvarchar(450)').replace('(max)', '(900)') : type;
}

function problemOf(error: unknown): DatabaseProblem {
  const number: unknown = Reflect.get(Object(error), 'number');
  const code: unknown = Reflect.get(Object(error), 'code');
  if (code === 'ELOGIN') return loginProblem(error);
  if (!(error instanceof Error) || typeof number !== 'number') return networkProblem(error);
  const [kind, advice] = NUMBERS.get(number) ?? ['fatal', ''];
  const { message } = error;
  return { kind, code: String(number), message, advice, isConnectionLost: false };
}

function loginProblem(error: unknown): DatabaseProblem {
  return {
    kind: 'fatal',
    code: 'ELOGIN',
    message: error instanceof Error ? error.message : String(error),
    advice: 'Correct connection.user and connection.password.',
    isConnectionLost: true,
  };
}
