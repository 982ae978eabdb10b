import { JavaRegexError } from './java-regex-error.ts';

/** Reads a pattern code point by code point, and says where it is when something is wrong. */
export class RegexCursor {
  readonly pattern: string;
  at = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  get isAtEnd(): boolean {
    return this.at >= this.pattern.length;
  }

  /** The code point here, as a string; empty at the end. */
  peek(): string {
    const code = this.pattern.codePointAt(this.at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  /** As {@link peek}, and goes on. */
  next(): string {
    const character = this.peek();
    this.at += character.length;
    return character;
  }

  looksAt(text: string): boolean {
    return this.pattern.startsWith(text, this.at);
  }

  /** Goes over this text if it is here. */
  take(text: string): boolean {
    if (!this.looksAt(text)) return false;
    this.at += text.length;
    return true;
  }

  /** What a sticky expression finds here, gone over; `null` when it finds nothing. */
  takeMatch(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.at;
    const match = expression.exec(this.pattern);
    if (match !== null) this.at += match[0].length;
    return match;
  }

  /** Under the COMMENTS flag, goes over white space and `#` to the end of the line. */
  skipComments(): void {
    while (this.takeMatch(/[ \t\n\v\f\r]+|#[^\n\r\u0085\u2028\u2029]*/y) !== null);
  }

  error(description: string, index: number = this.at - 1): JavaRegexError {
    return new JavaRegexError(description, this.pattern, index);
  }
}
