import { DataError } from '../errors/data-error.ts';
import { setOwn } from '../data/struct.ts';

/** As deep as Java's parser goes. */
const DEPTH_MAX = 1000;
/** As many characters as Java's parser reads of one number. */
const NUMBER_LENGTH_MAX = 1000;
/** Java reads numbers with leading zeros, which JSON proper forbids. */
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WHITE_SPACE = /[ \t\n\r]*/y;
const LITERAL = /true|false|null/y;
const BYTE_ORDER_MARK = '\ufeff';

/** Makes a value of the text of a number. */
export type NumberReader = (text: string) => unknown;

/**
 * Parses JSON with the text of every number in hand. Some ten times slower than `JSON.parse`, so it
 * runs only where that would lose something, and to say what is wrong where that fails.
 */
export class CarefulJsonParser {
  readonly #text: string;
  readonly #readNumber: NumberReader;
  #position = 0;
  #depth = 0;

  constructor(text: string, readNumber: NumberReader) {
    this.#text = text;
    this.#readNumber = readNumber;
  }

  /**
   * The one value of the text.
   *
   * @throws DataError with the place of what is wrong, as `context.offset` too
   */
  parse(): unknown {
    if (this.#text.startsWith(BYTE_ORDER_MARK)) this.#position = 1;
    const value = this.#value();
    this.#skipSpace();
    if (this.#position < this.#text.length) throw this.#error('nothing more after the value');
    return value;
  }

  #value(): unknown {
    this.#skipSpace();
    switch (this.#text[this.#position]) {
      case '{':
        return this.#nested(() => this.#object());
      case '[':
        return this.#nested(() => this.#array());
      case '"':
        return this.#string();
      case 't':
      case 'f':
      case 'n':
        return this.#literal();
      default:
        return this.#number();
    }
  }

  #nested(parse: () => unknown): unknown {
    this.#depth++;
    if (this.#depth > DEPTH_MAX) {
      const message = `JSON is nested deeper than ${DEPTH_MAX} levels at ${this.#position}`;
      throw malformed(message, this.#position);
    }
    this.#position++;
    const value = parse();
    this.#depth--;
    return value;
  }

  #object(): unknown {
    const object: Record<string, unknown> = {};
    if (this.#takes('}')) return object;
    do {
      this.#skipSpace();
      if (this.#text[this.#position] !== '"') throw this.#error('a member name in quotes');
      const name = this.#string();
      this.#expect(':');
      setOwn(object, name, this.#value());
    } while (this.#takes(','));
    this.#expect('}');
    return object;
  }

  #array(): unknown {
    const array: unknown[] = [];
    if (this.#takes(']')) return array;
    do array.push(this.#value());
    while (this.#takes(','));
    this.#expect(']');
    return array;
  }

  /** Only the end is looked for here; what stands inside is read natively, megabytes included. */
  #string(): string {
    const start = this.#position;
    let end = this.#text.indexOf('"', start + 1);
    while (end >= 0 && isEscaped(this.#text, end)) end = this.#text.indexOf('"', end + 1);
    if (end < 0) throw this.#error('a string that ends');
    try {
      const value: unknown = JSON.parse(this.#text.slice(start, end + 1));
      this.#position = end + 1;
      return String(value);
    } catch {
      throw this.#error('a string of valid escapes, without bare control characters');
    }
  }

  #literal(): unknown {
    const word = this.#match(LITERAL);
    if (word === null) throw this.#error('a value');
    if (word === 'null') return null;
    return word === 'true';
  }

  #number(): unknown {
    const text = this.#match(NUMBER);
    if (text === null) throw this.#error('a value');
    if (text.length > NUMBER_LENGTH_MAX) {
      const start = this.#position - text.length;
      throw malformed(
        `JSON number of ${text.length} characters at ${start}: ` +
          `no more than ${NUMBER_LENGTH_MAX} are read`,
        start,
      );
    }
    return this.#readNumber(text);
  }

  #skipSpace(): void {
    WHITE_SPACE.lastIndex = this.#position;
    WHITE_SPACE.test(this.#text);
    this.#position = WHITE_SPACE.lastIndex;
  }

  #takes(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#position] !== character) return false;
    this.#position++;
    return true;
  }

  #expect(character: string): void {
    if (!this.#takes(character)) throw this.#error(`"${character}"`);
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text);
    if (found === null) return null;
    this.#position = pattern.lastIndex;
    return found[0];
  }

  #error(expected: string): DataError {
    const found = this.#text.slice(this.#position, this.#position + 1);
    const what = found === '' ? 'the text ends' : `found ${JSON.stringify(found)}`;
    const message = `Malformed JSON: expected ${expected} at ${this.#position}, but ${what}`;
    return malformed(message, this.#position);
  }
}

/** With the place as `offset`, for who shows the text: in characters from its start. */
function malformed(message: string, offset: number): DataError {
  return new DataError(message, { context: { offset } });
}

/** Whether an odd number of backslashes stands before. */
function isEscaped(text: string, position: number): boolean {
  let before = position - 1;
  while (text[before] === '\\') before--;
  return (position - 1 - before) % 2 === 1;
}
