import type { RegexCursor } from './java-regex-cursor.ts';

const CONTROL: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 };
const CODE_POINT_MAX = 0x10ffff;

/**
 * The code point that an escape stands for, read behind the backslash; `null`, with nothing read,
 * when it stands for no single character.
 *
 * @throws JavaRegexError for one that Java refuses
 */
export function readEscapedCharacter(cursor: RegexCursor): number | null {
  const start = cursor.at;
  const letter = cursor.next();
  if (letter === '') throw cursor.error('Unescaped trailing backslash', start);
  const control = Object.hasOwn(CONTROL, letter) ? CONTROL[letter] : undefined;
  if (control !== undefined) return control;
  if (!/[0-9A-Za-z]/.test(letter)) return letter.codePointAt(0) ?? 0;
  const code = readCoded(cursor, letter);
  if (code === null) cursor.at = start;
  return code;
}

function readCoded(cursor: RegexCursor, letter: string): number | null {
  switch (letter) {
    case '0':
      return readOctal(cursor);
    case 'x':
      return readHex(cursor);
    case 'u':
      return readUnicode(cursor);
    case 'c': {
      const control = cursor.next();
      if (control === '') throw cursor.error('Illegal control escape sequence');
      return (control.codePointAt(0) ?? 0) ^ 64;
    }
    default:
      return null;
  }
}

function readOctal(cursor: RegexCursor): number {
  const digits = cursor.takeMatch(/[0-3][0-7]{0,2}|[4-7][0-7]?/y)?.[0];
  if (digits === undefined) throw cursor.error('Illegal octal escape sequence', cursor.at);
  return Number.parseInt(digits, 8);
}

function readHex(cursor: RegexCursor): number {
  const braced = cursor.takeMatch(/\{([0-9A-Fa-f]+)\}/y)?.[1];
  if (braced !== undefined) {
    const code = Number.parseInt(braced, 16);
    if (code > CODE_POINT_MAX) throw cursor.error('Hexadecimal codepoint is too big');
    return code;
  }
  const digits = cursor.takeMatch(/[0-9A-Fa-f]{2}/y)?.[0];
  if (digits === undefined) throw shortOfDigits(cursor, 'hexadecimal');
  return Number.parseInt(digits, 16);
}

function shortOfDigits(cursor: RegexCursor, what: string): Error {
  cursor.takeMatch(/[0-9A-Fa-f]*/y);
  return cursor.error(`Illegal ${what} escape sequence`, cursor.at);
}

/** `\uD83D\uDE00` is one character. */
function readUnicode(cursor: RegexCursor): number {
  const digits = cursor.takeMatch(/[0-9A-Fa-f]{4}/y)?.[0];
  if (digits === undefined) throw shortOfDigits(cursor, 'Unicode');
  const unit = Number.parseInt(digits, 16);
  if (unit < 0xd800 || unit > 0xdbff) return unit;
  const low = cursor.takeMatch(/\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})/y)?.[1];
  if (low === undefined) return unit;
  return (unit - 0xd800) * 0x400 + (Number.parseInt(low, 16) - 0xdc00) + 0x10000;
}
