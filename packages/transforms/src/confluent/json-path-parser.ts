import { ConfigError } from '@sluice/api';

/** A step of a path. */
export type PathStep =
  | { readonly type: 'members'; readonly names: readonly string[] }
  | { readonly type: 'items'; readonly indexes: readonly number[] }
  | { readonly type: 'slice'; readonly from: number | null; readonly to: number | null }
  | { readonly type: 'all' }
  | { readonly type: 'descend' }
  | { readonly type: 'filter'; readonly condition: Condition };

/** A condition in a filter. */
export type Condition =
  | { readonly type: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly type: 'not'; readonly inner: Condition }
  | { readonly type: 'exists'; readonly path: PathOperand }
  | {
      readonly type: 'compare';
      readonly operator: string;
      readonly left: Operand;
      readonly right: Operand;
    };

/** What a comparison compares. */
export type Operand = PathOperand | { readonly type: 'literal'; readonly value: unknown };

export interface PathOperand {
  readonly type: 'path';
  /** `$`: from the whole value; `@`: from what the filter looks at. */
  readonly root: '$' | '@';
  readonly steps: readonly PathStep[];
}

const OPERATORS = /==|!=|<=|>=|=~|<|>|(?:in|nin|contains|size|empty)\b/y;
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const NAME = /[^\s.[\]()'",|&!<>=~?:*@]+/y;

/**
 * Reads a JSONPath as Jayway's library writes them, filters included.
 *
 * @throws ConfigError that says where it could not go on
 */
export function parseJsonPath(text: string): PathOperand {
  const parser = new JsonPathParser(text);
  return parser.parse();
}

class JsonPathParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** `["a"]["b"]` without a root is accepted: documentation shows it. */
  parse(): PathOperand {
    const root = this.#take('@') ? '@' : '$';
    if (root === '$') this.#take('$');
    const steps = this.#steps();
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#error('the end is missing');
    return { type: 'path', root, steps };
  }

  #steps(): readonly PathStep[] {
    const steps: PathStep[] = [];
    for (;;) {
      if (this.#take('..')) {
        steps.push({ type: 'descend' });
        if (!this.#looksAt('[')) steps.push(this.#named());
      } else if (this.#take('.')) steps.push(this.#named());
      else if (this.#take('[')) steps.push(this.#bracket());
      else return steps;
    }
  }

  #named(): PathStep {
    if (this.#take('*')) return { type: 'all' };
    return { type: 'members', names: [this.#match(NAME, 'a name')] };
  }

  #bracket(): PathStep {
    this.#skipSpace();
    const step = this.#bracketContent();
    this.#expect(']');
    return step;
  }

  #bracketContent(): PathStep {
    if (this.#take('*')) return { type: 'all' };
    if (this.#take('?')) {
      this.#expect('(');
      const condition = this.#or();
      this.#expect(')');
      return { type: 'filter', condition };
    }
    if (this.#looksAt("'") || this.#looksAt('"')) {
      return { type: 'members', names: this.#list(() => this.#quoted()) };
    }
    const first = this.#looksAt(':') ? null : this.#index();
    if (!this.#take(':')) {
      const more = this.#take(',') ? this.#list(() => this.#index()) : [];
      return { type: 'items', indexes: [first ?? 0, ...more] };
    }
    return { type: 'slice', from: first, to: this.#looksAt(']') ? null : this.#index() };
  }

  #or(): Condition {
    let left = this.#and();
    while (this.#take('||')) left = { type: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Condition {
    let left = this.#unary();
    while (this.#take('&&')) left = { type: 'and', left, right: this.#unary() };
    return left;
  }

  #unary(): Condition {
    if (this.#looksAt('!') && !this.#looksAt('!=')) {
      this.#take('!');
      return { type: 'not', inner: this.#unary() };
    }
    if (!this.#take('(')) return this.#comparison();
    const inner = this.#or();
    this.#expect(')');
    return inner;
  }

  #comparison(): Condition {
    const left = this.#operand();
    this.#skipSpace();
    const operator = this.#tryMatch(OPERATORS);
    if (operator !== null) return { type: 'compare', operator, left, right: this.#operand() };
    if (left.type === 'path') return { type: 'exists', path: left };
    throw this.#error('a comparison is missing');
  }

  #operand(): Operand {
    this.#skipSpace();
    for (const root of ['@', '$'] as const) {
      if (this.#take(root)) return { type: 'path', root, steps: this.#steps() };
    }
    return { type: 'literal', value: this.#literal() };
  }

  #literal(): unknown {
    if (this.#looksAt("'") || this.#looksAt('"')) return this.#quoted();
    if (this.#take('[')) {
      const items = this.#looksAt(']') ? [] : this.#list(() => this.#literal());
      this.#expect(']');
      return items;
    }
    if (this.#looksAt('/')) return this.#regex();
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.#take(word)) return value;
    }
    return Number(this.#match(NUMBER, 'a value'));
  }

  #regex(): RegExp {
    const [, source = '', flags = ''] = this.#exec(/\/((?:[^/\\]|\\.)*)\/([a-z]*)/y) ?? [];
    try {
      return new RegExp(source, flags.replaceAll(/[^imsu]/g, ''));
    } catch {
      throw this.#error('a regular expression that can be read is missing');
    }
  }

  #quoted(): string {
    const quoted = this.#exec(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/y);
    if (quoted === null) throw this.#error('a quote is not closed');
    return (quoted[1] ?? quoted[2] ?? '').replaceAll(/\\(.)/g, '$1');
  }

  #index(): number {
    this.#skipSpace();
    return Number(this.#match(/-?[0-9]+/y, 'an index'));
  }

  #list<T>(read: () => T): readonly T[] {
    const items: T[] = [];
    do {
      this.#skipSpace();
      items.push(read());
      this.#skipSpace();
    } while (this.#take(','));
    return items;
  }

  #skipSpace(): void {
    while (this.#text[this.#at] === ' ') this.#at++;
  }

  #looksAt(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #take(text: string): boolean {
    if (text !== '.' && text !== '..' && text !== '[') this.#skipSpace();
    if (!this.#looksAt(text)) return false;
    this.#at += text.length;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#error(`"${text}" is missing`);
  }

  #exec(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at;
    const match = expression.exec(this.#text);
    if (match !== null) this.#at += match[0].length;
    return match;
  }

  #tryMatch(expression: RegExp): string | null {
    return this.#exec(expression)?.[0] ?? null;
  }

  #match(expression: RegExp, what: string): string {
    const found = this.#tryMatch(expression);
    if (found === null) throw this.#error(`${what} is missing`);
    return found;
  }

  #error(what: string): ConfigError {
    return new ConfigError(`Invalid JSON path: ${what} at position ${this.#at} of ${this.#text}`);
  }
}
