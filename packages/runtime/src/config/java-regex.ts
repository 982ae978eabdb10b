import { ConfigError } from '@sluice/api';
import { JavaRegex, JavaRegexError } from '@sluice/api/java-regex';

/**
 * A Java regular expression for whole names: `topics.regex`, groups of topics and the like.
 *
 * @throws ConfigError naming the key, when Java refuses it too or JavaScript has no equal
 */
export function javaRegex(name: string, pattern: string): RegExp {
  try {
    return new WholeName(new JavaRegex(pattern));
  } catch (error) {
    if (!(error instanceof JavaRegexError)) throw error;
    throw ConfigError.ofValue(name, pattern, `Invalid regex: ${error.message}`);
  }
}

/** What a consumer takes as a pattern, answered by Java's rules. */
class WholeName extends RegExp {
  readonly #regex: JavaRegex;

  constructor(regex: JavaRegex) {
    super('');
    this.#regex = regex;
  }

  override test(name: string): boolean {
    return this.#regex.matches(name);
  }

  override exec(name: string): RegExpExecArray | null {
    return this.test(name) ? super.exec(name) : null;
  }

  override toString(): string {
    return this.#regex.pattern;
  }
}
