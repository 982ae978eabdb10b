import { ConfigError } from '@sluice/api';

/** One login module of a section. */
export interface JaasEntry {
  /** The module's class. */
  readonly module: string;
  readonly flag: 'required' | 'requisite' | 'sufficient' | 'optional';
  readonly options: ReadonlyMap<string, string>;
}

const FLAGS = ['required', 'requisite', 'sufficient', 'optional'] as const;
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|#[^\n]*/;
const TOKEN = /"((?:[^"\\]|\\.)*)"|([^\s{}=;"]+)|([{}=;])/;
const PIECE = String.raw`\s+|${COMMENT.source}|${TOKEN.source}`;

/**
 * Reads a JAAS login configuration file: sections of login modules, each with a flag and options.
 * The text may hold secrets: no error repeats any of it.
 *
 * @param file its name, for messages
 * @throws ConfigError
 */
export function parseJaasFile(
  text: string,
  file: string,
): ReadonlyMap<string, readonly JaasEntry[]> {
  const tokens = tokenize(text, file);
  const sections = new Map<string, readonly JaasEntry[]>();
  while (tokens.length > 0) {
    const name = tokens.shift() ?? '';
    expect(tokens, '{', file);
    const entries: JaasEntry[] = [];
    while (tokens[0] !== '}') entries.push(entry(tokens, file));
    expect(tokens, '}', file);
    expect(tokens, ';', file);
    sections.set(name, entries);
  }
  return sections;
}

function entry(tokens: string[], file: string): JaasEntry {
  const module = tokens.shift();
  const flagText = tokens.shift()?.toLowerCase();
  const flag = FLAGS.find((one) => one === flagText);
  if (module === undefined || flag === undefined)
    throw malformed(file, `a login module has no flag, which is one of ${FLAGS.join(', ')}`);
  const options = new Map<string, string>();
  while (tokens[0] !== ';') {
    const [key, sign, value] = tokens.splice(0, 3);
    if (key === undefined || sign !== '=' || value === undefined)
      throw malformed(file, 'an option is not of the form key="value", or a semicolon is missing');
    options.set(key, value);
  }
  tokens.shift();
  return { module, flag, options };
}

function tokenize(text: string, file: string): string[] {
  const piece = new RegExp(PIECE, 'y');
  const tokens: string[] = [];
  for (let at = 0; at < text.length; ) {
    piece.lastIndex = at;
    const match = piece.exec(text);
    if (match === null) throw malformed(file, 'a quotation mark is not closed');
    const [whole, quoted, word, sign] = match;
    const token = quoted?.replaceAll(/\\(.)/gs, '$1') ?? word ?? sign;
    if (token !== undefined) tokens.push(token);
    at += whole.length;
  }
  return tokens;
}

function expect(tokens: string[], sign: string, file: string): void {
  if (tokens.shift() !== sign) throw malformed(file, `'${sign}' is missing`);
}

function malformed(file: string, what: string): ConfigError {
  return new ConfigError(`The JAAS file ${file} can't be read: ${what}.`);
}
