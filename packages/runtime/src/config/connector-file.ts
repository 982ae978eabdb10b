import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { ConnectError, type ConfigOrigins } from '@sluice/api';
import {
  JsonSyntaxError,
  parseJsonTree,
  type ConnectorConfigInput,
  type JsonNode,
  type TargetState,
} from '@sluice/rest';
import { fileOrigins } from './config-origins.ts';
import { jsonAdvice } from './json-advice.ts';
import { mistakenForm } from './mistaken-form.ts';
import {
  PropertiesSyntaxError,
  decodeProperties,
  parseProperties,
  propsOf,
} from './properties-file.ts';

/** What a connector file of the command line asks for. */
export interface ConnectorFile {
  readonly name: string;
  /** Holds `name`. A JSON null stays null: validation refuses it. */
  readonly config: ConnectorConfigInput;
  readonly targetState: TargetState;
  /** The line of each key; in JSON that of its value. */
  readonly origins: ConfigOrigins;
}

const TARGET_STATES: ReadonlyMap<string, TargetState> = new Map([
  ['RUNNING', 'STARTED'],
  ['PAUSED', 'PAUSED'],
  ['STOPPED', 'STOPPED'],
]);

/**
 * Reads a connector file: a flat JSON object with `name`, a JSON object `{name, config,
 * initial_state}`, or Java properties with `name` (R9.02).
 *
 * @throws ConnectError naming the file and, for syntax, line and column
 */
export async function readConnectorFile(path: string): Promise<ConnectorFile> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new ConnectError(`Can't read the connector file ${path}: ${reasonOf(error)}.`, {
      code: 'CONNECT_CONNECTOR_FILE',
      cause: error,
    });
  }
  return parseConnectorFile(decodeProperties(bytes), path);
}

/** As `readConnectorFile`, of a text; `path` is for the messages and its ending for the format. */
export function parseConnectorFile(text: string, path: string): ConnectorFile {
  try {
    return isJson(text, path) ? ofJson(parseJsonTree(text, true), path) : ofProperties(text, path);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError || error instanceof PropertiesSyntaxError)) throw error;
    const where = `${path}:${error.line}:${error.column}`;
    const advice = error instanceof JsonSyntaxError ? jsonAdvice(text, error) : '';
    throw fileError(
      `${where}: ${error.message}${begun(error)} ` +
        `(line ${error.line}, column ${error.column}).${advice}`,
      error,
    );
  }
}

// Java tries JSON first and reads what is none as properties; a broken JSON file then is a file
// without a name. No properties file begins with a brace.
function isJson(text: string, path: string): boolean {
  const start = text.trimStart();
  return start.startsWith('{') || start.startsWith('[') || extname(path).toLowerCase() === '.json';
}

function ofProperties(text: string, path: string): ConnectorFile {
  const entries = parseProperties(text);
  const config = propsOf(entries);
  const { name } = config;
  const form = config['connector.class'] === undefined ? mistakenForm(config, 'connector') : null;
  if (form !== null) throw fileError(`${path} is no connector's configuration. ${form}`);
  if (name === undefined) throw missingName(path, config);
  return { name, config, targetState: 'STARTED', origins: fileOrigins(path, entries) };
}

function ofJson(root: JsonNode, path: string): ConnectorFile {
  if (root.type !== 'object')
    throw fileError(
      `${path} must hold a JSON object, but holds ${describe(root)}` +
        `${root.type === 'array' ? ': give each connector a file of its own' : ''}.`,
    );
  const fields = new Map(root.entries.map(({ key, value }) => [key, value]));
  const isFlat = [...fields.values()].every(isScalar);
  if (!isFlat) return ofCreateRequest(fields, path);
  const config = scalars(fields, path);
  const name = config['name'] ?? null;
  if (name === null) throw missingName(path, config);
  return { name, config, targetState: 'STARTED', origins: fileOrigins(path, linesOf(fields)) };
}

