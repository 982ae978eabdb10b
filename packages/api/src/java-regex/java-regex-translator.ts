import { lineEnds, shorthandSet } from './java-regex-classes.ts';
import { RegexCursor } from './java-regex-cursor.ts';
import { readEscapedCharacter } from './java-regex-escapes.ts';
import { NO_FLAGS, withFlag, type RegexFlags } from './java-regex-flags.ts';
import {
  codePointSource,
  illegalEscape,
  literalSource,
  readSet,
  readShorthand,
} from './java-regex-set.ts';

/** A Java pattern in JavaScript's words, for a RegExp with the flag `v`. */
export interface TranslatedRegex {
  readonly source: string;
  /** The JavaScript group behind each Java group; index 0 is the whole match. */
  readonly groups: readonly number[];
  /** Java group numbers by name. */
  readonly names: ReadonlyMap<string, number>;
}

const REPETITION_MAX = 2 ** 31 - 1;
/** What matches nothing, and what is nothing. */
const NEVER = '(?!)';
/** Without the flag `m` these are the ends of the text; in a group they can be repeated. */
const END = '(?:$)';
const START = '(?:^)';
/**
 * Reads a `java.util.regex` pattern and writes it down for JavaScript. Possessive quantifiers and
 * atomic groups become a lookahead and a reference to what it caught, so groups are renumbered.
 * Flags are applied to each character as it is read, because Java lets them change anywhere.
 *
 * @throws JavaRegexError for what Java refuses, and for what has no equal (`\G`, `\X`, `\N{...}`,
 *   Unicode blocks)
 */
export function translateRegex(pattern: string, flags: RegexFlags = NO_FLAGS): TranslatedRegex {
  return new Translator(pattern, flags).translate();
}

class Translator {
  readonly #cursor: RegexCursor;
  readonly #groups: number[] = [0];
  readonly #names = new Map<string, number>();
  #jsGroups = 0;
  #flags: RegexFlags;

  constructor(pattern: string, flags: RegexFlags) {
    this.#cursor = new RegexCursor(pattern);
    this.#flags = flags;
  }

