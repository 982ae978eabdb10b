import type { Schema } from '@sluice/api';
import type { JsonConverterConfig, JsonFormat } from './json-converter-config.ts';
import { jsonSchemaText } from './json-schema-writer.ts';
import type { JsonWriter } from './json-text-writer.ts';
import { compileJsonWriter } from './json-writer.ts';
import { LruCache } from './lru-cache.ts';

const CLOSING_BRACE = 0x7d;

/** Everything that writing the values of one schema takes. */
interface CompiledWriter {
  readonly schema: Schema | null;
  readonly write: JsonWriter;
  /** What stands before the payload; `null` when there is no envelope. */
  readonly head: Buffer | null;
}

/** Values to JSON; a schema is translated once and kept by identity. */
export class JsonEncoder {
  readonly #isEnvelope: boolean;
  readonly #format: JsonFormat;
  readonly #writers: LruCache<Schema | null, CompiledWriter>;
  #last: CompiledWriter | null = null;

  constructor(config: JsonConverterConfig, format: JsonFormat) {
    this.#isEnvelope = config['schemas.enable'];
    this.#format = format;
    this.#writers = new LruCache(config['schemas.cache.size']);
  }

  /** The message for a value that is not a tombstone. */
  encode(schema: Schema | null, value: unknown): Uint8Array {
    const { head, write } = this.#writerOf(schema);
    const payload = write(value);
    if (head === null) return Buffer.from(payload, 'utf8');
    const end = head.length + Buffer.byteLength(payload, 'utf8');
    const message = Buffer.allocUnsafe(end + 1);
    message.set(head, 0);
    message.write(payload, head.length, 'utf8');
    message[end] = CLOSING_BRACE;
    return message;
  }

  #writerOf(schema: Schema | null): CompiledWriter {
    if (this.#last !== null && this.#last.schema === schema) return this.#last;
    const writer = this.#writers.get(schema) ?? this.#compile(schema);
    this.#last = writer;
    return writer;
  }

  #compile(schema: Schema | null): CompiledWriter {
    const write = compileJsonWriter(schema, this.#format);
    const writer = { schema, write, head: this.#isEnvelope ? this.#headOf(schema) : null };
    this.#writers.set(schema, writer);
    return writer;
  }

  #headOf(schema: Schema | null): Buffer {
    return Buffer.from(`{"schema":${jsonSchemaText(schema, this.#format)},"payload":`, 'utf8');
  }
}
