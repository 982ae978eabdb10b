import type { DatabaseConnection } from '../../database/database-connection.ts';
import type { TableDescription, TableId } from '../../database/table.ts';
import type { TableFilter } from '../dialect.ts';
import type { Identifiers } from '../identifiers.ts';
import { sqlServerJdbcType } from './sqlserver-types.ts';

const LIST_SQL =
  'SELECT TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE FROM INFORMATION_SCHEMA.TABLES ' +
  'WHERE (@p1 IS NULL OR TABLE_SCHEMA LIKE @p1) AND (@p2 IS NULL OR TABLE_CATALOG LIKE @p2) ' +
  'ORDER BY TABLE_SCHEMA, TABLE_NAME';
const TABLE_SQL =
  'SELECT OBJECT_ID(@p1), OBJECT_SCHEMA_NAME(OBJECT_ID(@p1)), OBJECT_NAME(OBJECT_ID(@p1)), ' +
  "OBJECTPROPERTY(OBJECT_ID(@p1), 'IsView')";
const COLUMNS_SQL =
  'SELECT c.name, t.name, c.precision, c.scale, c.max_length, c.is_nullable, c.is_identity, ' +
  'c.is_computed, c.default_object_id, k.key_ordinal FROM sys.columns c ' +
  'JOIN sys.types t ON t.user_type_id = c.user_type_id ' +
  'LEFT JOIN sys.indexes i ON i.object_id = c.object_id AND i.is_primary_key = 1 ' +
  'LEFT JOIN sys.index_columns k ON k.object_id = c.object_id AND k.index_id = i.index_id ' +
  'AND k.column_id = c.column_id WHERE c.object_id = @p1 ORDER BY c.column_id';

/** Tables as `DatabaseMetaData.getTables` lists them. */
export async function listSqlServerTables(
  connection: DatabaseConnection,
  filter: TableFilter,
): Promise<readonly TableId[]> {
  const binds = [filter.schemaPattern, filter.catalogPattern];
  const { rows } = await connection.query(LIST_SQL, binds);
  return rows
    .map((row) => row.map(String))
    .filter(([, , , type = '']) => filter.types.includes(type === 'BASE TABLE' ? 'TABLE' : type))
    .map(([catalog = '', schema = '', name = '']) => ({ catalog, schema, name }));
}

/** A table's columns and key, or `null` when there is no such table. */
export async function describeSqlServerTable(
  connection: DatabaseConnection,
  table: TableId,
  identifiers: Identifiers,
): Promise<TableDescription | null> {
  const found = await connection.query(TABLE_SQL, [identifiers.qualified(table)]);
  const [id, schema, name, isView] = found.rows[0] ?? [];
  if (id === undefined || id === null) return null;
  const { rows } = await connection.query(COLUMNS_SQL, [id]);
  return {
    id: { catalog: table.catalog, schema: String(schema), name: String(name) },
    type: Number(isView) === 1 ? 'VIEW' : 'TABLE',
    columns: rows.map((row) => {
      const [column, typeName, precision, scale, length, nullable] = row;
      const [isIdentity, isComputed, defaultId, position] = row.slice(6);
      return {
        name: String(column),
        jdbcType: sqlServerJdbcType(String(typeName)),
        typeName: String(typeName),
        precision: Number(precision) === 0 ? Number(length) : Number(precision),
        scale: Number(scale),
        isSigned: typeName !== 'tinyint',
        isNullable: Number(nullable) === 1,
        isAutoIncrement: Number(isIdentity) === 1,
        castType: '',
        hasDefault: Number(defaultId) !== 0,
        isGenerated: Number(isComputed) === 1 || typeName === 'timestamp',
        keyPosition: Number(position ?? 0),
      };
    }),
  };
}
