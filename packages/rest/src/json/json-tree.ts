import { JsonSyntaxError, type JsonPosition } from './json-syntax-error.ts';

/** A JSON text as a tree that still knows where each value stood. */
export type JsonNode = JsonObjectNode | JsonArrayNode | JsonScalarNode;

interface JsonObjectNode extends JsonPosition {
  readonly type: 'object';
  /** In the order of the text; a key that stands twice is here twice. */
  readonly entries: readonly { readonly key: string; readonly value: JsonNode }[];
  /** What follows the closing brace. */
  readonly end: JsonPosition;
}
interface JsonArrayNode extends JsonPosition {
  readonly type: 'array';
  readonly items: readonly JsonNode[];
}
export interface JsonScalarNode extends JsonPosition {
  readonly type: 'string' | 'number' | 'boolean' | 'null';
  /** The string's value, or the literal as written: `1.50` stays `1.50`. */
  readonly text: string;
}

const HEX_DIGITS = 4;
/** Jackson's own limit; ours keeps a hostile body from exhausting the stack. */
const NESTING_MAX = 1000;

/**
 * Parses one JSON text. Strict as RFC 8259: no comments, no trailing commas, nothing after the
 * value.
 *
 * @param isFollowed what stands after the value does not matter, as to Java's reader of files
 * @throws JsonSyntaxError with line and column
 */
export function parseJsonTree(text: string, isFollowed = false): JsonNode {
  return new JsonTreeParser(text).parseDocument(isFollowed);
}

const VALUE_EXPECTED = `(JSON String, Number, Array, Object or token 'null', 'true' or 'false')`;
const COMMENT =
  "maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' " +
  'not enabled for parser)';
/** What begins with a character, in Jackson's names. */
const TOKENS: ReadonlyMap<string, string> = new Map([
  ['{', 'START_OBJECT'],
  ['[', 'START_ARRAY'],
  ['"', 'VALUE_STRING'],
]);
const CLOSERS: ReadonlyMap<string, string> = new Map([
  ['}', 'Object'],
  [']', 'Array'],
]);
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

class JsonTreeParser {
  readonly #number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
  readonly #word = /[\p{L}\p{N}_$]+/uy;
  readonly #text: string;
  #at: number;
  #depth = 0;
  #isInString = false;
  readonly #keys: string[] = [];
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  parseDocument(isFollowed: boolean): JsonNode {
    const value = this.#value();
    if (isFollowed) return value;
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#failAfterEnd();
    return value;
  }

  /** Something stands behind the value: a second value, or no value at all. */
  #failAfterEnd(): never {
    const token = TOKENS.get(this.#text[this.#at] ?? '');
    if (token === undefined) this.#failAtToken();
    this.#fail(`Trailing token (of type ${token}) found after value: not allowed`);
  }

