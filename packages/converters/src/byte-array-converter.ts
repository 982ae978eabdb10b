import {
  type ByteSink,
  type Converter,
  type ConverterPlugin,
  DataError,
  type HeaderConverterPlugin,
  javaClassOf,
  OPTIONAL_BYTES_SCHEMA,
  type Schema,
  type SchemaAndValue,
  writeBytes,
} from '@sluice/api';
import { CONVERTER_CONFIG } from './converter-config.ts';
import { HeaderAdapter } from './header-adapter.ts';
import { PLUGIN_VERSION } from './plugin-version.ts';

/** Bytes as they are. Mirrors `org.apache.kafka.connect.converters.ByteArrayConverter`. */
export class ByteArrayConverter implements Converter {
  configure(): void {}

  fromConnectData(_topic: string, schema: Schema | null, value: unknown): Uint8Array | null {
    return bytesOf(schema, value);
  }

  encodeInto(_topic: string, schema: Schema | null, value: unknown, sink: ByteSink): boolean {
    const bytes = bytesOf(schema, value);
    if (bytes === null) return false;
    writeBytes(sink, bytes);
    return true;
  }

  toConnectData(_topic: string, bytes: Uint8Array | null): SchemaAndValue {
    return { schema: OPTIONAL_BYTES_SCHEMA, value: bytes };
  }

  /** Here the value is bytes: a view of them, as long as the batch that they belong to is held. */
  decodeRange(_topic: string, bytes: Buffer, start: number, end: number): SchemaAndValue {
    return { schema: OPTIONAL_BYTES_SCHEMA, value: bytes.subarray(start, end) };
  }
}

function bytesOf(schema: Schema | null, value: unknown): Uint8Array | null {
  if (schema !== null && schema.type !== 'BYTES') {
    throw new DataError(`Invalid schema type for ByteArrayConverter: ${schema.type}`);
  }
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return value;
  throw new DataError(
    `ByteArrayConverter is not compatible with objects of type class ${javaClassOf(value, schema)}`,
  );
}

const ABOUT = {
  className: 'org.apache.kafka.connect.converters.ByteArrayConverter',
  version: PLUGIN_VERSION,
  config: CONVERTER_CONFIG,
} as const;

export const byteArrayConverter: ConverterPlugin = {
  ...ABOUT,
  type: 'converter',
  create: () => new ByteArrayConverter(),
};

export const byteArrayHeaderConverter: HeaderConverterPlugin = {
  ...ABOUT,
  type: 'header_converter',
  create: () => new HeaderAdapter(new ByteArrayConverter()),
};
