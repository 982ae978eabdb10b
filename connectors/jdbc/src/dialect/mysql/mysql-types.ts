import type { Cell } from '../../database/cell.ts';
import type { JdbcType } from '../../database/jdbc-type.ts';
import type { ResultColumn } from '../../database/table.ts';

/** A column of a result, as the protocol describes it. */
export interface MysqlField {
  readonly name: string;
  readonly columnType?: number | undefined;
  readonly columnLength?: number | undefined;
  readonly characterSet?: number | undefined;
  readonly flags?: unknown;
  readonly decimals?: number | undefined;
}

const BINARY_CHARSET = 63;
const FLAG_NOT_NULL = 1;
const FLAG_UNSIGNED = 32;
const FLAG_AUTO_INCREMENT = 512;
/** Bytes that a character of utf8mb4 may have: lengths are told in bytes. */
const BYTES_PER_CHAR = 4;

const NAMES: Readonly<Record<number, string>> = {
  0: 'DECIMAL',
  1: 'TINYINT',
  2: 'SMALLINT',
  3: 'INT',
  4: 'FLOAT',
  5: 'DOUBLE',
  6: 'NULL',
  7: 'TIMESTAMP',
  8: 'BIGINT',
  9: 'MEDIUMINT',
  10: 'DATE',
  11: 'TIME',
  12: 'DATETIME',
  13: 'YEAR',
  15: 'VARCHAR',
  16: 'BIT',
  245: 'JSON',
  246: 'DECIMAL',
  247: 'ENUM',
  248: 'SET',
  249: 'TINYBLOB',
  250: 'MEDIUMBLOB',
  251: 'LONGBLOB',
  252: 'BLOB',
  253: 'VARCHAR',
  254: 'CHAR',
  255: 'GEOMETRY',
};

const BINARY_NAMES: Readonly<Record<string, string>> = { VARCHAR: 'VARBINARY', CHAR: 'BINARY' };
const TEXT_NAMES: Readonly<Record<string, string>> = {
  TINYBLOB: 'TINYTEXT',
  BLOB: 'TEXT',
  MEDIUMBLOB: 'MEDIUMTEXT',
  LONGBLOB: 'LONGTEXT',
};

const JDBC_TYPES: Readonly<Record<string, JdbcType>> = {
  DECIMAL: 'DECIMAL',
  TINYINT: 'TINYINT',
  SMALLINT: 'SMALLINT',
  INT: 'INTEGER',
  MEDIUMINT: 'INTEGER',
  BIGINT: 'BIGINT',
  FLOAT: 'REAL',
  DOUBLE: 'DOUBLE',
  NULL: 'NULL',
  TIMESTAMP: 'TIMESTAMP_WITH_TIMEZONE',
  DATETIME: 'TIMESTAMP',
  DATE: 'DATE',
  TIME: 'TIME',
  YEAR: 'DATE',
  VARCHAR: 'VARCHAR',
  CHAR: 'CHAR',
  ENUM: 'CHAR',
  SET: 'CHAR',
  JSON: 'LONGVARCHAR',
  BIT: 'BIT',
  VARBINARY: 'VARBINARY',
  BINARY: 'BINARY',
  TINYTEXT: 'VARCHAR',
  TEXT: 'LONGVARCHAR',
  MEDIUMTEXT: 'LONGVARCHAR',
  LONGTEXT: 'LONGVARCHAR',
  TINYBLOB: 'VARBINARY',
  BLOB: 'LONGVARBINARY',
  MEDIUMBLOB: 'LONGVARBINARY',
  LONGBLOB: 'LONGVARBINARY',
  GEOMETRY: 'BINARY',
};

/** The JDBC type of a type by its name, as MySQL's driver reports it. */
export function mysqlJdbcType(name: string, length: number, isTinyInt1Bit: boolean): JdbcType {
  if (name === 'TINYINT' && length === 1 && isTinyInt1Bit) return 'BIT';
  if (name === 'BIT' && length > 1) return 'BINARY';
  return JDBC_TYPES[name] ?? 'OTHER';
}

/** A column of a result. */
export function mysqlColumn(field: MysqlField, isTinyInt1Bit: boolean): ResultColumn {
  const name = typeNameOf(field);
  const flags = Number(field.flags);
  const isText = isTextual(field);
  const isDecimal = name === 'DECIMAL';
  const length = field.columnLength ?? 0;
  const isUnsigned = (flags & FLAG_UNSIGNED) !== 0;
  const scale = field.decimals ?? 0;
  // A decimal's length counts its sign and its point too.
  const digits = length - (isUnsigned ? 0 : 1) - (scale > 0 ? 1 : 0);
  return {
    name: field.name,
    jdbcType: mysqlJdbcType(name, length, isTinyInt1Bit),
    typeName: isUnsigned && name !== 'YEAR' ? `${name} UNSIGNED` : name,
    precision: isDecimal ? digits : isText ? Math.floor(length / BYTES_PER_CHAR) : length,
    scale: scale === 31 ? 0 : scale,
    isSigned: !isUnsigned,
    isNullable: (flags & FLAG_NOT_NULL) === 0,
    isAutoIncrement: (flags & FLAG_AUTO_INCREMENT) !== 0,
  };
}

/** How a column's bytes become a cell. */
export function cellReader(field: MysqlField): (bytes: unknown) => Cell {
  const name = typeNameOf(field);
  if (name === 'BIT' && (field.columnLength ?? 0) === 1) {
    return (bytes) => (bytes instanceof Uint8Array ? (bytes[0] ?? 0) : null);
  }
  const isBytes =
    ['BIT', 'GEOMETRY', 'VARBINARY', 'BINARY'].includes(name) || name.endsWith('BLOB');
  if (isBytes) return (bytes) => (bytes instanceof Uint8Array ? bytes : null);
  // A year's cell is a day, as all cells of the JDBC type DATE are.
  const suffix = name === 'YEAR' ? '-01-01' : '';
  return (bytes) => (Buffer.isBuffer(bytes) ? bytes.toString('utf8') + suffix : null);
}

function typeNameOf(field: MysqlField): string {
  const name = NAMES[field.columnType ?? -1] ?? 'OTHER';
  const isBinary = field.characterSet === BINARY_CHARSET;
  return (isBinary ? BINARY_NAMES[name] : TEXT_NAMES[name]) ?? name;
}

function isTextual(field: MysqlField): boolean {
  return field.characterSet !== BINARY_CHARSET;
}
