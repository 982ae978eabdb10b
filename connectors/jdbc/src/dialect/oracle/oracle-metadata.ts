import type { DatabaseConnection } from '../../database/database-connection.ts';
import type { TableDescription, TableId } from '../../database/table.ts';
import type { TableFilter } from '../dialect.ts';
import type { Identifiers } from '../identifiers.ts';
import { oracleJdbcType } from './oracle-types.ts';

const LIST_SQL =
  'SELECT owner, object_name, object_type FROM all_objects ' +
  "WHERE object_type IN ('TABLE', 'VIEW') AND (:1 IS NULL OR owner LIKE :2) ORDER BY 1, 2";
const TABLE_SQL =
  'SELECT owner, object_name, object_type FROM all_objects ' +
  "WHERE object_type IN ('TABLE', 'VIEW') AND object_name = :1 " +
  "AND owner = NVL(:2, SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA'))";
const COLUMNS_SQL =
  'SELECT c.column_name, c.data_type, c.data_precision, c.data_scale, c.char_length, c.nullable, ' +
  'c.default_length, c.virtual_column, c.identity_column, (SELECT k.position FROM all_constraints p ' +
  'JOIN all_cons_columns k ON k.owner = p.owner AND k.constraint_name = p.constraint_name ' +
  "WHERE p.owner = c.owner AND p.table_name = c.table_name AND p.constraint_type = 'P' " +
  'AND k.column_name = c.column_name) FROM all_tab_cols c ' +
  "WHERE c.owner = :1 AND c.table_name = :2 AND c.hidden_column = 'NO' ORDER BY c.column_id";

/** Tables as `DatabaseMetaData.getTables` lists them. */
export async function listOracleTables(
  connection: DatabaseConnection,
  filter: TableFilter,
): Promise<readonly TableId[]> {
  const { rows } = await connection.query(LIST_SQL, [filter.schemaPattern, filter.schemaPattern]);
  return rows
    .filter(([, , type]) => filter.types.includes(String(type)))
    .map(([owner, name]) => ({ catalog: null, schema: String(owner), name: String(name) }));
}

/** A table's columns and key, or `null` when there is no such table. */
export async function describeOracleTable(
  connection: DatabaseConnection,
  table: TableId,
  identifiers: Identifiers,
): Promise<TableDescription | null> {
  const schema = table.schema === null ? null : identifiers.effective(table.schema);
  const found = await connection.query(TABLE_SQL, [identifiers.effective(table.name), schema]);
  const [owner, name, type] = (found.rows[0] ?? []).map(String);
  if (owner === undefined || name === undefined) return null;
  const { rows } = await connection.query(COLUMNS_SQL, [owner, name]);
  return {
    id: { catalog: null, schema: owner, name },
    type: type ?? '',
    columns: rows.map((row) => {
      const [column, dataType, precision, scale, chars, nullable] = row;
      const [valueLength, isVirtual, isIdentity, position] = row.slice(6);
      return {
        name: String(column),
        jdbcType: oracleJdbcType(String(dataType)),
        typeName: String(dataType),
        precision: Number(precision ?? chars ?? 0),
        scale: Number(scale ?? 0),
        isSigned: true,
        isNullable: nullable === 'Y',
        isAutoIncrement: isIdentity === 'YES',
        castType: '',
        hasDefault: valueLength !== null,
        isGenerated: isVirtual === 'YES',
        keyPosition: Number(position ?? 0),
      };
    }),
  };
}
