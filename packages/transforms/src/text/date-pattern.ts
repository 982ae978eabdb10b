/** A letter of a date pattern and how often it stands there in a row. */
export interface PatternField {
  readonly letter: string;
  readonly count: number;
  /** Another number follows at once: this one is then as long as the letters say. */
  readonly isAbutting: boolean;
}

/** A date pattern's parts: fields, and text between them. */
export type PatternPart = string | PatternField;

const LETTERS = 'GyMdkHmsSEDFwWahKzZYuXL';

/**
 * Reads a `SimpleDateFormat` pattern. Text stands between single quotes, where two of them mean
 * one; all characters that are no letters stand for themselves.
 *
 * @throws RangeError with Java's message (IllegalArgumentException)
 */
export function parseDatePattern(pattern: string): readonly PatternPart[] {
  const parts: PatternPart[] = [];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern[at] ?? '';
    if (character === "'") {
      const quoted = readQuoted(pattern, at);
      addText(parts, quoted.text);
      at = quoted.next;
    } else if (/[A-Za-z]/.test(character)) {
      const count = runLength(pattern, at);
      parts.push(fieldOf(character, count));
      at += count;
    } else {
      addText(parts, character);
      at += 1;
    }
  }
  return parts.map((part, index) => {
    return typeof part === 'string' ? part : { ...part, isAbutting: isNumber(parts[index + 1]) };
  });
}

function isNumber(part: PatternPart | undefined): boolean {
  if (part === undefined || typeof part === 'string') return false;
  return 'ML'.includes(part.letter) ? part.count <= 2 : !'GEazZX'.includes(part.letter);
}

function addText(parts: PatternPart[], text: string): void {
  const last = parts.at(-1);
  if (typeof last === 'string') parts[parts.length - 1] = last + text;
  else parts.push(text);
}

interface Quoted {
  readonly text: string;
  readonly next: number;
}

function readQuoted(pattern: string, start: number): Quoted {
  if (pattern[start + 1] === "'") return { text: "'", next: start + 2 };
  let text = '';
  let at = start + 1;
  for (; at < pattern.length; at++) {
    if (pattern[at] !== "'") text += pattern[at] ?? '';
    else if (pattern[at + 1] === "'") {
      text += "'";
      at += 1;
    } else return { text, next: at + 1 };
  }
  throw new RangeError('Unterminated quote');
}

function runLength(pattern: string, start: number): number {
  let end = start;
  while (pattern[end] === pattern[start]) end++;
  return end - start;
}

function fieldOf(letter: string, count: number): PatternField {
  if (!LETTERS.includes(letter)) throw new RangeError(`Illegal pattern character '${letter}'`);
  if (letter === 'X' && count > 3) {
    throw new RangeError(`invalid ISO 8601 format: length=${count}`);
  }
  return { letter, count, isAbutting: false };
}
