import type { Schema } from '@sluice/api';
import type { JsonConverterConfig, JsonFormat } from './json-converter-config.ts';
import { jsonSchemaText } from './json-schema-writer.ts';
import { compileJsonWriter, type JsonWriter } from './json-writer.ts';
import { LruCache } from './lru-cache.ts';

/** Everything that writing the values of one schema takes. */
interface CompiledWriter {
  readonly schema: Schema | null;
  readonly write: JsonWriter;
  /** What stands before the payload and after it. */
  readonly head: string;
  readonly tail: string;
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
    const { head, write, tail } = this.#writerOf(schema);
    return Buffer.from(head + write(value) + tail, 'utf8');
  }

  #writerOf(schema: Schema | null): CompiledWriter {
    if (this.#last !== null && this.#last.schema === schema) return this.#last;
    const writer = this.#writers.get(schema) ?? this.#compile(schema);
    this.#last = writer;
    return writer;
  }

  #compile(schema: Schema | null): CompiledWriter {
    const head = `{"schema":${jsonSchemaText(schema, this.#format)},"payload":`;
    const writer = {
      schema,
      write: compileJsonWriter(schema, this.#format),
      head: this.#isEnvelope ? head : '',
      tail: this.#isEnvelope ? '}' : '',
    };
    this.#writers.set(schema, writer);
    return writer;
  }
}
