import type { Cell } from '../../database/cell.ts';
import type { JdbcType } from '../../database/jdbc-type.ts';
import type { ResultColumn } from '../../database/table.ts';

const JDBC_TYPES: Readonly<Record<string, JdbcType>> = {
  bit: 'BIT',
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  int: 'INTEGER',
  bigint: 'BIGINT',
  real: 'REAL',
  float: 'DOUBLE',
  numeric: 'NUMERIC',
  decimal: 'DECIMAL',
  money: 'DECIMAL',
  smallmoney: 'DECIMAL',
  char: 'CHAR',
  varchar: 'VARCHAR',
  text: 'LONGVARCHAR',
  nchar: 'NCHAR',
  nvarchar: 'NVARCHAR',
  ntext: 'LONGNVARCHAR',
  uniqueidentifier: 'CHAR',
  xml: 'LONGNVARCHAR',
  binary: 'BINARY',
  varbinary: 'VARBINARY',
  image: 'LONGVARBINARY',
  timestamp: 'BINARY',
  date: 'DATE',
  time: 'TIME',
  datetime: 'TIMESTAMP',
  datetime2: 'TIMESTAMP',
  smalldatetime: 'TIMESTAMP',
  datetimeoffset: 'TIMESTAMP_WITH_TIMEZONE',
};

/** The JDBC type that SQL Server's driver reports. */
export function sqlServerJdbcType(name: string): JdbcType {
  return JDBC_TYPES[name.toLowerCase()] ?? 'OTHER';
}

/** A column of a result, as the driver describes it. */
export function sqlServerColumn(described: unknown): ResultColumn {
  const part = (name: string): unknown => Reflect.get(Object(described), name);
  const typeName = String(Reflect.get(Object(part('type')), 'name') ?? '').toLowerCase();
  // The protocol's own names end in n where the type may be null.
  const plain = typeName.replace(/n$/, '');
  const name = JDBC_TYPES[typeName] === undefined && plain !== '' ? plain : typeName;
  return {
    name: String(part('colName')),
    jdbcType: sqlServerJdbcType(name),
    typeName: name,
    precision: Number(part('precision') ?? part('dataLength') ?? 0),
    scale: Number(part('scale') ?? 0),
    isSigned: name !== 'tinyint',
    isNullable: (Number(part('flags') ?? 1) & 1) === 1,
    isAutoIncrement: (Number(part('flags') ?? 0) & 16) === 16,
  };
}

/** What the driver gives, as a cell; times with the digits that it keeps beside its dates. */
export function sqlServerCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) {
    const nanos = Math.round(Number(Reflect.get(value, 'nanosecondsDelta') ?? 0) * 1e9);
    const text = value.toISOString().replace('T', ' ').slice(0, -1);
    return nanos === 0 ? text : text + String(nanos).padStart(6, '0');
  }
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
