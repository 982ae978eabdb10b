import { NO_FLAGS, type RegexFlags } from './java-regex-flags.ts';
import { translateRegex } from './java-regex-translator.ts';
import { JavaReplacement } from './java-replacement.ts';
import { JavaRegexError } from './java-regex-error.ts';

/** One match: its groups by Java's numbers and names. */
export interface JavaMatch {
  readonly index: number;
  /** The text of a group; 0 is the whole match; `null` when it took no part. */
  readonly group: (number: number) => string | null;
  /** The text of a named group, `null` when there is none of that name. */
  readonly named: (name: string) => string | null;
}

/**
 * A `java.util.regex.Pattern`. Patterns behave as on JDK 25, with two exceptions that JavaScript's
 * engine does not allow: a group inside a repeated group forgets its text at each repetition, and a
 * reference to a group that took no part matches the empty text.
 */
export class JavaRegex {
  readonly pattern: string;
  readonly #groups: readonly number[];
  readonly #names: ReadonlyMap<string, number>;
  readonly #find: RegExp;
  readonly #whole: RegExp;

  /** @throws JavaRegexError with Java's message */
  constructor(pattern: string, flags: RegexFlags = NO_FLAGS) {
    const { source, groups, names } = translateRegex(pattern, flags);
    this.pattern = pattern;
    this.#groups = groups;
    this.#names = names;
    try {
      this.#find = new RegExp(source, 'gv');
      this.#whole = new RegExp(`^(?:${source})$`, 'v');
    } catch (cause) {
      throw new JavaRegexError(`Not supported by this runtime (${String(cause)})`, pattern, -1);
    }
  }

  /** Whether the whole text matches. Mirrors `Matcher.matches`. */
  matches(text: string): boolean {
    return this.#whole.test(text);
  }

  /** The match of the whole text. */
  matchWhole(text: string): JavaMatch | null {
    return this.#matchOf(this.#whole.exec(text));
  }

  /** The first match in a text. Mirrors `Matcher.find`. */
  find(text: string): JavaMatch | null {
    this.#find.lastIndex = 0;
    return this.#matchOf(this.#find.exec(text));
  }

  /** @throws RangeError when the replacement names a group that is not there */
  replacement(text: string): JavaReplacement {
    return new JavaReplacement(text, this.#groups.length - 1, this.#names);
  }

  /** Mirrors `Matcher.replaceFirst`. */
  replaceFirst(text: string, replacement: JavaReplacement): string {
    const match = this.find(text);
    if (match === null) return text;
    const end = match.index + (match.group(0)?.length ?? 0);
    return text.slice(0, match.index) + replacement.expand(match.group) + text.slice(end);
  }

  /** Mirrors `Matcher.replaceAll`. */
  replaceAll(text: string, replacement: JavaReplacement): string {
    let made = '';
    let from = 0;
    this.#find.lastIndex = 0;
    for (const found of text.matchAll(this.#find)) {
      const match = this.#matchOf(found);
      if (match === null) continue;
      made += text.slice(from, match.index) + replacement.expand(match.group);
      from = match.index + found[0].length;
    }
    return made + text.slice(from);
  }

  #matchOf(found: RegExpExecArray | null): JavaMatch | null {
    if (found === null) return null;
    const group = (number: number): string | null => {
      const js = this.#groups[number];
      return js === undefined ? null : (found[js] ?? null);
    };
    const named = (name: string): string | null => {
      const number = this.#names.get(name);
      return number === undefined ? null : group(number);
    };
    return { index: found.index, group, named };
  }
}
