/** One entry of a `.properties` text and where its key stood. */
export interface PropertiesEntry {
  readonly key: string;
  readonly value: string;
  /** Counts from 1. */
  readonly line: number;
}

/** Text that is no `.properties` text. Lines and columns count from 1. */
export class PropertiesSyntaxError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.name = 'PropertiesSyntaxError';
    this.line = line;
    this.column = column;
  }
}

/** Natural lines joined by backslashes at their ends, with where each piece came from. */
interface LogicalLine {
  readonly text: string;
  readonly pieces: readonly {
    readonly start: number;
    readonly line: number;
    readonly column: number;
  }[];
}

/** Java's white space within a line. */
const BLANKS = ' \t\f';
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['t', '\t'],
  ['n', '\n'],
  ['r', '\r'],
  ['f', '\f'],
]);

/**
 * Reads a text as `java.util.Properties.load` does: comments with `#` and `!`, `=`, `:` or blanks
 * between key and value, backslash escapes, lines continued by a backslash. The only mistake that
 * can be made is a malformed `\uXXXX`.
 *
 * @returns the entries in order; where a key stands twice, the later one counts
 * @throws PropertiesSyntaxError
 */
export function parseProperties(text: string): readonly PropertiesEntry[] {
  return logicalLines(text).map(entryOf);
}

/** The entries as a map: the last of a repeated key wins. */
export function propsOf(entries: readonly PropertiesEntry[]): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

/**
 * The text of a `.properties` file. Java reads Latin-1, so that other characters have to be written
 * as `\uXXXX`; files are UTF-8 today, so UTF-8 it is where the bytes allow it.
 */
export function decodeProperties(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8: then it is what Java takes every file for.
    return Buffer.from(bytes).toString('latin1');
  }
}

function logicalLines(text: string): readonly LogicalLine[] {
  const natural = text.split(/\r\n|\r|\n/);
  const lines: LogicalLine[] = [];
  for (let at = 0; at < natural.length; at++) {
    let piece = pieceOf(natural, at);
    if (piece.text === '' || piece.text.startsWith('#') || piece.text.startsWith('!')) continue;
    let joined = '';
    const pieces = [];
    for (;;) {
      pieces.push({ start: joined.length, line: at + 1, column: piece.column });
      const isContinued = endsWithOddBackslashes(piece.text);
      joined += isContinued ? piece.text.slice(0, -1) : piece.text;
      if (!isContinued || at + 1 >= natural.length) break;
      at++;
      piece = pieceOf(natural, at);
    }
    lines.push({ text: joined, pieces });
  }
  return lines;
}

/** A natural line without its leading blanks. */
function pieceOf(natural: readonly string[], at: number): { text: string; column: number } {
  const line = natural[at] ?? '';
  const start = skipBlanks(line, 0);
  return { text: line.slice(start), column: start + 1 };
}

function endsWithOddBackslashes(text: string): boolean {
  const backslashes = /\\*$/.exec(text)?.[0].length ?? 0;
  return backslashes % 2 === 1;
}

function entryOf(line: LogicalLine): PropertiesEntry {
  const { text } = line;
  let keyEnd = 0;
  while (keyEnd < text.length && !isSeparator(text[keyEnd]))
    keyEnd += text[keyEnd] === '\\' ? 2 : 1;
  let valueStart = skipBlanks(text, keyEnd);
  if (text[valueStart] === '=' || text[valueStart] === ':')
    valueStart = skipBlanks(text, valueStart + 1);
  return {
    key: unescaped(line, 0, Math.min(keyEnd, text.length)),
    value: unescaped(line, valueStart, text.length),
    line: line.pieces[0]?.line ?? 1,
  };
}

function isSeparator(character: string | undefined): boolean {
  return character === '=' || character === ':' || isBlank(character);
}

function isBlank(character: string | undefined): boolean {
  return character !== undefined && BLANKS.includes(character);
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text[at])) at++;
  return at;
}

function unescaped(line: LogicalLine, start: number, end: number): string {
  const { text } = line;
  let plain = '';
  for (let at = start; at < end; at++) {
    const character = text[at] ?? '';
    if (character !== '\\') {
      plain += character;
      continue;
    }
    at++;
    const escaped = text[at] ?? '';
    if (escaped !== 'u') {
      plain += ESCAPES.get(escaped) ?? escaped;
      continue;
    }
    const digits = text.slice(at + 1, Math.min(at + 5, end));
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw malformedUnicode(line, at - 1, digits);
    plain += String.fromCharCode(Number.parseInt(digits, 16));
    at += 4;
  }
  return plain;
}

function malformedUnicode(line: LogicalLine, at: number, digits: string): PropertiesSyntaxError {
  const piece = line.pieces.findLast(({ start }) => start <= at);
  return new PropertiesSyntaxError(
    `Malformed \\uxxxx encoding: "\\u${digits}" needs four hexadecimal digits after \\u ` +
      `(for a backslash before a "u", write two backslashes)`,
    piece?.line ?? 1,
    at - (piece?.start ?? 0) + (piece?.column ?? 1),
  );
}
