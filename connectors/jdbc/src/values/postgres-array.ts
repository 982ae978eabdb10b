import type { Cell } from '../database/cell.ts';

/** Cells as the text of a PostgreSQL array: `{"a","\\x00",NULL}`. Nested arrays are text already. */
export function arrayLiteral(cells: readonly Cell[]): string {
  const items = cells.map((cell) => {
    if (cell === null) return 'NULL';
    if (typeof cell === 'string') return cell.startsWith('{') ? cell : quoted(cell);
    return cell instanceof Uint8Array ? quoted(byteaText(cell)) : String(cell);
  });
  return `{${items.join(',')}}`;
}

/**
 * The cells of one column as the text of a `text[]`: every item is text that the server casts to
 * the column's type, so that braces mean nothing.
 */
export function textArrayLiteral(cells: readonly Cell[]): string {
  let text = '{';
  for (let i = 0; i < cells.length; i += 1) {
    const cell = cells[i] ?? null;
    if (i > 0) text += ',';
    if (cell === null) text += 'NULL';
    else if (typeof cell === 'string') text += quoted(cell);
    else if (cell instanceof Uint8Array) text += quoted(byteaText(cell));
    else text += String(cell);
  }
  return `${text}}`;
}

/** Bytes as PostgreSQL's hex text. */
export function byteaText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return `\\x${buffer.toString('hex')}`;
}

const SPECIAL = /["\\]/;

function quoted(text: string): string {
  return SPECIAL.test(text) ? `"${text.replaceAll(/["\\]/g, '\\$&')}"` : `"${text}"`;
}
