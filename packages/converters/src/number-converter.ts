import {
  type Converter,
  type ConverterPlugin,
  DataError,
  type HeaderConverterPlugin,
  javaClassOf,
  type Schema,
  type SchemaAndValue,
} from '@sluice/api';
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
  /** `false` when the value is no number of this kind. */
  write(target: DataView, value: unknown): boolean;
  read(source: DataView): unknown;
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
    const { size, typeName } = this.#format;
    const bytes = Buffer.alloc(size);
    if (this.#format.write(new DataView(bytes.buffer, bytes.byteOffset, size), value)) return bytes;
    throw new DataError(
      `Failed to serialize to ${typeName} (was class ${javaClassOf(value, schema)}): `,
    );
  }

  toConnectData(_topic: string, bytes: Uint8Array | null): SchemaAndValue {
    const { schema, size, typeName } = this.#format;
    if (bytes === null) return { schema, value: null };
    if (bytes.length !== size) {
      throw new DataError(
        `Failed to deserialize ${typeName}: Size of data received is ${bytes.length}, not ${size}`,
      );
    }
    const value = this.#format.read(new DataView(bytes.buffer, bytes.byteOffset, size));
    return { schema, value };
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
