import type {
  ByteSink,
  Converter,
  ConverterPlugin,
  HeaderConverterPlugin,
  Props,
  Schema,
  SchemaAndValue,
} from '@sluice/api';
import { asBuffer } from './as-buffer.ts';
import { withConverterType } from './converter-config.ts';
import { HeaderAdapter } from './header-adapter.ts';
import { JSON_CONVERTER_CONFIG, jsonFormatOf } from './json/json-converter-config.ts';
import { JsonDecoder } from './json/json-decoder.ts';
import { JsonEncoder } from './json/json-encoder.ts';
import { PLUGIN_VERSION } from './plugin-version.ts';

/**
 * JSON, with the schema beside the payload (`schemas.enable`, the default) or without.
 * Mirrors `org.apache.kafka.connect.json.JsonConverter`.
 */
export class JsonConverter implements Converter {
  #encoder: JsonEncoder;
  #decoder: JsonDecoder;

  constructor() {
    const config = JSON_CONVERTER_CONFIG.parse(withConverterType({}, 'value'));
    this.#encoder = new JsonEncoder(config, jsonFormatOf(config));
    this.#decoder = new JsonDecoder(config, jsonFormatOf(config));
  }

  configure(props: Props, isKey: boolean): void {
    const config = JSON_CONVERTER_CONFIG.parse(withConverterType(props, isKey ? 'key' : 'value'));
    this.#encoder = new JsonEncoder(config, jsonFormatOf(config));
    this.#decoder = new JsonDecoder(config, jsonFormatOf(config));
  }

  fromConnectData(_topic: string, schema: Schema | null, value: unknown): Uint8Array | null {
    const isTombstone = schema === null && (value === null || value === undefined);
    return isTombstone ? null : this.#encoder.encode(schema, value);
  }

  encodeInto(_topic: string, schema: Schema | null, value: unknown, sink: ByteSink): boolean {
    if (schema === null && (value === null || value === undefined)) return false;
    this.#encoder.encodeInto(schema, value, sink);
    return true;
  }

  encodeText(_topic: string, schema: Schema | null, value: unknown): string | Uint8Array | null {
    const isTombstone = schema === null && (value === null || value === undefined);
    return isTombstone ? null : this.#encoder.encodeText(schema, value);
  }

  toConnectData(_topic: string, bytes: Uint8Array | null): SchemaAndValue {
    if (bytes === null) return { schema: null, value: null };
    return this.#decoder.decode(asBuffer(bytes), 0, bytes.length);
  }

  decodeRange(_topic: string, bytes: Buffer, start: number, end: number): SchemaAndValue {
    return this.#decoder.decode(bytes, start, end);
  }
}

const ABOUT = {
  className: 'org.apache.kafka.connect.json.JsonConverter',
  version: PLUGIN_VERSION,
  config: JSON_CONVERTER_CONFIG,
} as const;

export const jsonConverter: ConverterPlugin = {
  ...ABOUT,
  type: 'converter',
  create: () => new JsonConverter(),
};

export const jsonHeaderConverter: HeaderConverterPlugin = {
  ...ABOUT,
  type: 'header_converter',
  create: () => new HeaderAdapter(new JsonConverter()),
};
