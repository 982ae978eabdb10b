import type { RegexFlags } from './java-regex-flags.ts';

/**
 * Java's predefined character classes as JavaScript sets (flag `v`), each a whole set in brackets,
 * so that it can stand alone or inside another set.
 */

const LINE_ENDS = '\\n\\r\\u{85}\\u{2028}\\u{2029}';
const HORIZONTAL = '\\t \\u{a0}\\u{1680}\\u{180e}\\u{2000}-\\u{200a}\\u{202f}\\u{205f}\\u{3000}';

const SHORTHANDS: Readonly<Record<string, string>> = {
  d: '0-9',
  s: '\\t\\n\\u{b}\\f\\r ',
  w: 'a-zA-Z_0-9',
  h: HORIZONTAL,
  v: '\\n\\u{b}\\f\\r\\u{85}\\u{2028}\\u{2029}',
};

const UNICODE_SHORTHANDS: Readonly<Record<string, string>> = {
  ...SHORTHANDS,
  d: '\\p{Nd}',
  s: '\\p{White_Space}',
  w: '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}',
};

const POSIX: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\u{0}-\\u{7f}',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '\\u{21}-\\u{2f}\\u{3a}-\\u{40}\\u{5b}-\\u{60}\\u{7b}-\\u{7e}',
  Graph: '\\u{21}-\\u{7e}',
  Print: '\\u{20}-\\u{7e}',
  Blank: '\\t ',
  Cntrl: '\\u{0}-\\u{1f}\\u{7f}',
  XDigit: '0-9a-fA-F',
  Space: '\\t\\n\\u{b}\\f\\r ',
};

const UNICODE_POSIX: Readonly<Record<string, string>> = {
  Lower: '\\p{Lowercase}',
  Upper: '\\p{Uppercase}',
  ASCII: '\\u{0}-\\u{7f}',
  Alpha: '\\p{Alphabetic}',
  Digit: '\\p{Nd}',
  Alnum: '\\p{Alphabetic}\\p{Nd}',
  Punct: '\\p{P}',
  Graph: '[^\\p{White_Space}\\p{Cc}\\p{Cs}\\p{Cn}]',
  Print: '[[^\\p{White_Space}\\p{Cc}\\p{Cs}\\p{Cn}]\\p{Zs}]',
  Blank: '\\p{Zs}\\t',
  Cntrl: '\\p{Cc}',
  XDigit: '\\p{Nd}\\p{Hex_Digit}',
  Space: '\\p{White_Space}',
};

/** Java's `Character.isX` methods by the names that patterns use. */
const JAVA_METHODS: Readonly<Record<string, string>> = {
  javaLowerCase: '\\p{Lowercase}',
  javaUpperCase: '\\p{Uppercase}',
  javaAlphabetic: '\\p{Alphabetic}',
  javaIdeographic: '\\p{Ideographic}',
  javaTitleCase: '\\p{Lt}',
  javaDigit: '\\p{Nd}',
  javaLetter: '\\p{L}',
  javaLetterOrDigit: '\\p{L}\\p{Nd}',
  javaSpaceChar: '\\p{Z}',
  javaISOControl: '\\u{0}-\\u{1f}\\u{7f}-\\u{9f}',
  javaWhitespace:
    '\\t\\n\\u{b}\\f\\r\\u{1c}-\\u{1f}\\u{20}\\u{1680}\\u{2000}-\\u{2006}\\u{2008}-\\u{200a}' +
    '\\u{2028}\\u{2029}\\u{205f}\\u{3000}',
};

/** Binary properties behind `\p{Is...}`, in Java's spelling without underscores. */
const BINARY: Readonly<Record<string, string>> = {
  ALPHABETIC: '\\p{Alphabetic}',
  LETTER: '\\p{L}',
  IDEOGRAPHIC: '\\p{Ideographic}',
  LOWERCASE: '\\p{Lowercase}',
  UPPERCASE: '\\p{Uppercase}',
  TITLECASE: '\\p{Lt}',
  WHITESPACE: '\\p{White_Space}',
  CONTROL: '\\p{Cc}',
  PUNCTUATION: '\\p{P}',
  HEXDIGIT: '\\p{Nd}\\p{Hex_Digit}',
  ASSIGNED: '\\P{Cn}',
  NONCHARACTERCODEPOINT: '\\p{Noncharacter_Code_Point}',
  DIGIT: '\\p{Nd}',
  ALNUM: '\\p{Alphabetic}\\p{Nd}',
  JOINCONTROL: '\\p{Join_Control}',
};

/** What ends a line: for `.`, `^`, `$` and `\R`. */
export function lineEnds(flags: RegexFlags): string {
  return flags.d ? '\\n' : LINE_ENDS;
}

/** `\d`, `\D` and so on as a set; `null` for letters that are no such class. */
export function shorthandSet(letter: string, flags: RegexFlags): string | null {
  const lower = letter.toLowerCase();
  const content = (flags.U ? UNICODE_SHORTHANDS : SHORTHANDS)[lower];
  if (content === undefined) return null;
  return letter === lower ? `[${content}]` : `[^${content}]`;
}

/** `\p{name}` as a set (`\P{name}` when negated); `null` when nothing in JavaScript equals it. */
export function propertySet(name: string, isNegated: boolean, flags: RegexFlags): string | null {
  const content = propertyContent(name, flags);
  if (content === null) return null;
  return isNegated ? `[^${content}]` : `[${content}]`;
}

function propertyContent(name: string, flags: RegexFlags): string | null {
  const equals = name.indexOf('=');
  if (equals >= 0)
    return keyedProperty(name.slice(0, equals).toLowerCase(), name.slice(equals + 1));
  const posix = own(flags.U ? UNICODE_POSIX : POSIX, name) ?? own(JAVA_METHODS, name);
  if (posix !== null) return posix;
  if (name === 'L1') return '\\u{0}-\\u{ff}';
  if (name === 'all') return '\\u{0}-\\u{10ffff}';
  if (name === 'LD') return '\\p{L}\\p{Nd}';
  if (!name.startsWith('Is')) return name.startsWith('In') ? null : categoryContent(name);
  const rest = name.slice(2);
  const binary = own(BINARY, rest.replaceAll('_', '').toUpperCase());
  return binary ?? categoryContent(rest) ?? scriptContent(rest);
}

function keyedProperty(key: string, value: string): string | null {
  if (key === 'sc' || key === 'script') return scriptContent(value);
  return key === 'gc' || key === 'general_category' ? categoryContent(value) : null;
}

function own(table: Readonly<Record<string, string>>, name: string): string | null {
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null;
}

function categoryContent(name: string): string | null {
  return /^(?:[A-Z]|[A-Z][a-z]|LC)$/.test(name) ? known(`\\p{${name}}`) : null;
}

/** Scripts are looked up in any case; JavaScript wants `Latin`, `Old_Italic`. */
function scriptContent(name: string): string | null {
  if (!/^[A-Za-z_]+$/.test(name)) return null;
  const spelled = name.toLowerCase().replace(/(?:^|_)[a-z]/g, (first) => first.toUpperCase());
  return known(`\\p{Script=${spelled}}`);
}

/** The property, if this JavaScript knows it. */
function known(property: string): string | null {
  try {
    return new RegExp(property, 'v').source;
  } catch {
    // An unknown property is the answer here, not a failure.
    return null;
  }
}
