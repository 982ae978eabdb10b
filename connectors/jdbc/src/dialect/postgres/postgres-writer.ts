import type { DatabaseConnection } from '../../database/database-connection.ts';
import type { Row } from '../../database/cell.ts';
import type { TableColumn } from '../../database/table.ts';
import { textArrayLiteral } from '../../values/postgres-array.ts';
import type { RowWriter, WriteTarget } from '../dialect.ts';
import type { Identifiers } from '../identifiers.ts';

/** Keeps a statement's parameters within some megabytes for rows of usual size. */
const ROWS_MAX = 10_000;

/**
 * One statement for all rows: each column travels as one array of text, which the server unfolds and
 * casts. The statement's text never changes, so it is prepared once, and there is no limit on parameters.
 */
export function postgresWriter(target: WriteTarget, identifiers: Identifiers): RowWriter {
  const sql = statementOf(target, identifiers);
  const width = target.keys.length + target.columns.length;
  return {
    rowsMax: ROWS_MAX,
    sqlFor: () => sql,
    async write(connection: DatabaseConnection, rows: readonly Row[]): Promise<void> {
      for (let from = 0; from < rows.length; from += ROWS_MAX) {
        const part = rows.slice(from, from + ROWS_MAX);
        const arrays = Array.from({ length: width }, (_, column) =>
          textArrayLiteral(part.map((row) => row[column] ?? null)),
        );
        await connection.execute(sql, arrays);
      }
    },
  };
}

function statementOf(
  { kind, table, keys, columns }: WriteTarget,
  identifiers: Identifiers,
): string {
  const into = identifiers.qualified(table);
  const all = [...keys, ...columns];
  const names = identifiers.list(all.map((column) => column.name));
  const source =
    all.length === 0
      ? ''
      : `unnest(${all.map((_, i) => `$${i + 1}::text[]`).join(', ')}) ` +
        `AS r(${all.map((_, i) => `c${i + 1}`).join(', ')})`;
  const cast = (column: TableColumn): string => `r.c${all.indexOf(column) + 1}::${column.castType}`;
  const pairs = keys.map((key) => `t.${identifiers.quote(key.name)} = ${cast(key)}`);
  switch (kind) {
    case 'insert':
      return `INSERT INTO ${into} (${names}) SELECT ${all.map(cast).join(', ')} FROM ${source}`;
    case 'upsert': {
      const sets = columns.map(({ name }) => {
        const quoted = identifiers.quote(name);
        return `${quoted} = EXCLUDED.${quoted}`;
      });
      const action = sets.length === 0 ? 'DO NOTHING' : `DO UPDATE SET ${sets.join(', ')}`;
      const conflict = `ON CONFLICT (${identifiers.list(keys.map(({ name }) => name))}) ${action}`;
      const select = `SELECT ${all.map(cast).join(', ')} FROM ${source}`;
      return `INSERT INTO ${into} (${names}) ${select} ${conflict}`;
    }
    case 'update': {
      const sets = columns.map((column) => `${identifiers.quote(column.name)} = ${cast(column)}`);
      return `UPDATE ${into} AS t SET ${sets.join(', ')} FROM ${source} WHERE ${pairs.join(' AND ')}`;
    }
    default:
      return `DELETE FROM ${into} AS t USING ${source} WHERE ${pairs.join(' AND ')}`;
  }
}