/** Fields beside name, config and initial_state are ignored: people paste answers of the API. */
function ofCreateRequest(fields: ReadonlyMap<string, JsonNode>, path: string): ConnectorFile {
  const wrapped = fields.get('config');
  if (wrapped?.type !== 'object') {
    const [key, odd] = [...fields].find(([, value]) => !isScalar(value)) ?? ['config', wrapped];
    throw fileError(
      `${path}:${odd?.line}:${odd?.column}: "${key}" is ${describe(odd)}. A connector file is ` +
        'either a flat JSON object of strings with "name", or {"name": ..., "config": {...}}.',
    );
  }
  const inside = new Map(wrapped.entries.map(({ key, value }) => [key, value]));
  const config = scalars(inside, path);
  const name = scalar(fields.get('name'), 'name', path) ?? '';
  const inner = config['name'] ?? null;
  if (inner !== null && inner !== name) {
    const outer = fields.has('name')
      ? `"name" is "${name}"`
      : 'there is no "name" beside "config",';
    throw fileError(
      `${path}: ${outer} but "name" inside "config" is "${inner}": ` +
        'they must be equal, or the inner one left out.',
    );
  }
  return {
    name,
    config: inner === null ? { ...config, name } : config,
    targetState: targetState(scalar(fields.get('initial_state'), 'initial_state', path), path),
    origins: fileOrigins(path, [
      // The name counts for the config too, unless the config has its own.
      ...linesOf(fields).filter(({ key }) => key === 'name'),
      ...linesOf(inside),
    ]),
  };
}

function linesOf(fields: ReadonlyMap<string, JsonNode>): readonly { key: string; line: number }[] {
  return Array.from(fields, ([key, { line }]) => ({ key, line }));
}

function targetState(text: string | null, path: string): TargetState {
  const state = TARGET_STATES.get((text ?? 'RUNNING').toUpperCase());
  if (state !== undefined) return state;
  throw fileError(`${path}: "initial_state" is "${text}": use RUNNING, PAUSED or STOPPED.`);
}

function scalars(fields: ReadonlyMap<string, JsonNode>, path: string): ConnectorConfigInput {
  return Object.fromEntries([...fields].map(([key, value]) => [key, scalar(value, key, path)]));
}

function scalar(node: JsonNode | undefined, key: string, path: string): string | null {
  if (node === undefined) return null;
  if (!isScalar(node))
    throw fileError(
      `${path}:${node.line}:${node.column}: "${key}" is ${describe(node)}, but config values are ` +
        'strings, numbers or booleans.',
    );
  return node.type === 'null' ? null : node.text;
}

function isScalar(node: JsonNode): node is Exclude<JsonNode, { type: 'object' | 'array' }> {
  return node.type !== 'object' && node.type !== 'array';
}

function describe(node: JsonNode | undefined): string {
  if (node === undefined) return 'missing';
  return node.type === 'object' || node.type === 'array' ? `an ${node.type}` : `a ${node.type}`;
}

/** Where the object or array begins that has no end. */
function begun(error: JsonSyntaxError | PropertiesSyntaxError): string {
  const opener = error instanceof JsonSyntaxError ? error.opener : null;
  return opener === null ? '' : `, which begins at line ${opener.line}, column ${opener.column}`;
}

function missingName(path: string, config: ConnectorConfigInput): ConnectError {
  const isConnector = Object.hasOwn(config, 'connector.class');
  return fileError(
    `Connector configuration at '${path}' is missing the mandatory 'name' configuration: ` +
      (isConnector
        ? 'add a name of its own to it; over REST it can be sent as it is, with ' +
          'PUT /connectors/<name>/config.'
        : 'it has no "connector.class" either, and may be no connector file at all.'),
  );
}

function fileError(message: string, cause?: unknown): ConnectError {
  return new ConnectError(message, { code: 'CONNECT_CONNECTOR_FILE', cause });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return String(error);
  switch (error.code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
      return 'this user may not read it';
    case 'EISDIR':
      return 'it is a directory';
    default:
      return error.message;
  }
}
