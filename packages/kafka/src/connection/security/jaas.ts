import { ConfigError } from '../../errors/config-error.ts';

/** What `sasl.jaas.config` says. */
export interface JaasLogin {
  readonly loginModule: string;
  readonly options: ReadonlyMap<string, string>;
}

/** A quoted text (with backslash escapes), or a bare word, or one of the two signs. */
const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s=;"']+)|([=;]))/y;
const FLAGS = new Set(['required', 'requisite', 'sufficient', 'optional']);

/** Parses `Class flag key="value" ...;`. The text is a secret: no error repeats any of it. */
export function parseJaasConfig(text: string): JaasLogin {
  const tokens = tokenize(text);
  const [loginModule, flag] = tokens;
  if (loginModule === undefined || flag === undefined || !FLAGS.has(flag.toLowerCase())) {
    throw malformed('it does not begin with a login module and a flag like "required"');
  }
  const options = new Map<string, string>();
  let at = 2;
  while (at < tokens.length && tokens[at] !== ';') {
    const [key, sign, value] = tokens.slice(at, at + 3);
    if (key === undefined || sign !== '=' || value === undefined || value === ';') {
      throw malformed('an option is not of the form key="value"');
    }
    options.set(key, value);
    at += 3;
  }
  if (tokens[at] !== ';') throw malformed('it does not end with a semicolon');
  if (at !== tokens.length - 1) throw malformed('it has more than one login module');
  return { loginModule, options };
}

function tokenize(text: string): readonly string[] {
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  for (let at = 0; at < trimmed.length; ) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(trimmed);
    if (match === null) throw malformed('a quotation mark is not closed');
    const [whole, double, single, word, sign] = match;
    tokens.push((double ?? single)?.replaceAll(/\\(.)/g, '$1') ?? word ?? sign ?? '');
    at += whole.length;
  }
  return tokens;
}

function malformed(what: string): ConfigError {
  return new ConfigError(
    `Invalid value [hidden] for configuration sasl.jaas.config: ${what} ` +
      '(expected: <login module> required <key>="<value>" ... ;)',
  );
}
