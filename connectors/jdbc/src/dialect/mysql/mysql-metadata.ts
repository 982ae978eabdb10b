import type { DatabaseConnection } from '../../database/database-connection.ts';
import type { TableColumn, TableDescription, TableId } from '../../database/table.ts';
import type { TableFilter } from '../dialect.ts';
import type { Identifiers } from '../identifiers.ts';
import { mysqlJdbcType } from './mysql-types.ts';

const LIST_SQL =
  'SELECT table_schema, table_name, table_type FROM information_schema.tables ' +
  "WHERE table_schema NOT IN ('mysql','information_schema','performance_schema','sys') " +
  'AND (? IS NULL OR table_schema LIKE ?) ORDER BY table_schema, table_name';

const TABLE_SQL =
  'SELECT table_schema, table_name, table_type FROM information_schema.tables ' +
  'WHERE table_schema = coalesce(?, database()) AND table_name = ?';

const COLUMNS_SQL =
  'SELECT c.column_name, c.data_type, c.column_type, c.character_maximum_length, ' +
  'c.numeric_precision, c.numeric_scale, c.is_nullable, c.column_default, c.extra, s.seq_in_index ' +
  'FROM information_schema.columns c LEFT JOIN information_schema.statistics s ' +
  "ON s.table_schema = c.table_schema AND s.table_name = c.table_name AND s.index_name = 'PRIMARY' " +
  'AND s.column_name = c.column_name ' +
  'WHERE c.table_schema = ? AND c.table_name = ? ORDER BY c.ordinal_position';

/** Tables as `DatabaseMetaData.getTables` lists them. */
export async function listMysqlTables(
  connection: DatabaseConnection,
  filter: TableFilter,
): Promise<readonly TableId[]> {
  const binds = [filter.catalogPattern, filter.catalogPattern];
  const { rows } = await connection.query(LIST_SQL, binds);
  return rows
    .map((row) => row.map(String))
    .filter(([, , type = '']) => filter.types.includes(tableType(type)))
    .map(([catalog = '', name = '']) => ({ catalog, schema: null, name }));
}

/** A table's columns and key, or `null` when there is no such table. */
export async function describeMysqlTable(
  connection: DatabaseConnection,
  table: TableId,
  identifiers: Identifiers,
): Promise<TableDescription | null> {
  const binds = [
    table.catalog === null ? null : identifiers.effective(table.catalog),
    identifiers.effective(table.name),
  ];
  const found = await connection.query(TABLE_SQL, binds);
  const [catalog, name, type] = (found.rows[0] ?? []).map(String);
  if (catalog === undefined || name === undefined || type === undefined) return null;
  const { rows } = await connection.query(COLUMNS_SQL, [catalog, name]);
  return {
    id: { catalog, schema: null, name },
    type: tableType(type),
    columns: rows.map((row) => columnOf(row.map((cell) => (cell === null ? null : String(cell))))),
  };
}

function tableType(type: string): string {
  return type === 'BASE TABLE' ? 'TABLE' : type;
}

function columnOf(cells: readonly (string | null)[]): TableColumn {
  const [name, dataType, fullType, chars, digits, scale, nullable, value, extra, position] = cells;
  const base = (dataType ?? '').toUpperCase();
  const full = (fullType ?? '').toLowerCase();
  const isUnsigned = full.includes('unsigned');
  const width = Number(/\((\d+)\)/.exec(full)?.[1] ?? 0);
  const isGenerated = /\b(?:VIRTUAL|STORED|PERSISTENT)\b.*GENERATED|GENERATED ALWAYS/i.test(
    extra ?? '',
  );
  return {
    name: name ?? '',
    jdbcType: mysqlJdbcType(base, width, true),
    typeName: isUnsigned ? `${base} UNSIGNED` : base,
    precision: Number(digits ?? chars ?? 0),
    scale: Number(scale ?? 0),
    isSigned: !isUnsigned,
    isNullable: nullable === 'YES',
    isAutoIncrement: /auto_increment/i.test(extra ?? ''),
    castType: '',
    hasDefault: value !== null || /auto_increment|DEFAULT_GENERATED/i.test(extra ?? ''),
    isGenerated,
    keyPosition: Number(position ?? 0),
  };
}
