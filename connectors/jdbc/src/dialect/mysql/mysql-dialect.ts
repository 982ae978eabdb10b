import {
  DATE_LOGICAL_NAME,
  DECIMAL_LOGICAL_NAME,
  DECIMAL_SCALE_PARAMETER,
  TIMESTAMP_LOGICAL_NAME,
  TIME_LOGICAL_NAME,
  type Schema,
} from '@sluice/api';
import { timestampNanosText } from '../../values/temporal-text.ts';
import { TimeZone } from '../../values/time-zone.ts';
import { columnSql, createTableSql } from '../ddl.ts';
import { defaultText } from '../default-text.ts';
import type { ColumnUse, Dialect } from '../dialect.ts';
import { MysqlConnection } from './mysql-connection.ts';
import { describeMysqlTable, listMysqlTables } from './mysql-metadata.ts';
import { mysqlProblem } from './mysql-problems.ts';
import { mysqlWriter, textLiteral } from './mysql-writer.ts';

const LOGICAL_TYPES: Readonly<Record<string, string>> = {
  [DATE_LOGICAL_NAME]: 'DATE',
  [TIME_LOGICAL_NAME]: 'TIME(3)',
  [TIMESTAMP_LOGICAL_NAME]: 'DATETIME(3)',
  'io.debezium.time.Date': 'DATE',
  'io.debezium.time.Time': 'TIME(3)',
  'io.debezium.time.MicroTime': 'TIME(6)',
  'io.debezium.time.NanoTime': 'TIME(6)',
  'io.debezium.time.Timestamp': 'DATETIME(3)',
  'io.debezium.time.MicroTimestamp': 'DATETIME(6)',
  'io.debezium.time.NanoTimestamp': 'DATETIME(6)',
  'io.debezium.time.ZonedTimestamp': 'DATETIME(6)',
  'io.debezium.data.Json': 'JSON',
  'io.debezium.data.VariableScaleDecimal': 'DECIMAL(65,30)',
};

const TYPES: Readonly<Record<Schema['type'], string>> = {
  INT8: 'TINYINT',
  INT16: 'SMALLINT',
  INT32: 'INT',
  INT64: 'BIGINT',
  FLOAT32: 'FLOAT',
  FLOAT64: 'DOUBLE',
  BOOLEAN: 'TINYINT',
  STRING: 'TEXT',
  BYTES: 'VARBINARY(1024)',
  ARRAY: 'JSON',
  MAP: 'JSON',
  STRUCT: 'JSON',
};

/** MySQL 8 and MariaDB. */
export const MYSQL: Dialect = {
  family: 'mysql',
  title: 'MySQL',
  identifierRules: {
    open: '`',
    close: '`',
    fold: 'none',
    lengthMax: 64,
    lengthUnit: 'characters',
    parts: ['catalog'],
  },
  bindForm: { booleans: 'number', temporals: 'text', integers: 'number', arrays: 'json' },
  connect: (target) => MysqlConnection.open(target),
  problemOf: mysqlProblem,
  exactTextType: 'VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
  placeholder: () => '?',
  listTables: listMysqlTables,
  describeTable: describeMysqlTable,

  async currentTimestamp(connection) {
    const { rows } = await connection.query('SELECT UNIX_TIMESTAMP(CURRENT_TIMESTAMP(6))');
    const [seconds = '0', fraction = ''] = String(rows[0]?.[0] ?? '0').split('.');
    return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
  },

  timestampBind(column, instantNanos, zone) {
    const isZoned = column.jdbcType === 'TIMESTAMP_WITH_TIMEZONE';
    return timestampNanosText(instantNanos, new TimeZone(isZoned ? 'UTC' : zone), 6);
  },

  columnType: typeOf,

  defaultLiteral(schema) {
    const value = defaultText(schema);
    // Text and JSON columns take no literal as default.
    if (value === null || ['TEXT', 'JSON'].includes(typeOf(schema, { isKey: false }))) return null;
    if (typeof value === 'boolean') return value ? '1' : '0';
    if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
    return textLiteral(String(value));
  },

  createTable: createTableSql,
  addColumns(table, columns, identifiers) {
    const adds = columns.map((column) => `ADD COLUMN ${columnSql(column, identifiers)}`);
    return [`ALTER TABLE ${identifiers.qualified(table)} ${adds.join(', ')}`];
  },
  rowWriter: mysqlWriter,
  savepoint: {
    set: 'SAVEPOINT sluice',
    release: 'RELEASE SAVEPOINT sluice',
    rollback: 'ROLLBACK TO SAVEPOINT sluice',
  },
};

function typeOf(schema: Schema, { isKey }: ColumnUse): string {
  if (schema.name === DECIMAL_LOGICAL_NAME) {
    return `DECIMAL(65,${schema.parameters?.get(DECIMAL_SCALE_PARAMETER) ?? 0})`;
  }
  const logical = schema.name === null ? undefined : LOGICAL_TYPES[schema.name];
  const type = logical ?? TYPES[schema.type];
  // Text of any length can't be indexed (error 1170); 255 characters fit into every index.
  return isKey && type === 'TEXT' ? 'VARCHAR(255)' : type;
}
