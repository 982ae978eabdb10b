import {
  DataError,
  Float64,
  INT64_MAX,
  INT64_MIN,
  getOwn,
  int64,
  isInt64Number,
  parseJson,
} from '@sluice/api';
import { isObjectValue, type PlainObject } from '../record/requirements.ts';
import type { BsonDocument, BsonNode, BsonScalar } from './bson-node.ts';

const INT32_MAX = 2 ** 31 - 1;
const MILLIS_PER_SECOND = 1000;
/** Documents of MongoDB nest 100 levels at most; deeper text is nobody's document. */
const DEPTH_MAX = 200;

/**
 * Reads a document of MongoDB's extended JSON: versions 1 and 2, canonical and relaxed.
 * The notation of MongoDB's shell (`ObjectId(...)`) is not among what connectors send.
 *
 * @throws DataError when the text is no such document
 */
export function parseExtendedJson(text: string): BsonDocument {
  const node = nodeOf(readJson(text), 0);
  if (node.type === 'document') return node;
  throw new DataError(`Can't read a MongoDB document: it is no JSON object but a ${node.type}.`);
}

/** As {@link parseExtendedJson}, for a value of any kind. */
export function parseExtendedJsonValue(text: string): BsonNode {
  return nodeOf(readJson(text), 0);
}

function readJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`Can't read a MongoDB document: ${reason}`, { cause });
  }
}

function nodeOf(json: unknown, depth: number): BsonNode {
  if (depth > DEPTH_MAX) {
    throw new DataError(`Can't read a MongoDB document of more than ${DEPTH_MAX} levels.`);
  }
  if (json === null) return { type: 'null' };
  if (typeof json === 'string') return { type: 'string', value: json };
  if (typeof json === 'boolean') return { type: 'boolean', value: json };
  if (Array.isArray(json)) {
    return { type: 'array', items: json.map((item) => nodeOf(item, depth + 1)) };
  }
  if (!isObjectValue(json)) return numberNode(json);
  const names = Object.keys(json);
  const [first] = names;
  if (first?.startsWith('$') === true) {
    const special = specialNode(first, json, depth);
    if (special !== null) return special;
  }
  const members = names.map((name) => ({ name, node: nodeOf(json[name], depth + 1) }));
  return { type: 'document', members };
}

function numberNode(json: unknown): BsonNode {
  if (json instanceof Float64) return { type: 'double', value: json.value };
  if (typeof json === 'number' && !isInt64Number(json)) return { type: 'double', value: json };
  if (typeof json === 'number' && json <= INT32_MAX && json >= -INT32_MAX - 1) {
    return { type: 'int32', value: json };
  }
  return { type: 'int64', value: longOf(json) };
}

/** What an object stands for whose first name says so; `null` for a document after all. */
function specialNode(name: string, json: PlainObject, depth: number): BsonNode | null {
  const value = json[name];
  switch (name) {
    case '$oid':
    case '$numberDecimal':
      return typeof value === 'string' ? { type: 'string', value } : null;
    case '$numberLong':
      return { type: 'int64', value: longOf(value) };
    case '$numberInt':
      return { type: 'int32', value: Number(longOf(value)) };
    case '$numberDouble':
      return { type: 'double', value: doubleOf(value) };
    case '$date':
      return { type: 'timestamp', value: dateOf(value) };
    case '$timestamp':
      return isObjectValue(value) ? timestampNode(value) : null;
    case '$binary':
    case '$uuid':
    case '$type':
      return bytesNode(json);
    case '$regex':
    case '$options':
      return regexNode(getOwn(json, '$regex'), getOwn(json, '$options'));
    case '$regularExpression':
      return isObjectValue(value) ? regexNode(value['pattern'], value['options']) : null;
    case '$code':
      return codeNode(value, getOwn(json, '$scope'), depth);
    case '$undefined':
      return { type: 'undefined' };
    case '$minKey':
    case '$maxKey':
    case '$symbol':
    case '$dbPointer':
      throw new DataError(`Connect has no type for ${name} of a MongoDB document.`);
    default:
      return null;
  }
}

/** @throws DataError for what is no integer of 64 bits */
function longOf(value: unknown): number | bigint {
  const isInteger =
    typeof value === 'bigint' ||
    Number.isSafeInteger(value) ||
    (typeof value === 'string' && /^[+-]?\d{1,19}$/.test(value));
  const read = isInteger ? BigInt(String(value).replace(/^\+/, '')) : null;
  if (read !== null && read <= INT64_MAX && read >= INT64_MIN) return int64(read);
  throw new DataError(`Can't read "${textOf(value)}" of a MongoDB document as an integer.`);
}

function doubleOf(value: unknown): number {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : numberOf(value);
  if (!Number.isNaN(read) || value === 'NaN') return read;
  throw new DataError(`Can't read "${textOf(value)}" of a MongoDB document as a double.`);
}

function numberOf(value: unknown): number {
  if (value instanceof Float64) return value.value;
  return typeof value === 'number' ? value : Number.NaN;
}

function dateOf(value: unknown): Date {
  const inner = isObjectValue(value) ? getOwn(value, '$numberLong') : value;
  const isText = typeof inner === 'string' && !isObjectValue(value);
  const date = new Date(isText ? inner : Number(longOf(inner)));
  if (!Number.isNaN(date.getTime())) return date;
  throw new DataError(`Can't read "${textOf(inner)}" of a MongoDB document as a date.`);
}

function timestampNode(value: PlainObject): BsonScalar {
  const seconds = Number(longOf(getOwn(value, 't')));
  return { type: 'timestamp', value: new Date(MILLIS_PER_SECOND * seconds) };
}

function bytesNode(json: PlainObject): BsonScalar | null {
  const uuid = getOwn(json, '$uuid');
  if (typeof uuid === 'string') {
    return { type: 'bytes', value: Buffer.from(uuid.replaceAll('-', ''), 'hex') };
  }
  const binary = getOwn(json, '$binary');
  const text = isObjectValue(binary) ? getOwn(binary, 'base64') : binary;
  return typeof text === 'string' ? { type: 'bytes', value: Buffer.from(text, 'base64') } : null;
}

function regexNode(pattern: unknown, options: unknown): BsonNode | null {
  if (typeof pattern !== 'string') return null;
  return { type: 'regex', pattern, options: typeof options === 'string' ? options : '' };
}

/** Code alone is text; code with a scope becomes a document of both. */
function codeNode(code: unknown, scope: unknown, depth: number): BsonNode | null {
  if (typeof code !== 'string') return null;
  const text: BsonNode = { type: 'string', value: code };
  if (scope === undefined) return text;
  const members = [
    { name: 'code', node: text },
    { name: 'scope', node: nodeOf(scope, depth + 1) },
  ];
  return { type: 'document', members };
}

/** Only what is short: an error is no place for a document. */
function textOf(value: unknown): string {
  const isShort = typeof value === 'string' || typeof value === 'number';
  return isShort ? String(value).slice(0, 40) : typeof value;
}
