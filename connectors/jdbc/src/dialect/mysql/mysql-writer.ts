import type { Cell, Row } from '../../database/cell.ts';
import type { DatabaseConnection } from '../../database/database-connection.ts';
import type { TableColumn } from '../../database/table.ts';
import type { RowWriter, WriteTarget } from '../dialect.ts';
import type { Identifiers } from '../identifiers.ts';

const ROWS_MAX = 5000;
/** Characters of one statement: four bytes each are still a quarter of the smallest usual packet. */
const STATEMENT_CHARS_MAX = 1_000_000;
const NUMERIC_TYPES: ReadonlySet<string> = new Set([
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'DECIMAL',
  'NUMERIC',
  'REAL',
  'DOUBLE',
]);

/**
 * Many rows in one statement. This driver (as all for MySQL) puts values into the text by itself; the
 * literals are made here because that is four times faster, with the session's mode known.
 */
export function mysqlWriter(target: WriteTarget, identifiers: Identifiers): RowWriter {
  const all = [...target.keys, ...target.columns];
  const { start, end, isOnePerRow } = statementOf(target, identifiers);
  const renderers = all.map(literalOf);
  const tuple = (row: Row): string => {
    if (target.kind === 'update') return updateText(target, identifiers, renderers, row);
    return `(${renderers.map((render, i) => render(row[i] ?? null)).join(',')})`;
  };
  return {
    rowsMax: ROWS_MAX,
    sqlFor: (count) => {
      const marks = `(${all.map(() => '?').join(',')})`;
      const rows = Array.from({ length: isOnePerRow ? 0 : count }, () => marks).join(',');
      const update = updateText(
        target,
        identifiers,
        all.map(() => () => '?'),
        [],
      );
      return isOnePerRow ? start + update : start + rows + end;
    },
    async write(connection: DatabaseConnection, rows: readonly Row[]): Promise<void> {
      let text = '';
      const flush = async (): Promise<void> => {
        if (text !== '') await connection.execute(start + text + end);
        text = '';
      };
      for (const row of rows) {
        const more = tuple(row);
        if (isOnePerRow || text.length + more.length > STATEMENT_CHARS_MAX) await flush();
        text += text === '' ? more : `,${more}`;
      }
      await flush();
    },
  };
}

interface Statement {
  readonly start: string;
  readonly end: string;
  readonly isOnePerRow: boolean;
}

function statementOf(target: WriteTarget, identifiers: Identifiers): Statement {
  const { kind, table, keys, columns } = target;
  const into = identifiers.qualified(table);
  const names = identifiers.list([...keys, ...columns].map(({ name }) => name));
  switch (kind) {
    case 'insert':
      return { start: `INSERT INTO ${into} (${names}) VALUES `, end: '', isOnePerRow: false };
    case 'upsert': {
      // Without other columns the key is set to itself, which changes nothing.
      const set = (columns.length === 0 ? keys : columns).map(({ name }) => {
        const quoted = identifiers.quote(name);
        return `${quoted}=VALUES(${quoted})`;
      });
      const start = `INSERT INTO ${into} (${names}) VALUES `;
      return { start, end: ` ON DUPLICATE KEY UPDATE ${set.join(',')}`, isOnePerRow: false };
    }
    case 'delete': {
      const start = `DELETE FROM ${into} WHERE (${names}) IN (`;
      return { start, end: ')', isOnePerRow: false };
    }
    default:
      return { start: `UPDATE ${into} SET `, end: '', isOnePerRow: true };
  }
}

function updateText(
  { keys, columns }: WriteTarget,
  identifiers: Identifiers,
  renderers: readonly ((cell: Cell) => string)[],
  row: Row,
): string {
  const pair = (column: TableColumn, i: number): string =>
    `${identifiers.quote(column.name)} = ${renderers[i]?.(row[i] ?? null) ?? 'NULL'}`;
  const sets = columns.map((column, i) => pair(column, keys.length + i));
  return `${sets.join(', ')} WHERE ${keys.map(pair).join(' AND ')}`;
}

/**
 * A cell as a literal. Numbers for numeric columns stand bare: compared with text they would be
 * rounded to floats.
 */
function literalOf(column: TableColumn): (cell: Cell) => string {
  const isNumeric = NUMERIC_TYPES.has(column.jdbcType) || column.jdbcType === 'BIT';
  return (cell) => {
    if (cell === null) return 'NULL';
    if (typeof cell === 'string') {
      return isNumeric && /^-?\d+(?:\.\d+)?$/.test(cell) ? cell : textLiteral(cell);
    }
    if (cell instanceof Uint8Array) {
      const { buffer, byteOffset, byteLength } = cell;
      return `x'${Buffer.from(buffer, byteOffset, byteLength).toString('hex')}'`;
    }
    if (typeof cell === 'number' && !Number.isFinite(cell)) return textLiteral(String(cell));
    return String(cell);
  };
}

// oxlint-disable-next-line no-control-regex -- these are what an SQL literal must not hold
const SPECIAL = /['\\\0\n\r\u001a]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  "'": "\\'",
  '\\': '\\\\',
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\u001a': '\\Z',
};

/** Text as a literal, where a backslash escapes (the session sees to that). */
export function textLiteral(text: string): string {
  return `'${text.replace(SPECIAL, (char) => ESCAPES[char] ?? char)}'`;
}
