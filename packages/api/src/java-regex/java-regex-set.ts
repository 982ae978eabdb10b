import { propertySet, shorthandSet } from './java-regex-classes.ts';
import type { RegexCursor } from './java-regex-cursor.ts';
import { readEscapedCharacter } from './java-regex-escapes.ts';
import type { RegexFlags } from './java-regex-flags.ts';

/** One code point, safe anywhere in a JavaScript pattern. */
export function codePointSource(code: number): string {
  const isPlain =
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a);
  return isPlain ? String.fromCodePoint(code) : `\\u{${code.toString(16)}}`;
}

/**
 * A set in brackets, read behind its opening bracket: unions, `&&`, nested sets.
 *
 * @throws JavaRegexError
 */
export function readSet(cursor: RegexCursor, flags: RegexFlags): string {
  const isNegated = cursor.take('^');
  /** Each operand of `&&` is a list of parts. */
  const operands: string[][] = [[]];
  for (;;) {
    if (flags.x) cursor.skipComments();
    if (cursor.isAtEnd) throw cursor.error('Unclosed character class');
    const parts = operands.at(-1) ?? [];
    const isFirst = operands.length === 1 && parts.length === 0;
    if (!isFirst && cursor.take(']')) break;
    if (cursor.looksAt('&&')) {
      cursor.take('&&');
      while (cursor.take('&'));
      operands.push([]);
    } else parts.push(readPart(cursor, flags));
  }
  const kept = operands.filter((parts) => parts.length > 0).map((parts) => parts.join(''));
  const isCaseFolded = flags.i && flags.u;
  const content = kept.length === 1 ? (kept[0] ?? '') : kept.map((part) => `[${part}]`).join('&&');
  const set = `[${isNegated ? '^' : ''}${content}]`;
  return isCaseFolded ? `(?i:${set})` : set;
}

function readPart(cursor: RegexCursor, flags: RegexFlags): string {
  if (cursor.take('[')) return readSet(cursor, { ...flags, u: false });
  const first = readMember(cursor, flags);
  if (typeof first === 'string') return first;
  const end = cursor.pattern[cursor.at + 1];
  const isRange = cursor.looksAt('-') && end !== undefined && end !== '[' && end !== ']';
  if (!isRange) return characterParts(first, first, flags);
  cursor.take('-');
  const last = readMember(cursor, flags);
  if (typeof last === 'string' || last < first) throw cursor.error('Illegal character range');
  return characterParts(first, last, flags);
}

/** A code point, or a whole set such as `\d`. */
function readMember(cursor: RegexCursor, flags: RegexFlags): number | string {
  if (!cursor.looksAt('\\')) return cursor.next().codePointAt(0) ?? 0;
  cursor.take('\\');
  const code = readEscapedCharacter(cursor);
  if (code !== null) return code;
  const set = readShorthand(cursor, flags);
  if (set === null) throw illegalEscape(cursor);
  return set;
}

export function illegalEscape(cursor: RegexCursor): Error {
  return cursor.error('Illegal/unsupported escape sequence', cursor.at);
}

/** `\d`, `\p{...}` and the like, read behind the backslash; `null`, with nothing read, else. */
export function readShorthand(cursor: RegexCursor, flags: RegexFlags): string | null {
  const letter = cursor.peek();
  if (letter === 'p' || letter === 'P') {
    cursor.next();
    return readProperty(cursor, letter === 'P', flags);
  }
  const set = letter === '' ? null : shorthandSet(letter, flags);
  if (set !== null) cursor.next();
  return set;
}

function readProperty(cursor: RegexCursor, isNegated: boolean, flags: RegexFlags): string {
  const braced = cursor.takeMatch(/\{([^}]*)\}/y);
  if (braced === null && cursor.looksAt('{')) {
    throw cursor.error('Unclosed character family', cursor.pattern.length);
  }
  const name = braced?.[1] ?? cursor.next();
  if (name === '') throw cursor.error('Empty character family');
  const set = propertySet(name, isNegated, flags);
  if (set !== null) return set;
  const what = name.startsWith('In') ? 'Unicode blocks are not supported here' : 'Unknown';
  throw cursor.error(`${what === 'Unknown' ? 'Unknown character property name' : what} {${name}}`);
}

/** A range with what it means besides, when case does not matter (for ASCII letters only). */
function characterParts(first: number, last: number, flags: RegexFlags): string {
  const range = rangeSource(first, last);
  if (!flags.i || flags.u) return range;
  const lower = shifted(first, last, 0x41, 0x5a, 0x20);
  const upper = shifted(first, last, 0x61, 0x7a, -0x20);
  return range + lower + upper;
}

/** The part of a range that lies between `from` and `to`, moved by `by`. */
function shifted(first: number, last: number, from: number, to: number, by: number): string {
  const start = Math.max(first, from);
  const end = Math.min(last, to);
  return start > end ? '' : rangeSource(start + by, end + by);
}

function rangeSource(first: number, last: number): string {
  const start = codePointSource(first);
  return first === last ? start : `${start}-${codePointSource(last)}`;
}

/** One literal character outside of a set. */
export function literalSource(code: number, flags: RegexFlags): string {
  if (!flags.i) return codePointSource(code);
  if (flags.u) return `(?i:${codePointSource(code)})`;
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  return isLetter ? `[${characterParts(code, code, flags)}]` : codePointSource(code);
}
