/**
 * A pattern that Java refuses, or that has no equal in JavaScript. The message is laid out as
 * `java.util.regex.PatternSyntaxException`'s: what is wrong, the pattern, a caret under the place.
 */
export class JavaRegexError extends Error {
  /** What is wrong, without the pattern. */
  readonly description: string;

  constructor(description: string, pattern: string, index: number) {
    const where = index >= 0 ? ` near index ${index}` : '';
    const caret = index >= 0 && index < pattern.length ? `\n${' '.repeat(index)}^` : '';
    super(`${description}${where}\n${pattern}${caret}`);
    this.name = 'JavaRegexError';
    this.description = description;
  }
}
