import {
  type Converter,
  type ConverterPlugin,
  DataError,
  type HeaderConverterPlugin,
  javaClassOf,
  OPTIONAL_BOOLEAN_SCHEMA,
  type Schema,
  type SchemaAndValue,
} from '@sluice/api';
import { CONVERTER_CONFIG } from './converter-config.ts';
import { HeaderAdapter } from './header-adapter.ts';
import { PLUGIN_VERSION } from './plugin-version.ts';

/** One byte, 0 or 1. Mirrors `org.apache.kafka.connect.converters.BooleanConverter`. */
export class BooleanConverter implements Converter {
  configure(): void {}

  fromConnectData(_topic: string, schema: Schema | null, value: unknown): Uint8Array | null {
    if (schema !== null && schema.type !== 'BOOLEAN') {
      throw new DataError(`Invalid schema type for BooleanConverter: ${schema.type}`);
    }
    if (value === null || value === undefined) return null;
    if (typeof value === 'boolean') return Buffer.of(value ? 1 : 0);
    throw new DataError(
      `BooleanConverter is not compatible with objects of type class ${javaClassOf(value, schema)}`,
    );
  }

  toConnectData(_topic: string, bytes: Uint8Array | null): SchemaAndValue {
    return {
      schema: OPTIONAL_BOOLEAN_SCHEMA,
      value: bytes === null ? null : readBoolean(bytes),
    };
  }
}

function readBoolean(bytes: Uint8Array): boolean {
  const [byte] = bytes;
  if (bytes.length !== 1) {
    throw new DataError('Failed to deserialize boolean: Size of data received is not 1');
  }
  if (byte !== 0 && byte !== 1) {
    throw new DataError(
      `Failed to deserialize boolean: Unexpected byte received by BooleanDeserializer: ${byte}`,
    );
  }
  return byte === 1;
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