  translate(): TranslatedRegex {
    const source = this.#alternatives();
    if (!this.#cursor.isAtEnd) throw this.#cursor.error("Unmatched closing ')'");
    return { source, groups: this.#groups, names: this.#names };
  }

  /** Up to the end, or to a closing parenthesis, which is left. */
  #alternatives(): string {
    const branches = [this.#sequence()];
    while (this.#cursor.take('|')) branches.push(this.#sequence());
    return branches.join('|');
  }

  #sequence(): string {
    let source = '';
    for (;;) {
      if (this.#flags.x) this.#cursor.skipComments();
      if (this.#cursor.isAtEnd || this.#cursor.looksAt('|') || this.#cursor.looksAt(')')) {
        return source;
      }
      const groupsBefore = this.#jsGroups;
      const atom = this.#atom();
      source += atom === null ? '' : this.#quantified(atom, groupsBefore);
    }
  }

  /** `null` for flags, which are nothing by themselves. */
  #atom(): string | null {
    const cursor = this.#cursor;
    const start = cursor.at;
    const character = cursor.next();
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return readSet(cursor, this.#flags);
      case '.':
        return this.#flags.s ? '[^]' : `[^${lineEnds(this.#flags)}]`;
      case '^':
        return this.#lineStart();
      case '$':
        return this.#lineEnd();
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        throw cursor.error(`Dangling meta character '${character}'`, start);
      case '{':
        throw cursor.error('Illegal repetition', start + 1);
      default:
        return literalSource(character.codePointAt(0) ?? 0, this.#flags);
    }
  }

  #quantified(atom: string, groupsBefore: number): string {
    const quantifier = this.#quantifier();
    if (quantifier === null) return atom;
    const repeated = `(?:${atom})${quantifier}`;
    if (this.#cursor.take('?')) return `${repeated}?`;
    if (!this.#cursor.take('+')) return repeated;
    return this.#atomic(repeated, groupsBefore);
  }

  #quantifier(): string | null {
    const cursor = this.#cursor;
    if (this.#flags.x) cursor.skipComments();
    if (cursor.looksAt('*') || cursor.looksAt('+') || cursor.looksAt('?')) return cursor.next();
    if (!cursor.looksAt('{')) return null;
    const match = cursor.takeMatch(/\{([0-9]+)(?:(,)([0-9]*))?\}/y);
    if (match === null) {
      const begun = cursor.takeMatch(/\{[0-9]+(?:,[0-9]*)?/y);
      if (begun !== null) throw cursor.error('Unclosed counted closure', cursor.at);
      throw cursor.error('Illegal repetition', cursor.at + 1);
    }
    const [text, least = '0', , most = ''] = match;
    if (Number(least) > REPETITION_MAX || Number(most) > REPETITION_MAX) {
      throw cursor.error('Illegal repetition range');
    }
    if (most !== '' && Number(most) < Number(least)) throw cursor.error('Illegal repetition range');
    return text;
  }

  /**
   * Matches once and never gives back. The catching group opens before the groups inside it, so
   * those that were numbered while reading move up by one.
   */
  #atomic(source: string, groupsBefore: number): string {
    const own = groupsBefore + 1;
    const moved = source.replaceAll(/\\k<g([0-9]+)>|\(\?<g([0-9]+)>/g, (text, ref, open) => {
      const number = Number(ref ?? open);
      return number < own ? text : text.replace(String(number), String(number + 1));
    });
    for (const [java, js] of this.#groups.entries()) {
      if (js >= own) this.#groups[java] = js + 1;
    }
    this.#jsGroups += 1;
    return `(?:(?=(?<g${own}>${moved}))\\k<g${own}>)`;
  }

  #group(): string {
    const cursor = this.#cursor;
    if (!cursor.take('?')) return this.#captured();
    const flagsBefore = this.#flags;
    const groupsBefore = this.#jsGroups;
    if (cursor.take('>')) return this.#atomic(this.#inner(), groupsBefore);
    for (const opening of [':', '=', '!', '<=', '<!']) {
      if (cursor.take(opening)) return `(?${opening}${this.#inner()})`;
    }
    if (cursor.take('<')) return this.#named();
    this.#readFlags();
    if (cursor.take(')')) return '';
    if (!cursor.take(':')) throw cursor.error('Unknown inline modifier', cursor.at);
    const inner = this.#inner();
    this.#flags = flagsBefore;
    return `(?:${inner})`;
  }

  /** `i-s` of `(?i-s)` or `(?i-s:...)`. */
  #readFlags(): void {
    const cursor = this.#cursor;
    let isOn = true;
    while (!cursor.looksAt(')') && !cursor.looksAt(':')) {
      const letter = cursor.next();
      if (letter === '') throw cursor.error('Unknown inline modifier', cursor.at);
      if (letter === '-') isOn = false;
      else {
        const flags = withFlag(this.#flags, letter, isOn);
        if (flags === null) throw cursor.error('Unknown inline modifier');
        this.#flags = flags;
      }
    }
  }

  #named(): string {
    const cursor = this.#cursor;
    const name = cursor.takeMatch(/([A-Za-z][A-Za-z0-9]*)>/y)?.[1];
    if (name === undefined) {
      const isEmpty = !/[A-Za-z]/.test(cursor.peek());
      const what = isEmpty
        ? 'capturing group name does not start with a Latin letter'
        : "named capturing group is missing trailing '>'";
      if (!isEmpty) cursor.takeMatch(/[A-Za-z0-9]*/y);
      throw cursor.error(what, cursor.at);
    }
    if (this.#names.has(name)) {
      throw cursor.error(`Named capturing group <${name}> is already defined`);
    }
    this.#names.set(name, this.#groups.length);
    return this.#captured();
  }

  #captured(): string {
    this.#jsGroups += 1;
    const java = this.#groups.length;
    this.#groups.push(this.#jsGroups);
    const inner = this.#inner();
    // Possessive parts inside come after; what stands before this group may still move it.
    return `(?<g${this.#groups[java]}>${inner})`;
  }

  /** The inside of a group and its closing parenthesis; flags changed inside end there. */
  #inner(): string {
    const flagsBefore = this.#flags;
    const source = this.#alternatives();
    if (!this.#cursor.take(')')) {
      throw this.#cursor.error('Unclosed group', this.#cursor.pattern.length);
    }
    this.#flags = flagsBefore;
    return source;
  }

  #lineStart(): string {
    if (!this.#flags.m) return START;
    const ends = lineEnds(this.#flags);
    const afterEnd = this.#flags.d ? '(?<=\\n)' : `(?<=[${ends}])(?<!\\r(?=\\n))`;
    return `(?:${START}|${afterEnd}(?=[^]))`;
  }

  #lineEnd(): string {
    const ends = lineEnds(this.#flags);
    if (this.#flags.d) return this.#flags.m ? `(?:(?=\\n)|${END})` : `(?=\\n?${END})`;
    const notInside = '(?!(?<=\\r)\\n)';
    if (this.#flags.m) return `(?:(?=[${ends}])${notInside}|${END})`;
    return `(?:(?=(?:\\r\\n|[${ends}])?${END})${notInside})`;
  }

  #escape(): string {
    const cursor = this.#cursor;
    const quoted = cursor.takeMatch(/Q([^]*?)(?:\\E|$)/y)?.[1];
    if (quoted !== undefined) return this.#quotedText(quoted);
    const code = readEscapedCharacter(cursor);
    if (code !== null) return literalSource(code, this.#flags);
    const set = readShorthand(cursor, this.#flags);
    if (set !== null) return set;
    const named = cursor.takeMatch(/k<([A-Za-z][A-Za-z0-9]*)>/y)?.[1];
    if (named !== undefined) return this.#namedReference(named);
    if (/[1-9]/.test(cursor.peek())) return this.#numberedReference();
    return this.#position();
  }

  /** All but the last character; that one is what a quantifier behind `\E` repeats. */
  #quotedText(text: string): string {
    const characters = Array.from(text, (each) =>
      literalSource(each.codePointAt(0) ?? 0, this.#flags),
    );
    if (characters.length <= 1) return characters.join('');
    const quantifier = this.#quantifier();
    if (quantifier === null) return characters.join('');
    const last = characters.pop() ?? '';
    return `${characters.join('')}(?:${last})${quantifier}`;
  }

  #namedReference(name: string): string {
    const java = this.#names.get(name);
    if (java === undefined) {
      throw this.#cursor.error(`named capturing group <${name}> does not exist`);
    }
    return this.#reference(java);
  }

  /** As many digits as there are groups so far to be meant by them. */
  #numberedReference(): string {
    const cursor = this.#cursor;
    let number = Number(cursor.next());
    while (/[0-9]/.test(cursor.peek())) {
      const longer = number * 10 + Number(cursor.peek());
      if (longer >= this.#groups.length) break;
      number = longer;
      cursor.next();
    }
    return this.#reference(number);
  }

  #reference(java: number): string {
    const js = this.#groups[java];
    if (js === undefined) return NEVER;
    return this.#flags.i ? `(?i:\\k<g${js}>)` : `\\k<g${js}>`;
  }

  /** Escapes that stand for a place, or for more than one character. */
  #position(): string {
    const cursor = this.#cursor;
    const letter = cursor.peek();
    const source = this.#positionSource(letter);
    if (source === null) throw illegalEscape(cursor);
    cursor.next();
    return source;
  }

  #positionSource(letter: string): string | null {
    const word = shorthandSet('w', this.#flags) ?? '';
    switch (letter) {
      case 'A':
        return START;
      case 'z':
        return END;
      case 'Z': {
        const ends = lineEnds(this.#flags);
        return this.#flags.d ? `(?=\\n?${END})` : `(?=(?:\\r\\n|[${ends}])?${END})`;
      }
      case 'b':
        return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
      case 'B':
        return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
      case 'R':
        return `(?:\\r\\n|[\\n${codePointSource(0x0b)}\\f\\r\\u{85}\\u{2028}\\u{2029}])`;
      default:
        return null;
    }
  }
}
