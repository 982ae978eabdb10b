import type { Cell, Row } from '../../database/cell.ts';
import type { JdbcType } from '../../database/jdbc-type.ts';
import type { ResultColumn } from '../../database/table.ts';
import type { SqliteColumn } from './sqlite-protocol.ts';

const INT32_MAX = 2n ** 31n - 1n;

const JDBC_TYPES: Readonly<Record<string, JdbcType>> = {
  BOOLEAN: 'BOOLEAN',
  TINYINT: 'TINYINT',
  SMALLINT: 'SMALLINT',
  INT2: 'SMALLINT',
  BIGINT: 'BIGINT',
  INT8: 'BIGINT',
  'UNSIGNED BIG INT': 'BIGINT',
  INT: 'BIGINT',
  INTEGER: 'INTEGER',
  MEDIUMINT: 'INTEGER',
  DATE: 'DATE',
  DATETIME: 'TIMESTAMP',
  TIMESTAMP: 'TIMESTAMP',
  TIME: 'TIME',
  DECIMAL: 'DECIMAL',
  NUMERIC: 'NUMERIC',
  DOUBLE: 'DOUBLE',
  'DOUBLE PRECISION': 'DOUBLE',
  FLOAT: 'FLOAT',
  REAL: 'REAL',
  CHARACTER: 'CHAR',
  CHAR: 'CHAR',
  NCHAR: 'CHAR',
  CLOB: 'CLOB',
  VARCHAR: 'VARCHAR',
  NVARCHAR: 'VARCHAR',
  TEXT: 'VARCHAR',
  BLOB: 'BLOB',
  BINARY: 'BINARY',
  VARBINARY: 'VARBINARY',
};

/** The JDBC type of a declared type; where none is declared, that of a value. */
export function sqliteJdbcType(declared: string | null, sample: Cell = null): JdbcType {
  const base = (declared ?? '')
    .toUpperCase()
    .replace(/\s*\(.*$/, '')
    .trim();
  if (base === 'INTEGER') return isBig(sample) ? 'BIGINT' : 'INTEGER';
  const known = JDBC_TYPES[base];
  if (known !== undefined) return known;
  if (base.includes('INT')) return 'BIGINT';
  if (/CHAR|CLOB|TEXT/.test(base)) return 'VARCHAR';
  if (typeof sample === 'bigint') return isBig(sample) ? 'BIGINT' : 'INTEGER';
  if (typeof sample === 'number') return 'REAL';
  if (sample instanceof Uint8Array) return 'BLOB';
  return base === '' || sample !== null ? 'VARCHAR' : 'NUMERIC';
}

/** Precision and scale out of `DECIMAL(10,2)`. */
export function sqliteSize(declared: string | null): { precision: number; scale: number } {
  const match = /\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/.exec(declared ?? '');
  return { precision: Number(match?.[1] ?? 0), scale: Number(match?.[2] ?? 0) };
}

/** The columns of a result, whose first row tells what SQLite does not. */
export function resultColumns(
  columns: readonly SqliteColumn[],
  first: Row | undefined,
): readonly ResultColumn[] {
  return columns.map(({ name, type }, i) => {
    const jdbcType = sqliteJdbcType(type, first?.[i] ?? null);
    return {
      name,
      jdbcType,
      typeName: type ?? '',
      ...sqliteSize(type),
      // Java's driver calls them unsigned: one size wider.
      isSigned: jdbcType !== 'TINYINT' && jdbcType !== 'SMALLINT',
      isNullable: null,
      isAutoIncrement: false,
    };
  });
}

function isBig(sample: Cell): boolean {
  return typeof sample === 'bigint' && (sample > INT32_MAX || sample < -INT32_MAX - 1n);
}
