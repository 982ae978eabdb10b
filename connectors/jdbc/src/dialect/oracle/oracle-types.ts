import type { JdbcType } from '../../database/jdbc-type.ts';
import type { ResultColumn } from '../../database/table.ts';

const JDBC_TYPES: Readonly<Record<string, JdbcType>> = {
  NUMBER: 'NUMERIC',
  FLOAT: 'FLOAT',
  BINARY_FLOAT: 'REAL',
  BINARY_DOUBLE: 'DOUBLE',
  CHAR: 'CHAR',
  NCHAR: 'NCHAR',
  VARCHAR2: 'VARCHAR',
  NVARCHAR2: 'NVARCHAR',
  CLOB: 'CLOB',
  NCLOB: 'NCLOB',
  LONG: 'LONGVARCHAR',
  DATE: 'TIMESTAMP',
  RAW: 'VARBINARY',
  BLOB: 'BLOB',
};

/** The JDBC type that Oracle's driver reports. */
export function oracleJdbcType(name: string): JdbcType {
  if (name.startsWith('TIMESTAMP')) {
    return name.includes('TIME ZONE') ? 'TIMESTAMP_WITH_TIMEZONE' : 'TIMESTAMP';
  }
  return JDBC_TYPES[name] ?? 'OTHER';
}

/** A column of a result, as the driver describes it. */
export function oracleColumn(described: unknown): ResultColumn {
  const part = (name: string): unknown => Reflect.get(Object(described), name);
  const dbType = part('dbTypeName');
  const typeName = typeof dbType === 'string' ? dbType : '';
  const scale = Number(part('scale') ?? 0);
  return {
    name: String(part('name')),
    jdbcType: oracleJdbcType(typeName),
    typeName,
    precision: Number(part('precision') ?? part('byteSize') ?? 0),
    scale: typeName === 'NUMBER' && part('precision') === 0 && scale <= 0 ? -127 : scale,
    isSigned: true,
    isNullable: part('nullable') !== false,
    isAutoIncrement: false,
  };
}
