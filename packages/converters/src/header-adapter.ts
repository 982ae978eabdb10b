import type { Converter, HeaderConverter, Props, Schema, SchemaAndValue } from '@sluice/api';

/** A converter at work on headers: what most of Java's converters do as `HeaderConverter`s. */
export class HeaderAdapter implements HeaderConverter {
  readonly #converter: Converter;

  constructor(converter: Converter) {
    this.#converter = converter;
  }

  configure(props: Props): void {
    this.#converter.configure(props, false);
  }

  fromConnectHeader(
    topic: string,
    _key: string,
    schema: Schema | null,
    value: unknown,
  ): Uint8Array | null {
    return this.#converter.fromConnectData(topic, schema, value, []);
  }

  toConnectHeader(topic: string, _key: string, bytes: Uint8Array | null): SchemaAndValue {
    return this.#converter.toConnectData(topic, bytes, []);
  }

  close(): void {
    this.#converter.close?.();
  }
}
