import { readFile } from 'node:fs/promises';
import {
  ConfigError,
  ConnectError,
  messageWithOrigin,
  nearestName,
  originsOf,
  type ConfigOrigins,
  type Props,
} from '@sluice/api';
import { CLIENT_KEYS } from './client-keys.ts';
import { effectiveOrigins, fileOrigins } from './config-origins.ts';
import { mistakenForm } from './mistaken-form.ts';
import {
  PropertiesSyntaxError,
  decodeProperties,
  parseProperties,
  propsOf,
} from './properties-file.ts';
import { STANDALONE_CONFIG, type StandaloneValues } from './worker-config-def.ts';
import { workerKeyRow } from './worker-key-table.ts';

/** A standalone worker's config, read and checked. */
export interface StandaloneConfig {
  /** As written, references to config providers resolved. */
  readonly props: Props;
  readonly values: StandaloneValues;
  /** What is doubtful but no error, one sentence each, for the log. */
  readonly warnings: readonly string[];
}

/** A worker's properties and where each was written. */
export interface WorkerFile {
  readonly props: Props;
  readonly origins: ConfigOrigins;
}

/**
 * Reads a worker's properties file. An empty path means empty properties, as in Java.
 *
 * @throws ConnectError naming the file and, for syntax, line and column
 */
export async function readWorkerFile(path: string): Promise<WorkerFile> {
  if (path === '') return { props: {}, origins: new Map() };
  try {
    const entries = parseProperties(decodeProperties(await readFile(path)));
    return { props: propsOf(entries), origins: fileOrigins(path, entries) };
  } catch (error) {
    throw new ConnectError(`Can't read the worker properties ${path}${reasonOf(path, error)}`, {
      code: 'CONNECT_WORKER_FILE',
      cause: error,
    });
  }
}

/**
 * Checks a standalone worker's properties.
 *
 * @param origins where they were written, for the warnings
 * @throws ConfigError naming the key, in its context too
 */
export function standaloneConfig(
  props: Props,
  origins: ConfigOrigins = new Map(),
): StandaloneConfig {
  const values = parsed(props);
  const warnings = doubtfulKeys(props).map(({ key, text }) =>
    messageWithOrigin(text, key, origins.get(key)),
  );
  if (values['sluice.config.strict'] && warnings.length > 0)
    throw new ConfigError(
      `sluice.config.strict=true and the worker properties are doubtful: ${warnings.join(' ')}`,
    );
  return { props, values, warnings };
}

/** A file that can't be used may be none of a worker, or wait to be filled in: that is told too. */
function parsed(props: Props): StandaloneValues {
  try {
    return STANDALONE_CONFIG.parse(props);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { message, code, context } = error;
    const advice = mistakenForm(props, 'worker') ?? unfilled(props[String(context['key'])]);
    if (advice === null) throw error;
    const end = message.endsWith('.') ? '' : '.';
    throw new ConfigError(`${message}${end} ${advice}`, { code, context, cause: error });
  }
}

/** A variable of a shell, a Compose file or a template that nobody replaced. */
function unfilled(value: string | undefined): string | null {
  return value !== undefined && /\$\w|\$\{[^:}]+(?::-[^}]*)?\}|\{\{/.test(value)
    ? 'It holds a variable, and those are not replaced here: put its value in before the worker ' +
        'starts, or refer to it as "${env:NAME}" with a config provider.'
    : null;
}

/** Where each value of a worker comes from that these properties make. */
export function workerOrigins({ props, origins }: WorkerFile): ConfigOrigins {
  const effective = effectiveOrigins(props, origins, props);
  return new Map([...effective, ...originsOf(STANDALONE_CONFIG, props, effective)]);
}

/**
 * What Java's worker would do with a key and this one does not, and keys that nobody knows, with the
 * one that was probably meant. Java ignores these silently.
 *
 * @throws ConfigError when going on without a key would be wrong or unsafe
 */
function doubtfulKeys(props: Props): readonly { readonly key: string; readonly text: string }[] {
  const known = [...STANDALONE_CONFIG.keys.keys(), ...CLIENT_KEYS];
  const knownSet = new Set(known);
  return Object.entries(props).flatMap(([key, value]) => {
    const row = workerKeyRow(key, value);
    if (row?.treatment === 'refused')
      throw new ConfigError(`The worker key "${key}" can't be honoured: ${row.note}. Remove it.`, {
        context: { key },
      });
    if (row?.treatment === 'warned')
      return [{ key, text: `The worker key "${key}" has no effect: ${row.note}.` }];
    if (row !== null || knownSet.has(key)) return [];
    const nearest = nearestName(key, known);
    const guess = nearest === null ? '' : `; did you mean "${nearest}"?`;
    const end = guess === '' ? '.' : guess;
    return [{ key, text: `The worker key "${key}" is not known and has no effect${end}` }];
  });
}

function reasonOf(path: string, error: unknown): string {
  if (error instanceof PropertiesSyntaxError)
    return (
      `: ${path}:${error.line}:${error.column}: ${error.message} ` +
      `(line ${error.line}, column ${error.column}).`
    );
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') return ': there is no such file.';
  if (code === 'EISDIR') return ': it is a directory.';
  if (code === 'EACCES') return ': this user may not read it.';
  return `: ${String(error)}`;
}
