import {
  ConfigDef,
  convertToString,
  DataError,
  type HeaderConverter,
  type HeaderConverterPlugin,
  parseString,
  type Schema,
  type SchemaAndValue,
} from '@sluice/api';
import { UTF_8 } from './charset.ts';
import { PLUGIN_VERSION } from './plugin-version.ts';

/**
 * Headers as text that is read back as what it looks like: a header "123" comes back as INT8.
 * The default of every worker. Mirrors `org.apache.kafka.connect.storage.SimpleHeaderConverter`.
 */
export class SimpleHeaderConverter implements HeaderConverter {
  configure(): void {}

  fromConnectHeader(
    _topic: string,
    key: string,
    schema: Schema | null,
    value: unknown,
  ): Uint8Array | null {
    const text = convertToString(schema, value);
    if (text === null) return null;
    if (text.isWellFormed()) return UTF_8.encode(text);
    throw new DataError(`Failed to serialize header '${key}': it holds half a surrogate pair`);
  }

  toConnectHeader(_topic: string, _key: string, bytes: Uint8Array | null): SchemaAndValue {
    return parseString(bytes === null ? null : UTF_8.decode(bytes));
  }
}

export const simpleHeaderConverter: HeaderConverterPlugin = {
  className: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
  version: PLUGIN_VERSION,
  config: new ConfigDef({}),
  type: 'header_converter',
  create: () => new SimpleHeaderConverter(),
};
