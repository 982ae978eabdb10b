import {
  type ByteSink,
  type Converter,
  type ConverterPlugin,
  DataError,
  type HeaderConverterPlugin,
  javaClassOf,
  OPTIONAL_BOOLEAN_SCHEMA,
  type Schema,
  type SchemaAndValue,
} from '@sluice/api';
import { asBuffer } from './as-buffer.ts';
import { CONVERTER_CONFIG } from './converter-config.ts';
import { HeaderAdapter } from './header-adapter.ts';
import { PLUGIN_VERSION } from './plugin-version.ts';

/** One byte, 0 or 1. Mirrors `org.apache.kafka.connect.converters.BooleanConverter`. */
export class BooleanConverter implements Converter {
  configure(): void {}

  fromConnectData(_topic: string, schema: Schema | null, value: unknown): Uint8Array | null {
    const flag = booleanOf(schema, value);
    return flag === null ? null : Buffer.of(flag ? 1 : 0);
  }

  encodeInto(_topic: string, schema: Schema | null, value: unknown, sink: ByteSink): boolean {
    const flag = booleanOf(schema, value);
    if (flag === null) return false;
    sink.reserve(1);
    sink.bytes[sink.end++] = flag ? 1 : 0;
    return true;
  }

  toConnectData(topic: string, bytes: Uint8Array | null): SchemaAndValue {
    if (bytes === null) return { schema: OPTIONAL_BOOLEAN_SCHEMA, value: null };
    return this.decodeRange(topic, asBuffer(bytes), 0, bytes.length);
  }

  decodeRange(_topic: string, bytes: Buffer, start: number, end: number): SchemaAndValue {
    if (end - start !== 1) {
      throw new DataError('Failed to deserialize boolean: Size of data received is not 1');
    }
    const byte = bytes[start];
    if (byte !== 0 && byte !== 1) {
      throw new DataError(
        `Failed to deserialize boolean: Unexpected byte received by BooleanDeserializer: ${byte}`,
      );
    }
    return { schema: OPTIONAL_BOOLEAN_SCHEMA, value: byte === 1 };
  }
}

function booleanOf(schema: Schema | null, value: unknown): boolean | null {
  if (schema !== null && schema.type !== 'BOOLEAN') {
    throw new DataError(`Invalid schema type for BooleanConverter: ${schema.type}`);
  }
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value;
  throw new DataError(
    `BooleanConverter is not compatible with objects of type class ${javaClassOf(value, schema)}`,
  );
}

const ABOUT = {
  className: 'org.apache.kafka.connect.converters.BooleanConverter',
  version: PLUGIN_VERSION,
  config: CONVERTER_CONFIG,
} as const;

export const booleanConverter: ConverterPlugin = {
  ...ABOUT,
  type: 'converter',
  create: () => new BooleanConverter(),
};

export const booleanHeaderConverter: HeaderConverterPlugin = {
  ...ABOUT,
  type: 'header_converter',
  create: () => new HeaderAdapter(new BooleanConverter()),
};
