import { appendFile, open } from 'node:fs/promises';

/** Lines that say by themselves which they are, so that lost and doubled ones can be told. */

const DIGITS = 9;
const PREFIX = 'line ';
const TEXT = ' the quick brown fox jumps over the lazy dog';
const LINES_PER_WRITE = 20_000;

/** The line with this number, counted from 0, without its end. All have the same length. */
export function numberedLine(index: number): string {
  return PREFIX + String(index).padStart(DIGITS, '0') + TEXT;
}

/** Bytes of one line, its end included. */
export const NUMBERED_LINE_BYTES = Buffer.byteLength(numberedLine(0)) + 1;

/** The number of a line, or `null` when it is not exactly such a line. */
export function numberOf(line: string): number | null {
  const index = Number(line.slice(PREFIX.length, PREFIX.length + DIGITS));
  return Number.isInteger(index) && numberedLine(index) === line ? index : null;
}

/** Appends the lines from `from` up to, not including, `to`. */
export async function appendNumberedLines(file: string, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += LINES_PER_WRITE) {
    let text = '';
    for (let i = at; i < Math.min(to, at + LINES_PER_WRITE); i++) text += `${numberedLine(i)}\n`;
    await appendFile(file, text);
  }
}

/** The number of the last whole line of a file, -1 when there is none yet. */
export async function lastNumberIn(file: string): Promise<number> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return -1;
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, NUMBERED_LINE_BYTES * 4);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const lines = buffer.toString().split('\n').slice(0, -1);
    return numberOf(lines.at(-1) ?? '') ?? -1;
  } finally {
    await handle.close();
  }
}
