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
} from '../json/json-tree.ts';

/** The body of `POST /connectors`. Null stands for a missing field or a JSON null. */
export interface CreateConnectorRequest {
  readonly name: string | null;
  readonly config: ConnectorConfigInput | null;
  readonly initialState: TargetState | null;
}

/** A body that can't be bound. */
export class BodyError extends Error {
  constructor(message: string, position?: JsonPosition) {
    const where =
      position === undefined ? '' : `\n at [line: ${position.line}, column: ${position.column}]`;
    super(`${message}${where}`);
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
  if (root.type !== 'object') throw noCreator(root.type, root.text, root);
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
    else throw unknownField(key, value, path);
  }
  return request;
}

/** The body of `PUT /admin/loggers/{name}`: the text of `level`, or null. Other fields are ignored. */
export function bindLoggerLevel(body: string | null): string | null {
  return bindStringMap(body)?.['level'] ?? null;
}

function parse(body: string | null): JsonNode | null {
  if (body === null || body.length === 0) return null;
  try {
    const root = parseJsonTree(body);
    return root.type === 'null' ? null : root;
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new BodyError(error.message, error);
    throw error;
  }
}

function stringMap(node: JsonNode, path: string): ConnectorConfigInput {
  if (node.type === 'array') throw wrongType(STRING_MAP, node, path);
  if (node.type !== 'object')
    throw new BodyError(
      `Cannot construct instance of \`${MAP_CLASS}\` (although at least one Creator exists): ` +
        `no ${creatorOf(node.type)} to deserialize from ${node.type} value (${node.text})` +
        chain(path),
      node,
    );
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
      `${type}.${text.toUpperCase()}. Use RUNNING, PAUSED or STOPPED${chain(path)}`,
    node,
  );
}

function unknownField(key: string, node: JsonNode, path: string): BodyError {
  return new BodyError(
    `Unrecognized field "${key}" (class ${REQUEST_CLASS}), not marked as ignorable ` +
      `(${KNOWN_FIELDS})${chain(path)}`,
    node,
  );
}

function noCreator(type: string, text: string, position: JsonPosition): BodyError {
  return new BodyError(
    `Cannot construct instance of \`${REQUEST_CLASS}\` (although at least one Creator exists): ` +
      `no ${creatorOf(type)} to deserialize from ${type} value (${text})`,
    position,
  );
}

function creatorOf(type: string): string {
  return `${type}-argument constructor/factory method`;
}

function wrongType(type: string, node: JsonNode, path: string): BodyError {
  const found =
    node.type === 'object'
      ? 'Object value (token `JsonToken.START_OBJECT`)'
      : 'Array value (token `JsonToken.START_ARRAY`)';
  return new BodyError(
    `Cannot deserialize value of type \`${type}\` from ${found}${chain(path)}`,
    node,
  );
}

function chain(path: string): string {
  return path === '' ? '' : ` (through reference chain: ${path})`;
}
