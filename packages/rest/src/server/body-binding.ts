/**
 * Request bodies, bound as Jackson binds them to Java's request classes: scalars of any kind become
 * strings, a repeated key keeps its last value, an unknown field or a wrong shape is an error. Such
 * an error is answered with 500, not 400 (R1.03), in words that clients look for.
 */
import type { ConnectorConfigInput } from '../contract/herder.ts';
import type { TargetState } from '../contract/wire.ts';
import {
  JsonSyntaxError,
  parseJsonTree,
  type JsonNode,
  type JsonPosition,
  type JsonScalarNode,
} from '../json/json-tree.ts';

/** The body of `POST /connectors`. Null stands for a missing field or a JSON null. */
export interface CreateConnectorRequest {
  readonly name: string | null;
  readonly config: ConnectorConfigInput | null;
  readonly initialState: TargetState | null;
}

/** A body that can't be bound. */
export class BodyError extends Error {
  /** @param path where in the body, as Jackson's reference chain; empty at its root */
  constructor(message: string, position?: JsonPosition, path = '') {
    const where = position === undefined ? '' : `\n${atSource(position)}`;
    const chain = path === '' ? '' : ` (through reference chain: ${path})`;
    super(`${message}${where}${chain}`);
    this.name = 'BodyError';
  }
}

const REQUEST_CLASS = 'org.apache.kafka.connect.runtime.rest.entities.CreateConnectorRequest';
const MAP_CLASS = 'java.util.LinkedHashMap';
const STRING_MAP = `${MAP_CLASS}<java.lang.String,java.lang.String>`;
const KNOWN_FIELDS = '3 known properties: "config", "name", "initial_state"';

/** The values of `initial_state` (KIP-980), in any case, and the target state each asks for. */
const INITIAL_STATES: ReadonlyMap<string, TargetState> = new Map([
  ['RUNNING', 'STARTED'],
  ['PAUSED', 'PAUSED'],
  ['STOPPED', 'STOPPED'],
]);

/**
 * A flat map of strings; `null` for an empty body or a JSON null.
 *
 * @throws BodyError
 */
export function bindStringMap(body: string | null): ConnectorConfigInput | null {
  const root = parse(body);
  return root === null ? null : stringMap(root, '');
}

/**
 * A create request; `null` for an empty body or a JSON null.
 *
 * @throws BodyError
 */
export function bindCreateRequest(body: string | null): CreateConnectorRequest | null {
  const root = parse(body);
  if (root === null) return null;
  if (root.type === 'array') throw wrongType(REQUEST_CLASS, root, '');
  if (root.type !== 'object') throw noCreator(REQUEST_CLASS, root, '');
  const request: { -readonly [K in keyof CreateConnectorRequest]: CreateConnectorRequest[K] } = {
    name: null,
    config: null,
    initialState: null,
  };
  for (const { key, value } of root.entries) {
    const path = `${REQUEST_CLASS}["${key}"]`;
    if (key === 'name') request.name = stringOrNull(value, path);
    else if (key === 'config')
      request.config = value.type === 'null' ? null : stringMap(value, path);
    else if (key === 'initial_state') request.initialState = initialState(value, path);
    else throw unknownField(key, root.end, path);
  }
  return request;
}

/** The body of `PUT /admin/loggers/{name}`: the text of `level`, or null. Others are ignored. */
export function bindLoggerLevel(body: string | null): string | null {
  return bindStringMap(body)?.['level'] ?? null;
}

function parse(body: string | null): JsonNode | null {
  if (body === null || body.length === 0) return null;
  try {
    const root = parseJsonTree(body);
    return root.type === 'null' ? null : root;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const { message, opener } = error;
    const start = opener === null ? '' : ` (start marker${atSource(opener)})`;
    throw new BodyError(message + start, error);
  }
}

/** How Jackson tells a place: it hides the text itself. */
function atSource({ line, column }: JsonPosition): string {
  const hidden = 'REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)';
  return ` at [Source: ${hidden}; line: ${line}, column: ${column}]`;
}

function stringMap(node: JsonNode, path: string): ConnectorConfigInput {
  if (node.type === 'array') throw wrongType(STRING_MAP, node, path);
  if (node.type !== 'object') throw noCreator(MAP_CLASS, node, path);
  const entries = node.entries.map(({ key, value }): [string, string | null] => {
    const entryPath = `${path === '' ? '' : `${path}->`}${MAP_CLASS}["${key}"]`;
    return [key, stringOrNull(value, entryPath)];
  });
  // fromEntries makes own properties even of `__proto__`.
  return Object.fromEntries(entries);
}

function stringOrNull(node: JsonNode, path: string): string | null {
  if (node.type === 'object' || node.type === 'array')
    throw wrongType('java.lang.String', node, path);
  return node.type === 'null' ? null : node.text;
}

function initialState(node: JsonNode, path: string): TargetState | null {
  const text = stringOrNull(node, path);
  if (text === null) return null;
  const state = INITIAL_STATES.get(text.toUpperCase());
  if (state !== undefined) return state;
  const type = `${REQUEST_CLASS}.InitialState`;
  throw new BodyError(
    `Cannot construct instance of \`${REQUEST_CLASS}$InitialState\`, problem: No enum constant ` +
      `${type}.${text.toUpperCase()}`,
    node,
    path,
  );
}

function unknownField(key: string, position: JsonPosition, path: string): BodyError {
  return new BodyError(
    `Unrecognized field "${key}" (class ${REQUEST_CLASS}), not marked as ignorable ` +
      `(${KNOWN_FIELDS})`,
    position,
    path,
  );
}

function noCreator(type: string, node: JsonScalarNode, path: string): BodyError {
  const [argument, value] = CREATOR_WORDS[node.type](node.text);
  return new BodyError(
    `Cannot construct instance of \`${type}\` (although at least one Creator exists): ` +
      `no ${argument}-argument constructor/factory method to deserialize from ${value}`,
    node,
    path,
  );
}

type CreatorWords = (text: string) => readonly [string, string];

/** What Jackson looked for and what it found, by the kind of scalar. */
const CREATOR_WORDS: Readonly<Record<JsonScalarNode['type'], CreatorWords>> = {
  string: (text) => ['String', `String value ('${text}')`],
  number: (text) => [/^-?\d+$/.test(text) ? 'int/Int' : 'double/Double', `Number value (${text})`],
  boolean: (text) => ['boolean/Boolean', `boolean value (${text})`],
  null: (text) => ['', text],
};

function wrongType(type: string, node: JsonNode, path: string): BodyError {
  const found =
    node.type === 'object'
      ? 'Object value (token `JsonToken.START_OBJECT`)'
      : 'Array value (token `JsonToken.START_ARRAY`)';
  return new BodyError(`Cannot deserialize value of type \`${type}\` from ${found}`, node, path);
}
