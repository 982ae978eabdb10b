import { isUtf8 } from 'node:buffer';
import {
  CarefulJsonParser,
  DataError,
  getOwn,
  parseJson,
  type Schema,
  type SchemaAndValue,
} from '@sluice/api';
import { hasBytes, payloadOffset } from './envelope-bytes.ts';
import type { JsonConverterConfig, JsonFormat } from './json-converter-config.ts';
import { isJsonObject, type JsonReader, NeedsExactNumbers } from './json-node.ts';
import { JsonNumber } from './json-number.ts';
import { compileJsonReader } from './json-reader.ts';
import { readJsonSchema } from './json-schema-reader.ts';
import { LruCache } from './lru-cache.ts';

const CLOSING_BRACE = 0x7d;
const NOT_AN_ENVELOPE =
  'JsonConverter with schemas.enable requires "schema" and "payload" fields and may not contain ' +
  'additional fields. If you are trying to deserialize plain JSON data, set schemas.enable=false ' +
  'in your converter configuration.';

/** Everything that reading the messages of one envelope takes. */
interface CompiledReader {
  /** The bytes before the payload. */
  readonly head: Buffer;
  readonly schema: Schema;
  readonly read: JsonReader;
}

/** JSON to values. An envelope is recognised by its bytes, its schema read once. */
export class JsonDecoder {
  readonly #isEnvelope: boolean;
  readonly #format: JsonFormat;
  readonly #readers: LruCache<string, CompiledReader>;
  /** Reads every message, when the schema stands in the config. */
  readonly #fixed: CompiledReader | null;
  #last: CompiledReader | null = null;

  /** @throws DataError when `schema.content` is no schema */
  constructor(config: JsonConverterConfig, format: JsonFormat) {
    this.#isEnvelope = config['schemas.enable'];
    this.#format = format;
    this.#readers = new LruCache(config['schemas.cache.size']);
    const fixed = this.#readerOfContent(config['schema.content']);
    this.#fixed = this.#isEnvelope ? fixed : null;
  }

  /** The value of a message that is not a tombstone. @throws DataError with Java's texts */
  decode(bytes: Buffer, start: number, end: number): SchemaAndValue {
    if (!this.#isEnvelope) return { schema: null, value: readSchemaless(bytes, start, end) };
    if (this.#fixed !== null) return readFixed(this.#fixed, textOf(bytes, start, end));
    return (
      this.#readCompactEnvelope(bytes, start, end) ?? this.#readEnvelope(textOf(bytes, start, end))
    );
  }

  /** The usual case: a schema seen before, recognised by its bytes. `null` when it is not that. */
  #readCompactEnvelope(bytes: Buffer, start: number, end: number): SchemaAndValue | null {
    if (bytes[end - 1] !== CLOSING_BRACE) return null;
    const reader = this.#readerOfBytes(bytes, start, end);
    if (reader === null) return null;
    const text = textOf(bytes, start + reader.head.length, end - 1);
    let payload: unknown;
    try {
      payload = JSON.parse(text);
    } catch {
      // More than a payload, or not JSON: the whole message has to be looked at.
      return null;
    }
    return readPayload(reader, payload, text);
  }

  #readerOfBytes(bytes: Buffer, start: number, end: number): CompiledReader | null {
    const last = this.#last;
    if (last !== null && hasBytes(bytes, start, end, last.head)) return last;
    const offset = payloadOffset(bytes, start, end);
    if (offset === 0) return null;
    const key = bytes.toString('latin1', start, offset);
    const reader = this.#readers.get(key) ?? this.#compile(key, bytes, start, offset);
    this.#last = reader;
    return reader;
  }

  #compile(key: string, bytes: Buffer, start: number, offset: number): CompiledReader | null {
    const text = textOf(bytes, start + '{"schema":'.length, offset - ',"payload":'.length);
    const schema = readJsonSchema(parseExactly(text), this.#format);
    if (schema === null) return null;
    const read = compileJsonReader(schema, this.#format);
    // A copy: the message's own bytes belong to a fetch response, which must not be kept.
    const reader = { head: Buffer.from(bytes.subarray(start, offset)), schema, read };
    this.#readers.set(key, reader);
    return reader;
  }

  /** Any other spelling of an envelope. */
  #readEnvelope(text: string): SchemaAndValue {
    const json = isBlank(text) ? undefined : parseExactly(text);
    if (
      !isJsonObject(json) ||
      Object.keys(json).length !== 2 ||
      !Object.hasOwn(json, 'schema') ||
      !Object.hasOwn(json, 'payload')
    ) {
      throw new DataError(NOT_AN_ENVELOPE);
    }
    const schema = readJsonSchema(getOwn(json, 'schema'), this.#format);
    if (schema !== null) {
      return { schema, value: compileJsonReader(schema, this.#format)(getOwn(json, 'payload')) };
    }
    const plain = parseJson(text);
    return { schema, value: isJsonObject(plain) ? getOwn(plain, 'payload') : null };
  }

  /** Checked even where it is not used, as in Java. */
  #readerOfContent(content: string | null): CompiledReader | null {
    if (content === null || content === '') return null;
    const schema = readJsonSchema(parseContent(content), this.#format);
    if (schema === null) return null;
    return { head: Buffer.alloc(0), schema, read: compileJsonReader(schema, this.#format) };
  }
}

function readFixed(reader: CompiledReader, text: string): SchemaAndValue {
  if (isBlank(text)) return { schema: reader.schema, value: reader.read(null) };
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch {
    payload = parseExactly(text);
  }
  return readPayload(reader, payload, text);
}

function readPayload(reader: CompiledReader, payload: unknown, text: string): SchemaAndValue {
  try {
    return { schema: reader.schema, value: reader.read(payload) };
  } catch (error) {
    if (!(error instanceof NeedsExactNumbers)) throw error;
    return { schema: reader.schema, value: reader.read(parseExactly(text)) };
  }
}

function readSchemaless(bytes: Buffer, start: number, end: number): unknown {
  const text = textOf(bytes, start, end);
  if (isBlank(text)) return null;
  try {
    return parseJson(text);
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** Parsed JSON in which every number has all its digits. */
function parseExactly(text: string): unknown {
  try {
    return new CarefulJsonParser(text, (number) => new JsonNumber(number)).parse();
  } catch (cause) {
    throw unreadable(cause);
  }
}

function parseContent(content: string): unknown {
  try {
    return new CarefulJsonParser(content, (number) => new JsonNumber(number)).parse();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(
      `Failed to parse schema in converter config due to serialization error: ${reason}`,
      { cause },
    );
  }
}

function isBlank(text: string): boolean {
  return text === '' || (text.charCodeAt(0) <= 0x20 && text.trim() === '');
}

/** @throws DataError when the bytes are not UTF-8 */
function textOf(buffer: Buffer, start: number, end: number): string {
  const text = buffer.toString('utf8', start, end);
  // Decoding replaces what is wrong; only where a replacement shows up can anything be.
  if (text.includes('\ufffd') && !isUtf8(buffer.subarray(start, end))) {
    throw unreadable(new DataError('the bytes are not valid UTF-8'));
  }
  return text;
}

function unreadable(cause: unknown): DataError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `Converting byte[] to Kafka Connect data failed due to serialization error: ${reason}`;
  // Where in the text it is stays known (`offset`), without looking for it in the message.
  return new DataError(message, {
    cause,
    context: cause instanceof DataError ? cause.context : {},
  });
}
