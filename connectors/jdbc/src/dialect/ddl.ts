import type { TableId } from '../database/table.ts';
import type { ColumnPlan } from './dialect.ts';
import type { Identifiers } from './identifiers.ts';

/** `CREATE TABLE`, with the key as a constraint. The same in all databases. */
export function createTableSql(
  table: TableId,
  columns: readonly ColumnPlan[],
  keys: readonly string[],
  identifiers: Identifiers,
): string {
  const parts = columns.map((column) => columnSql(column, identifiers));
  if (keys.length > 0) parts.push(`PRIMARY KEY (${identifiers.list(keys)})`);
  return `CREATE TABLE ${identifiers.qualified(table)} (${parts.join(', ')})`;
}

/** A column of a CREATE or ALTER TABLE. */
export function columnSql(column: ColumnPlan, identifiers: Identifiers): string {
  const { name, type, defaultLiteral, isNullable } = column;
  const value = defaultLiteral === null ? '' : ` DEFAULT ${defaultLiteral}`;
  return `${identifiers.quote(name)} ${type}${value}${isNullable ? ' NULL' : ' NOT NULL'}`;
}

/** Text as a literal; for databases in which a backslash means itself. */
export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
