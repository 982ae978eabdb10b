import {
  type ByteSink,
  type Converter,
  type ConverterPlugin,
  DataError,
  type HeaderConverterPlugin,
  javaClassOf,
  type Schema,
  type SchemaAndValue,
} from '@sluice/api';
import { asBuffer } from './as-buffer.ts';
import { CONVERTER_CONFIG } from './converter-config.ts';
import { HeaderAdapter } from './header-adapter.ts';
import { PLUGIN_VERSION } from './plugin-version.ts';

/** How one kind of number stands in bytes, big-endian. */
export interface NumberFormat {
  /** Java's name of it, for error texts: `long`. */
  readonly typeName: string;
  readonly size: 2 | 4 | 8;
  /** The schema of what is read; always optional. */
  readonly schema: Schema;
  /** Writes `size` bytes at a place; `false` when the value is no number of this kind. */
  write(target: Buffer, at: number, value: unknown): boolean;
  read(source: Buffer, at: number): unknown;
}

/**
 * Numbers as fixed-width bytes; the schema is ignored when writing. Mirrors
 * `org.apache.kafka.connect.converters.NumberConverter`.
 */
export class NumberConverter implements Converter {
  readonly #format: NumberFormat;

  constructor(format: NumberFormat) {
    this.#format = format;
  }

  configure(): void {}

  fromConnectData(_topic: string, schema: Schema | null, value: unknown): Uint8Array | null {
    if (value === null || value === undefined) return null;
    const bytes = Buffer.alloc(this.#format.size);
    this.#write(bytes, 0, schema, value);
    return bytes;
  }

  encodeInto(_topic: string, schema: Schema | null, value: unknown, sink: ByteSink): boolean {
    if (value === null || value === undefined) return false;
    sink.reserve(this.#format.size);
    this.#write(sink.bytes, sink.end, schema, value);
    sink.end += this.#format.size;
    return true;
  }

  toConnectData(topic: string, bytes: Uint8Array | null): SchemaAndValue {
    if (bytes === null) return { schema: this.#format.schema, value: null };
    return this.decodeRange(topic, asBuffer(bytes), 0, bytes.length);
  }

  decodeRange(_topic: string, bytes: Buffer, start: number, end: number): SchemaAndValue {
    const { schema, size, typeName } = this.#format;
    if (end - start !== size) {
      throw new DataError(
        `Failed to deserialize ${typeName}: Size of data received is ${end - start}, not ${size}`,
      );
    }
    return { schema, value: this.#format.read(bytes, start) };
  }

  #write(target: Buffer, at: number, schema: Schema | null, value: unknown): void {
    const { typeName } = this.#format;
    if (this.#format.write(target, at, value)) return;
    throw new DataError(
      `Failed to serialize to ${typeName} (was class ${javaClassOf(value, schema)}): `,
    );
  }
}

/** The two plug-ins of a number format. */
export function numberPlugins(
  simpleName: string,
  format: NumberFormat,
): { readonly converter: ConverterPlugin; readonly headerConverter: HeaderConverterPlugin } {
  const about = {
    className: `org.apache.kafka.connect.converters.${simpleName}`,
    version: PLUGIN_VERSION,
    config: CONVERTER_CONFIG,
  } as const;
  return {
    converter: { ...about, type: 'converter', create: () => new NumberConverter(format) },
    headerConverter: {
      ...about,
      type: 'header_converter',
      create: () => new HeaderAdapter(new NumberConverter(format)),
    },
  };
}

/** Whether a value is an integer of so many bits. */
export function isIntegerOf(bits: 16 | 32, value: unknown): value is number {
  const max = 2 ** (bits - 1) - 1;
  return typeof value === 'number' && Number.isInteger(value) && value <= max && value >= -max - 1;
}
