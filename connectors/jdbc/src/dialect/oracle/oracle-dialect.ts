import {
  DATE_LOGICAL_NAME,
  DECIMAL_LOGICAL_NAME,
  DECIMAL_SCALE_PARAMETER,
  TIMESTAMP_LOGICAL_NAME,
  TIME_LOGICAL_NAME,
  type Schema,
} from '@sluice/api';
import type { DatabaseProblem } from '../../database/database-problem.ts';
import type { TableColumn } from '../../database/table.ts';
import { instantNanosOf, timestampNanosText } from '../../values/temporal-text.ts';
import { TimeZone } from '../../values/time-zone.ts';
import { columnSql, createTableSql, textLiteral } from '../ddl.ts';
import { defaultText } from '../default-text.ts';
import type { ColumnUse, Dialect, WriteTarget } from '../dialect.ts';
import type { Identifiers } from '../identifiers.ts';
import { mergeSql } from '../merge-sql.ts';
import { networkProblem } from '../network-problem.ts';
import { preparedWriter } from '../prepared-writer.ts';
import { OracleConnection } from './oracle-connection.ts';
import { describeOracleTable, listOracleTables } from './oracle-metadata.ts';

const TYPES: Readonly<Record<Schema['type'], string>> = {
  INT8: 'NUMBER(3,0)',
  INT16: 'NUMBER(5,0)',
  INT32: 'NUMBER(10,0)',
  INT64: 'NUMBER(19,0)',
  FLOAT32: 'BINARY_FLOAT',
  FLOAT64: 'BINARY_DOUBLE',
  BOOLEAN: 'NUMBER(1,0)',
  STRING: 'CLOB',
  BYTES: 'BLOB',
  ARRAY: 'CLOB',
  MAP: 'CLOB',
  STRUCT: 'CLOB',
};
const TIMES: Readonly<Record<string, string>> = {
  [DATE_LOGICAL_NAME]: 'DATE',
  [TIME_LOGICAL_NAME]: 'DATE',
  [TIMESTAMP_LOGICAL_NAME]: 'TIMESTAMP',
};
const FORMAT = "'YYYY-MM-DD HH24:MI:SS.FF9'";

/** What ORA- numbers mean: passing troubles, and those of the row. Others are somebody's to mend. */
const RETRIABLE: ReadonlySet<number> = new Set([
  28, 54, 60, 1012, 1013, 1033, 1034, 1089, 1090, 1092, 1536, 1653, 1654, 2396, 3113, 3114, 3135,
  4021, 8177, 12170, 12514, 12528, 12537, 12541, 12545, 30006, 30036,
]);
const BAD_ROW: ReadonlySet<number> = new Set([
  1, 1400, 1407, 1401, 1426, 1438, 1722, 1830, 1840, 1841, 1843, 1847, 1858, 1861, 2290, 2291, 2292,
  12899, 20000,
]);

/** Oracle. Its SQL is tested as text; no live server has run it. */
export const ORACLE: Dialect = {
  family: 'oracle',
  title: 'Oracle',
  identifierRules: {
    open: '"',
    close: '"',
    fold: 'upper',
    lengthMax: 128,
    lengthUnit: 'bytes',
    parts: ['schema'],
  },
  bindForm: { booleans: 'number', temporals: 'text', integers: 'number', arrays: 'json' },
  exactTextType: 'VARCHAR2(255 CHAR)',
  connect: (target) => OracleConnection.open(target),
  problemOf,
  placeholder: (n) => `:${n}`,
  listTables: listOracleTables,
  describeTable: describeOracleTable,

  async currentTimestamp(connection) {
    const sql =
      "SELECT TO_CHAR(SYS_EXTRACT_UTC(SYSTIMESTAMP), 'YYYY-MM-DD HH24:MI:SS.FF9') FROM dual";
    const { rows } = await connection.query(sql);
    return instantNanosOf(String(rows[0]?.[0]), new TimeZone('UTC')) ?? 0n;
  },
  timestampBind: (_column, instantNanos, zone) =>
    timestampNanosText(instantNanos, new TimeZone(zone), 9),

  columnType: typeOf,
  defaultLiteral(schema) {
    const value = defaultText(schema);
    if (value === null) return null;
    if (schema.defaultValue instanceof Date)
      return `TO_TIMESTAMP(${textLiteral(String(value))}, ${FORMAT})`;
    if (typeof value === 'boolean') return value ? '1' : '0';
    if (value instanceof Uint8Array) return `HEXTORAW('${Buffer.from(value).toString('hex')}')`;
    return textLiteral(String(value));
  },
  createTable: createTableSql,
  addColumns(table, columns, identifiers) {
    const adds = columns.map((column) => columnSql(column, identifiers)).join(', ');
    return [`ALTER TABLE ${identifiers.qualified(table)} ADD (${adds})`];
  },
  rowWriter: (target, identifiers) =>
    preparedWriter(
      { placeholder: (n, column) => bindText(n, column) },
      target,
      identifiers,
      upsertSql,
    ),
  savepoint: {
    set: 'SAVEPOINT sluice',
    release: null,
    rollback: 'ROLLBACK TO SAVEPOINT sluice',
  },
};

/** Times are bound as text, and read by a format of ours whatever the session's is. */
function bindText(n: number, column?: TableColumn): string {
  const isTime = column?.jdbcType.startsWith('TIMESTAMP') === true;
  return isTime ? `TO_TIMESTAMP(:${n}, ${FORMAT})` : `:${n}`;
}

function upsertSql(target: WriteTarget, identifiers: Identifiers): string {
  const all = [...target.keys, ...target.columns];
  const values = all.map((one, i) => `${bindText(i + 1, one)} ${identifiers.quote(one.name)}`);
  return mergeSql(target, identifiers, {
    into: `${identifiers.qualified(target.table)} target`,
    using: `(SELECT ${values.join(', ')} FROM dual) incoming`,
    end: '',
  });
}

function typeOf(schema: Schema, { isKey }: ColumnUse): string {
  if (schema.name === DECIMAL_LOGICAL_NAME) {
    return `NUMBER(*,${schema.parameters?.get(DECIMAL_SCALE_PARAMETER) ?? 0})`;
  }
  const time = schema.name === null ? undefined : TIMES[schema.name];
  const type = time ?? TYPES[schema.type];
  if (!isKey) return type;
  // Large objects can't be part of a key.
  return type === 'CLOB' ? 'VARCHAR2(4000)' : type === 'BLOB' ? 'RAW(2000)' : type;
}

function problemOf(error: unknown): DatabaseProblem {
  const number: unknown = Reflect.get(Object(error), 'errorNum');
  if (!(error instanceof Error) || typeof number !== 'number') return networkProblem(error);
  const isRetriable = RETRIABLE.has(number) || /^NJS-5\d\d/.test(error.message);
  return {
    kind: isRetriable ? 'retriable' : BAD_ROW.has(number) ? 'bad-row' : 'fatal',
    code: `ORA-${String(number).padStart(5, '0')}`,
    message: error.message,
    advice: number === 1017 ? 'Correct connection.user and connection.password.' : '',
    isConnectionLost: [28, 1012, 3113, 3114, 3135].includes(number),
  };
}
