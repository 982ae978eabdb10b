/**
 * Request bodies, bound as Jackson binds them to Java's request classes: scalars of any kind become
 * strings, a repeated key keeps its last value, an unknown field or a wrong shape is an error. Such
 * an error is answered with 500, not 400 (R1.03), in words that clients look for.
 */
import type { ConnectorConfigInput } from '../../contract/connector-config.ts';
import type { TargetState } from '../../contract/wire.ts';
import { JsonSyntaxError, type JsonPosition } from '../../json/json-syntax-error.ts';
import { parseJsonTree, type JsonNode, type JsonScalarNode } from '../../json/json-tree.ts';

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
const REQUEST_FIELDS: ReadonlySet<string> = new Set(['name', 'config', 'initial_state']);
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
  const root = parseBody(body);
  return root === null ? null : boundStringMap(root, '');
}

/**
 * A create request; `null` for an empty body or a JSON null.
 *
 * @throws BodyError
 */
export function bindCreateRequest(body: string | null): CreateConnectorRequest | null {
  const root = parseBody(body, REQUEST_CLASS);
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
      request.config = value.type === 'null' ? null : boundStringMap(value, path);
    else if (key === 'initial_state') request.initialState = initialState(value, path);
    else throw unknownField(key, REQUEST_CLASS, KNOWN_FIELDS, root.end, path);
  }
  return request;
}

/**
 * The body of `PUT /admin/loggers/{name}`: the text of `level`, or null. Others are ignored.
 *
 * @throws BodyError also when there is none
 */
export function bindLoggerLevel(body: string | null): string | null {
  const map = bindStringMap(body);
  if (map === null) throw new BodyError('The request has no body: PUT {"level": "..."}.');
  return map['level'] ?? null;
}

/**
 * The body as a tree; null for an empty body or a JSON null.
 *
 * @param type the class that it is bound to, for what Jackson says of mistakes
 * @throws BodyError
 */
export function parseBody(body: string | null, type = MAP_CLASS): JsonNode | null {
  if (body === null || body.trim() === '') return null;
  try {
    const root = parseJsonTree(body);
    return root.type === 'null' ? null : root;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const { opener } = error;
    const start = opener === null ? '' : ` (start marker${atSource(opener)})`;
    const message = error.message.replace(
      /(found after value): not allowed$/,
      `$1 (bound as \`${type}\`): not allowed as per ` +
        '`DeserializationFeature.FAIL_ON_TRAILING_TOKENS`',
    );
    throw new BodyError(message + start, error, chainOf(error, type));
  }
}

/** Jackson names the member that it was reading, once it has begun to. */
function chainOf({ keys, depth, isInString }: JsonSyntaxError, type: string): string {
  const [first] = keys;
  if (first === undefined || (depth < 2 && !isInString)) return '';
  const isUnknown = type === REQUEST_CLASS && !REQUEST_FIELDS.has(first);
  return isUnknown ? '' : `${type}["${first}"]`;
}

/** How Jackson tells a place: it hides the text itself. */
function atSource({ line, column }: JsonPosition): string {
  const hidden = 'REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)';
  return ` at [Source: ${hidden}; line: ${line}, column: ${column}]`;
}

/**
 * The same of a part of a body. @param path where it stands, as Jackson's reference chain
 *
 * @throws BodyError
 */
export function boundStringMap(node: JsonNode, path: string): ConnectorConfigInput {
  if (node.type === 'string') throw noCreator(MAP_CLASS, node, path);
  if (node.type !== 'object') throw wrongType(STRING_MAP, node, path);
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
  const type = `${REQUEST_CLASS}$InitialState`;
  if (node.type === 'object' || node.type === 'array') throw wrongType(type, node, path);
  if (node.type === 'null') return null;
  const { text } = node;
  const state = INITIAL_STATES.get(text.toUpperCase());
  if (state !== undefined) return state;
  throw new BodyError(
    `Cannot construct instance of \`${type}\`, problem: No enum constant ` +
      `${REQUEST_CLASS}.InitialState.${text.toUpperCase()}`,
    node,
    path,
  );
}

/** A field that the class does not have. @param known as Jackson lists the fields it has */
export function unknownField(
  key: string,
  type: string,
  known: string,
  position: JsonPosition,
  path: string,
): BodyError {
  return new BodyError(
    `Unrecognized field "${key}" (class ${type}), not marked as ignorable (${known})`,
    position,
    path,
  );
}

/** A scalar where an object of a class should be. */
export function noCreator(type: string, node: JsonScalarNode, path: string): BodyError {
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

/** A value of another kind than the class is made from. */
export function wrongType(type: string, node: JsonNode, path: string): BodyError {
  return new BodyError(
    `Cannot deserialize value of type \`${type}\` from ${foundWords(node)}`,
    node,
    path,
  );
}

function foundWords(node: JsonNode): string {
  const isInteger = node.type === 'number' && /^-?\d+$/.test(node.text);
  switch (node.type) {
    case 'object':
      return 'Object value (token `JsonToken.START_OBJECT`)';
    case 'array':
      return 'Array value (token `JsonToken.START_ARRAY`)';
    case 'string':
      return 'String value (token `JsonToken.VALUE_STRING`)';
    case 'number':
      return isInteger
        ? 'Integer value (token `JsonToken.VALUE_NUMBER_INT`)'
        : 'Floating-point value (token `JsonToken.VALUE_NUMBER_FLOAT`)';
    case 'boolean':
      return `Boolean value (token \`JsonToken.VALUE_${node.text.toUpperCase()}\`)`;
    default:
      return 'Null value (token `JsonToken.VALUE_NULL`)';
  }
}
