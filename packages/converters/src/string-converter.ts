import {
  type ByteSink,
  ConfigDef,
  type Converter,
  type ConverterPlugin,
  DataError,
  type HeaderConverterPlugin,
  javaText,
  OPTIONAL_STRING_SCHEMA,
  type Props,
  type Schema,
  type SchemaAndValue,
  writeBytes,
  writeText,
} from '@sluice/api';
import { charsetOf, type Charset, UTF_8 } from './charset.ts';
import { CONVERTER_TYPE_SPEC, withConverterType } from './converter-config.ts';
import { HeaderAdapter } from './header-adapter.ts';
import { PLUGIN_VERSION } from './plugin-version.ts';

const CONFIG = new ConfigDef({
  ...CONVERTER_TYPE_SPEC,
  'converter.encoding': {
    type: 'STRING',
    default: 'UTF-8',
    importance: 'HIGH',
    doc: 'Character set in which strings are written and read, by its Java name.',
    width: 'MEDIUM',
    displayName: 'Encoding',
  },
});

/**
 * Strings; anything else is written as the text that Java's `toString` gives it.
 * Mirrors `org.apache.kafka.connect.storage.StringConverter`.
 */
export class StringConverter implements Converter {
  #charset: Charset = UTF_8;

  configure(props: Props, isKey: boolean): void {
    const config = CONFIG.parse({ ...withConverterType(props, isKey ? 'key' : 'value') });
    this.#charset = charsetOf(config['converter.encoding']);
  }

  fromConnectData(_topic: string, schema: Schema | null, value: unknown): Uint8Array | null {
    if (value === null || value === undefined) return null;
    return this.#charset.encode(wellFormedText(schema, value));
  }

  encodeInto(_topic: string, schema: Schema | null, value: unknown, sink: ByteSink): boolean {
    if (value === null || value === undefined) return false;
    const text = wellFormedText(schema, value);
    if (this.#charset === UTF_8) writeText(sink, text);
    else writeBytes(sink, this.#charset.encode(text));
    return true;
  }

  encodeText(_topic: string, schema: Schema | null, value: unknown): string | Uint8Array | null {
    if (value === null || value === undefined) return null;
    const text = wellFormedText(schema, value);
    return this.#charset === UTF_8 ? text : this.#charset.encode(text);
  }

  toConnectData(_topic: string, bytes: Uint8Array | null): SchemaAndValue {
    const value = bytes === null ? null : this.#charset.decode(bytes);
    return { schema: OPTIONAL_STRING_SCHEMA, value };
  }

  decodeRange(_topic: string, bytes: Buffer, start: number, end: number): SchemaAndValue {
    const isUtf8 = this.#charset === UTF_8;
    const value = isUtf8
      ? bytes.toString('utf8', start, end)
      : this.#charset.decode(bytes.subarray(start, end));
    return { schema: OPTIONAL_STRING_SCHEMA, value };
  }
}

/** The first of the first halves of surrogate pairs: hardly ever in a text. */
const HIGH_HALF = '\ud800';

/** What stands for the value. @throws DataError when it can't be written without loss */
function wellFormedText(schema: Schema | null, value: unknown): string {
  const text = typeof value === 'string' ? value : javaText(value, schema);
  // The search puts a text together that V8 still holds in pieces (a template literal, a sum): it
  // is then written in half the time. Half pairs it finds itself are left to the check.
  if (!text.includes(HIGH_HALF) && text.isWellFormed()) return text;
  if (text.isWellFormed()) return text;
  throw new DataError('Failed to serialize to a string: it holds half a surrogate pair');
}

const ABOUT = {
  className: 'org.apache.kafka.connect.storage.StringConverter',
  version: PLUGIN_VERSION,
  config: CONFIG,
} as const;

export const stringConverter: ConverterPlugin = {
  ...ABOUT,
  type: 'converter',
  create: () => new StringConverter(),
};

export const stringHeaderConverter: HeaderConverterPlugin = {
  ...ABOUT,
  type: 'header_converter',
  create: () => new HeaderAdapter(new StringConverter()),
};
