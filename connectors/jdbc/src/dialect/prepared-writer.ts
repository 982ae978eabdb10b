import type { DatabaseConnection } from '../database/database-connection.ts';
import type { Row } from '../database/cell.ts';
import type { TableColumn } from '../database/table.ts';
import type { RowWriter, WriteTarget } from './dialect.ts';
import type { Identifiers } from './identifiers.ts';

const ROWS_MAX = 10_000;

/** Where the n-th parameter goes, which may depend on its column. */
export interface Placeholders {
  placeholder(n: number, column?: TableColumn): string;
}

/** A statement per row, prepared once: for drivers to which a row costs next to nothing. */
export function preparedWriter(
  dialect: Placeholders,
  target: WriteTarget,
  identifiers: Identifiers,
  upsertSql: (target: WriteTarget, identifiers: Identifiers) => string,
): RowWriter {
  const sql =
    target.kind === 'upsert'
      ? upsertSql(target, identifiers)
      : plainSql(dialect, target, identifiers);
  const keyCount = target.keys.length;
  // An update names the changed columns first.
  const ordered = (row: Row): Row =>
    target.kind === 'update' ? [...row.slice(keyCount), ...row.slice(0, keyCount)] : row;
  return {
    rowsMax: ROWS_MAX,
    sqlFor: () => sql,
    async write(connection: DatabaseConnection, rows: readonly Row[]): Promise<void> {
      const list = target.kind === 'update' ? rows.map(ordered) : rows;
      for (let from = 0; from < list.length; from += ROWS_MAX) {
        await connection.executeMany(sql, list.slice(from, from + ROWS_MAX));
      }
    },
  };
}

function plainSql(
  dialect: Placeholders,
  { kind, table, keys, columns }: WriteTarget,
  identifiers: Identifiers,
): string {
  const name = identifiers.qualified(table);
  const pairs = (list: WriteTarget['keys'], from: number): readonly string[] =>
    list.map(
      (column, i) => `${identifiers.quote(column.name)} = ${dialect.placeholder(from + i, column)}`,
    );
  switch (kind) {
    case 'update': {
      const where = pairs(keys, columns.length + 1).join(' AND ');
      return `UPDATE ${name} SET ${pairs(columns, 1).join(', ')} WHERE ${where}`;
    }
    case 'delete':
      return `DELETE FROM ${name} WHERE ${pairs(keys, 1).join(' AND ')}`;
    default: {
      const all = [...keys, ...columns];
      const values = all.map((column, i) => dialect.placeholder(i + 1, column)).join(', ');
      const names = identifiers.list(all.map((column) => column.name));
      return `INSERT INTO ${name} (${names}) VALUES (${values})`;
    }
  }
}