  #value(): JsonNode {
    this.#skipSpace();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#nested(() => this.#object());
      case '[':
        return this.#nested(() => this.#array());
      case '"': {
        const position = this.#position();
        this.#isInString = true;
        const text = this.#string();
        this.#isInString = false;
        return { type: 'string', text, ...position };
      }
      default:
        return this.#literal();
    }
  }

  #nested<T>(parse: () => T): T {
    this.#depth++;
    if (this.#depth > NESTING_MAX)
      this.#fail(
        `Document nesting depth (${this.#depth}) exceeds the maximum allowed (${NESTING_MAX})`,
      );
    const parsed = parse();
    this.#depth--;
    return parsed;
  }

  #object(): JsonObjectNode {
    const start = this.#position();
    const entries: { key: string; value: JsonNode }[] = [];
    this.#at++;
    if (this.#closes('}', 'Object', start)) return this.#objectNode(entries, start);
    for (;;) {
      if (this.#text[this.#at] !== '"')
        this.#failAtCharacter('was expecting double-quote to start field name');
      const key = this.#string('name');
      this.#skipSpace();
      if (this.#isAtEnd()) this.#failAtEnd('Object', start);
      if (this.#text[this.#at] === '/') this.#failAtCharacter(COMMENT);
      if (this.#text[this.#at] !== ':')
        this.#failAtCharacter('was expecting a colon to separate field name and value');
      this.#at++;
      this.#keys.push(key);
      entries.push({ key, value: this.#value() });
      this.#keys.pop();
      if (this.#closes('}', 'Object', start)) return this.#objectNode(entries, start);
      this.#comma('Object', start);
    }
  }

  #objectNode(entries: JsonObjectNode['entries'], start: JsonPosition): JsonObjectNode {
    return { type: 'object', entries, ...start, end: this.#position() };
  }

  #array(): JsonArrayNode {
    const start = this.#position();
    const items: JsonNode[] = [];
    this.#at++;
    if (this.#closes(']', 'Array', start)) return { type: 'array', items, ...start };
    for (;;) {
      items.push(this.#value());
      if (this.#closes(']', 'Array', start)) return { type: 'array', items, ...start };
      this.#comma('Array', start);
    }
  }

  /** Skips space and the closing mark if it is there. */
  #closes(mark: string, kind: string, start: JsonPosition): boolean {
    this.#skipSpace();
    if (this.#isAtEnd()) this.#failAtEnd(kind, start);
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #comma(kind: string, start: JsonPosition): void {
    if (this.#text[this.#at] !== ',')
      this.#failAtCharacter(`was expecting comma to separate ${kind} entries`);
    this.#at++;
    this.#skipSpace();
    if (this.#isAtEnd()) this.#failAtEnd(kind, start);
  }

  #string(kind = 'string value'): string {
    const text = this.#text;
    let piecesStart = this.#at + 1;
    let value = '';
    this.#at++;
    for (;;) {
      const character = text[this.#at];
      if (character === undefined)
        this.#fail(
          kind === 'name'
            ? 'Unexpected end-of-input: was expecting closing quote for a field name'
            : 'Unexpected end-of-input in VALUE_STRING',
        );
      if (character === '"') break;
      if (character < ' ')
        this.#fail(
          `Illegal unquoted character ((CTRL-CHAR, code ${character.charCodeAt(0)})): has to be ` +
            `escaped using backslash to be included in ${kind}`,
        );
      if (character !== '\\') {
        this.#at++;
        continue;
      }
      value += text.slice(piecesStart, this.#at) + this.#escape();
      piecesStart = this.#at;
    }
    value += text.slice(piecesStart, this.#at);
    this.#at++;
    return value;
  }

  #escape(): string {
    const escaped = this.#text[this.#at + 1];
    if (escaped === 'u') {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6);
      const wrong = digits.search(/[^0-9a-fA-F]/);
      if (wrong !== -1 || digits.length < HEX_DIGITS) {
        this.#at += 2 + (wrong === -1 ? digits.length : wrong);
        if (this.#isAtEnd()) this.#fail('Unexpected end-of-input in character escape sequence');
        this.#failAtCharacter('expected a hex-digit for character escape sequence');
      }
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const character = escaped === undefined ? undefined : ESCAPES.get(escaped);
    if (character === undefined) {
      this.#at++;
      this.#fail(
        escaped === undefined
          ? 'Unexpected end-of-input in character escape sequence'
          : `Unrecognized character escape ${named(escaped)}`,
      );
    }
    this.#at += 2;
    return character;
  }

  #literal(): JsonScalarNode {
    const position = this.#position();
    if (this.#isAtEnd()) this.#fail('No content to map due to end-of-input');
    const number = this.#match(this.#number);
    if (number !== null) {
      this.#at += number.length;
      this.#checkAfterNumber(number);
      return { type: 'number', text: number, ...position };
    }
    if (/[-+]/.test(this.#text[this.#at] ?? '')) this.#failAtSign();
    const word = this.#match(this.#word);
    switch (word) {
      case 'true':
      case 'false':
        this.#at += word.length;
        return { type: 'boolean', text: word, ...position };
      case 'null':
        this.#at += word.length;
        return { type: 'null', text: word, ...position };
      default:
        return this.#failAtToken();
    }
  }

  /** A number that goes on in a way numbers do not. */
  #checkAfterNumber(number: string): void {
    const next = this.#text[this.#at];
    if (/^-?0$/.test(number) && /\d/.test(next ?? ''))
      this.#fail('Invalid numeric value: Leading zeroes not allowed');
    const reason = next === '.' ? 'Decimal point' : 'Exponent indicator';
    const isPoint = next === '.' && !/[.eE]/.test(number);
    const isExponent = /[eE]/.test(next ?? '') && !/[eE]/.test(number);
    if (!isPoint && !isExponent) return;
    this.#at++;
    if (isExponent && /[-+]/.test(this.#text[this.#at] ?? '')) this.#at++;
    if (this.#isAtEnd()) this.#fail('Unexpected end-of-input in Number value');
    this.#failAtCharacter(`${reason} not followed by a digit`, ' in numeric value');
  }

  #failAtSign(): never {
    if (this.#text[this.#at] === '+') {
      this.#at++;
      this.#failAfterPlus();
    }
    this.#at++;
    if (this.#isAtEnd()) this.#fail('Unexpected end-of-input in Number value');
    this.#failAtCharacter(
      'expected digit (0-9) to follow minus sign, for valid numeric value',
      ' in numeric value',
    );
  }

  #failAfterPlus(): never {
    this.#fail(
      `Unexpected character (${named('+')}) in numeric value: JSON spec does not allow numbers to ` +
        'have plus signs: enable `JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS` to allow',
    );
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0] ?? null;
  }

  #skipSpace(): void {
    for (; !this.#isAtEnd(); this.#at++) {
      const character = this.#text[this.#at];
      if (character === '\n') {
        // Only here: a string can't hold a bare line break.
        this.#line++;
        this.#lineStart = this.#at + 1;
      } else if (character !== ' ' && character !== '\r' && character !== '\t') return;
    }
  }

  #isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  #position(): JsonPosition {
    return { line: this.#line, column: this.#at - this.#lineStart + 1 };
  }

  #failAtToken(): never {
    const word = this.#match(this.#word);
    const isComment = this.#text[this.#at] === '/';
    if (word === 'NaN') {
      this.#at += word.length;
      this.#fail(
        "Non-standard token 'NaN': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow",
      );
    }
    const closed = CLOSERS.get(this.#text[this.#at] ?? '');
    if (closed !== undefined) {
      if (this.#depth > 0) this.#failAtCharacter('expected a value');
      this.#fail(
        `Unexpected close marker '${this.#text[this.#at] ?? ''}': no open ${closed} to close`,
      );
    }
    if (word === null)
      return this.#failAtCharacter(
        isComment ? COMMENT : `expected a valid value ${VALUE_EXPECTED}`,
      );
    return this.#fail(`Unrecognized token '${word}': was expecting ${VALUE_EXPECTED}`);
  }

  #failAtCharacter(expectation: string, where = ''): never {
    return this.#fail(
      `Unexpected character (${named(this.#text[this.#at] ?? '')})${where}: ${expectation}`,
    );
  }

  #failAtEnd(kind: string, start: JsonPosition): never {
    const message = `Unexpected end-of-input: expected close marker for ${kind}`;
    throw this.#error(message, start);
  }

  #fail(message: string): never {
    throw this.#error(message, null);
  }

  #error(message: string, opener: JsonPosition | null): JsonSyntaxError {
    const [keys, depth, isInString] = [[...this.#keys], this.#depth, this.#isInString];
    return new JsonSyntaxError(message, { ...this.#position(), opener, keys, depth, isInString });
  }
}

function named(character: string): string {
  if (character < ' ') return `(CTRL-CHAR, code ${character.charCodeAt(0)})`;
  return `'${character}' (code ${character.charCodeAt(0)})`;
}
