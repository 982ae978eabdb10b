import type { DatabaseConnection } from '../../database/database-connection.ts';
import type { TableColumn, TableDescription, TableId } from '../../database/table.ts';
import type { TableFilter } from '../dialect.ts';
import type { Identifiers } from '../identifiers.ts';
import { postgresJdbcType, postgresSize } from './postgres-types.ts';

const KINDS: Readonly<Record<string, string>> = {
  r: 'TABLE',
  p: 'PARTITIONED TABLE',
  v: 'VIEW',
  m: 'MATERIALIZED VIEW',
  f: 'FOREIGN TABLE',
};

const LIST_SQL =
  'SELECT current_database(), n.nspname, c.relname, c.relkind::text ' +
  'FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ' +
  "WHERE c.relkind IN ('r','p','v','m','f') AND n.nspname !~ '^pg_' " +
  "AND n.nspname <> 'information_schema' AND ($1::text IS NULL OR n.nspname LIKE $1) " +
  'AND ($2::text IS NULL OR current_database() LIKE $2) ORDER BY n.nspname, c.relname';

/** `to_regclass` follows the search path where no schema is named. */
const TABLE_SQL =
  'SELECT current_database(), n.nspname, c.relname, c.relkind::text, c.oid::text ' +
  'FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ' +
  'WHERE c.oid = to_regclass($1)';

const COLUMNS_SQL =
  'SELECT a.attname, t.typname, t.typtype::text, ' +
  "t.typcategory = 'A' AND t.typelem <> 0, a.atttypmod::text, a.attnotnull, " +
  "a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false), " +
  "d.oid IS NOT NULL OR a.attidentity <> '', a.attgenerated <> '', " +
  "coalesce(array_position(i.indkey::int2[], a.attnum)::text, ''), " +
  "quote_ident(tn.nspname) || '.' || quote_ident(t.typname), coalesce(array_lower(i.indkey::int2[], 1), 1)::text " +
  'FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid ' +
  'JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace ' +
  'LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum ' +
  'LEFT JOIN pg_catalog.pg_index i ON i.indrelid = a.attrelid AND i.indisprimary ' +
  'WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum';

/** Tables as `DatabaseMetaData.getTables` lists them. */
export async function listPostgresTables(
  connection: DatabaseConnection,
  filter: TableFilter,
): Promise<readonly TableId[]> {
  const binds = [filter.schemaPattern, filter.catalogPattern];
  const { rows } = await connection.query(LIST_SQL, binds);
  return rows
    .map((row) => row.map(String))
    .filter(([, , , kind = '']) => filter.types.includes(KINDS[kind] ?? ''))
    .map(([, schema = '', name = '']) => ({ catalog: null, schema, name }));
}

/** A table's columns and key, or `null` when there is no such table. */
export async function describePostgresTable(
  connection: DatabaseConnection,
  table: TableId,
  identifiers: Identifiers,
): Promise<TableDescription | null> {
  const found = await connection.query(TABLE_SQL, [identifiers.qualified(table)]);
  const [, schema, name, kind, oid] = (found.rows[0] ?? []).map(String);
  if (oid === undefined || schema === undefined || name === undefined) return null;
  const { rows } = await connection.query(COLUMNS_SQL, [oid]);
  return {
    id: { catalog: null, schema, name },
    type: KINDS[kind ?? ''] ?? '',
    columns: rows.map((row) => columnOf(row.map(String))),
  };
}

function columnOf(cells: readonly string[]): TableColumn {
  const [name = '', typeName = '', kind = '', array, modifier, notNull] = cells;
  const [auto, hasDefault, generated, position = '', castType = '', lowest] = cells.slice(6);
  return {
    name,
    jdbcType: postgresJdbcType(typeName, kind, array === 't'),
    typeName,
    ...postgresSize(typeName, Number(modifier)),
    isSigned: typeName !== 'oid',
    isNullable: notNull !== 't',
    isAutoIncrement: auto === 't',
    castType,
    hasDefault: hasDefault === 't',
    isGenerated: generated === 't',
    // The key's array counts from 0.
    keyPosition: position === '' ? 0 : Number(position) + 1 - Number(lowest),
  };
}
