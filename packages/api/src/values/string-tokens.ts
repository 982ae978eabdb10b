import { javaTrim } from '../text/java-string.ts';

/** What ends a token, unless a backslash stands before it. */
const DELIMITERS = ':,{}[]"';

/**
 * The tokens of a text: delimiters, and what stands between them with white space and backslashes
 * as they are. Can be rewound.
 */
export class StringTokens {
  readonly text: string;
  #position = 0;
  /** A token that has been looked at and not taken yet. */
  #peeked: string | null = null;

  constructor(text: string) {
    this.text = text;
  }

  /** Where the next token starts, for {@link StringTokens.rewindTo}. */
  mark(): number {
    return this.#position - (this.#peeked?.length ?? 0);
  }

  rewindTo(position: number): void {
    this.#position = position;
    this.#peeked = null;
  }

  hasNext(): boolean {
    return this.#peeked !== null || this.#position < this.text.length;
  }

  next(): string {
    const token = this.#peeked ?? this.#read();
    this.#peeked = null;
    return token;
  }

  /** The next `count` tokens as they stand in the text; `null`, and nothing taken, if fewer are left. */
  nextJoined(count: number): string | null {
    const start = this.mark();
    for (let i = 0; i < count; i++) {
      if (!this.hasNext()) {
        this.rewindTo(start);
        return null;
      }
      this.next();
    }
    return this.text.slice(start, this.#position);
  }

  /** Takes the next token if it is the expected one; blank tokens before it are passed over. */
  takes(expected: string): boolean {
    if (!this.hasNext()) return false;
    let token = this.#peeked ?? this.#read();
    while (javaTrim(token) === '' && this.#position < this.text.length) token = this.#read();
    if (javaTrim(token) === expected) {
      this.#peeked = null;
      return true;
    }
    this.#peeked = token;
    return false;
  }

  #read(): string {
    const start = this.#position;
    let isEscaped = false;
    for (; this.#position < this.text.length; this.#position++) {
      const character = this.text.charAt(this.#position);
      if (character === '\\') isEscaped = !isEscaped;
      else if (!isEscaped && DELIMITERS.includes(character)) {
        if (start === this.#position) this.#position++;
        break;
      } else isEscaped = false;
    }
    return this.text.slice(start, this.#position);
  }
}
