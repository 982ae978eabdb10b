import {
  DATE_LOGICAL_NAME,
  DECIMAL_LOGICAL_NAME,
  TIMESTAMP_LOGICAL_NAME,
  TIME_LOGICAL_NAME,
  type Schema,
} from '@sluice/api';
import { byteaText } from '../../values/postgres-array.ts';
import { timestampNanosText } from '../../values/temporal-text.ts';
import { TimeZone } from '../../values/time-zone.ts';
import { columnSql, createTableSql, textLiteral } from '../ddl.ts';
import { defaultText } from '../default-text.ts';
import type { Dialect } from '../dialect.ts';
import { PostgresConnection } from './postgres-connection.ts';
import { describePostgresTable, listPostgresTables } from './postgres-metadata.ts';
import { postgresProblem } from './postgres-problems.ts';
import { postgresWriter } from './postgres-writer.ts';

const LOGICAL_TYPES: Readonly<Record<string, string>> = {
  [DECIMAL_LOGICAL_NAME]: 'DECIMAL',
  [DATE_LOGICAL_NAME]: 'DATE',
  [TIME_LOGICAL_NAME]: 'TIME',
  [TIMESTAMP_LOGICAL_NAME]: 'TIMESTAMP',
  'io.debezium.time.Date': 'DATE',
  'io.debezium.time.Time': 'TIME(3)',
  'io.debezium.time.MicroTime': 'TIME(6)',
  'io.debezium.time.NanoTime': 'TIME(6)',
  'io.debezium.time.Timestamp': 'TIMESTAMP(3)',
  'io.debezium.time.MicroTimestamp': 'TIMESTAMP(6)',
  'io.debezium.time.NanoTimestamp': 'TIMESTAMP(6)',
  'io.debezium.time.ZonedTimestamp': 'TIMESTAMPTZ',
  'io.debezium.time.ZonedTime': 'TIMETZ',
  'io.debezium.data.Json': 'JSONB',
  'io.debezium.data.Uuid': 'UUID',
  'io.debezium.data.Xml': 'XML',
  'io.debezium.data.VariableScaleDecimal': 'DECIMAL',
};

const TYPES: Readonly<Record<Schema['type'], string>> = {
  INT8: 'SMALLINT',
  INT16: 'SMALLINT',
  INT32: 'INT',
  INT64: 'BIGINT',
  FLOAT32: 'REAL',
  FLOAT64: 'DOUBLE PRECISION',
  BOOLEAN: 'BOOLEAN',
  STRING: 'TEXT',
  BYTES: 'BYTEA',
  ARRAY: '',
  MAP: 'JSONB',
  STRUCT: 'JSONB',
};

/** PostgreSQL, from release 12 on. */
export const POSTGRES: Dialect = {
  family: 'postgres',
  title: 'PostgreSQL',
  identifierRules: {
    open: '"',
    close: '"',
    fold: 'lower',
    lengthMax: 63,
    lengthUnit: 'bytes',
    parts: ['schema'],
  },
  bindForm: { booleans: 'text', temporals: 'text', integers: 'number', arrays: 'postgres' },
  connect: (target) => PostgresConnection.open(target),
  problemOf: postgresProblem,
  exactTextType: 'TEXT',
  placeholder: (n) => `$${n}`,
  listTables: listPostgresTables,
  describeTable: describePostgresTable,

  async currentTimestamp(connection) {
    const sql = 'SELECT (extract(epoch FROM CURRENT_TIMESTAMP) * 1000000)::bigint';
    const { rows } = await connection.query(sql);
    return BigInt(String(rows[0]?.[0] ?? 0)) * 1000n;
  },

  timestampBind(column, instantNanos, zone) {
    const isZoned = column.jdbcType === 'TIMESTAMP_WITH_TIMEZONE';
    const text = timestampNanosText(instantNanos, new TimeZone(isZoned ? 'UTC' : zone), 6);
    return isZoned ? `${text}+00` : text;
  },

  columnType: (schema) => typeOf(schema),

  defaultLiteral(schema) {
    const value = defaultText(schema);
    if (value === null) return null;
    return textLiteral(value instanceof Uint8Array ? byteaText(value) : String(value));
  },

  createTable: createTableSql,
  addColumns(table, columns, identifiers) {
    const adds = columns.map((column) => `ADD COLUMN ${columnSql(column, identifiers)}`);
    return [`ALTER TABLE ${identifiers.qualified(table)} ${adds.join(', ')}`];
  },
  rowWriter: postgresWriter,
  savepoint: {
    set: 'SAVEPOINT sluice',
    release: 'RELEASE SAVEPOINT sluice',
    rollback: 'ROLLBACK TO SAVEPOINT sluice',
  },
};

function typeOf(schema: Schema): string | null {
  const logical = schema.name === null ? undefined : LOGICAL_TYPES[schema.name];
  if (logical !== undefined) return logical;
  if (schema.type !== 'ARRAY') return TYPES[schema.type];
  const element = schema.valueSchema;
  // Arrays of structs or of arrays have no array type: JSON holds them.
  if (element === null || ['ARRAY', 'MAP', 'STRUCT'].includes(element.type)) return 'JSONB';
  return `${typeOf(element)}[]`;
}
