import { ConfigError } from '@sluice/api';

/** One rule of `response.http.headers.config`. */
interface HeaderRule {
  readonly action: 'set' | 'add' | 'setDate' | 'addDate';
  readonly name: string;
  /** For dates the milliseconds from now. */
  readonly value: string;
}

/** What headers are put on: a server's response. */
interface HeaderTarget {
  setHeader(name: string, value: string): unknown;
  appendHeader(name: string, value: string): unknown;
}

const KEY = 'response.http.headers.config';
const ACTIONS = ['set', 'add', 'setDate', 'addDate'] as const;

/** Headers put on every answer, by Java's rules (R1.10). */
export class ResponseHeaders {
  readonly #rules: readonly HeaderRule[];

  /**
   * @param config e.g. `add X-XSS-Protection: 1, "set Cache-Control: no-cache, no-store"`
   * @throws ConfigError
   */
  constructor(config: string) {
    this.#rules = csvItems(config).map(parseRule);
  }

  /** Applies the rules, in their order. */
  apply(response: HeaderTarget, nowMs: number): void {
    for (const { action, name, value } of this.#rules) {
      const isDate = action === 'setDate' || action === 'addDate';
      const text = isDate ? new Date(nowMs + Number(value)).toUTCString() : value;
      if (action === 'set' || action === 'setDate') response.setHeader(name, text);
      else response.appendHeader(name, text);
    }
  }
}

function parseRule(config: string): HeaderRule {
  const [, action = '', pair] = /^(\S+)\s+(.*)$/s.exec(config) ?? [];
  if (pair === undefined)
    throw invalid(
      config,
      `Invalid format of header config '${config}'. Expected: '[action] [header name]:[header value]'`,
    );
  const known = ACTIONS.find((one) => one === action);
  if (known === undefined)
    throw invalid(
      config,
      `Invalid header config action: '${action}'. Expected one of [${ACTIONS.join(', ')}]`,
    );
  const colon = pair.indexOf(':');
  if (colon === -1)
    throw invalid(
      config,
      `Invalid format of header name and header value pair '${pair}'. ` +
        `Expected: '[header name]:[header value]'`,
    );
  const name = pair.slice(0, colon).trim();
  const value = pair.slice(colon + 1).trim();
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
    throw invalid(
      config,
      `Invalid header name '${name}'. The '[header name]' cannot contain whitespace`,
    );
  if (known.endsWith('Date') && !/^-?\d+$/.test(value))
    throw invalid(config, `'${value}' is no number of milliseconds, which ${known} needs`);
  return { action: known, name, value };
}

/** Items apart by commas; a quoted item may hold commas, and a quote doubled or behind a backslash. */
function csvItems(text: string): readonly string[] {
  const items = text.match(/(?:[^",]|"(?:[^"\\]|\\.|"")*"?)+/gs) ?? [];
  return items
    .map((item) =>
      item
        .trim()
        .replaceAll(/"((?:[^"\\]|\\.|"")*)"?/gs, (_whole, inner: string) =>
          inner.replaceAll('""', '"').replaceAll(/\\(.)/gs, '$1'),
        ),
    )
    .filter((item) => item !== '');
}

function invalid(config: string, reason: string): ConfigError {
  return ConfigError.ofValue(KEY, config, reason);
}
