import type { Props, PluginDefinition } from '../connector.ts';
import type { Schema, SchemaAndValue } from '../data/schema.ts';
import type { PluginLogging } from '../logging.ts';
import type { Monitorable } from '../plugin-metrics.ts';
import type { ByteSink } from './byte-sink.ts';

/** A header as it stands in Kafka. */
export interface RawHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/**
 * Turns values to bytes and back. Synchronous: what must be fetched (a schema from a registry) is
 * fetched ahead by `prepare*`. Mirrors `org.apache.kafka.connect.storage.Converter`.
 */
export interface Converter extends PluginLogging, Monitorable {
  /** `isKey` tells which side of the record; `props` have the `key.converter.` prefix removed. */
  configure(props: Props, isKey: boolean): void;
  fromConnectData(
    topic: string,
    schema: Schema | null,
    value: unknown,
    headers: readonly RawHeader[],
  ): Uint8Array | null;
  toConnectData(
    topic: string,
    bytes: Uint8Array | null,
    headers: readonly RawHeader[],
  ): SchemaAndValue;
  /**
   * As {@link fromConnectData}, but adds the bytes to `sink` instead of returning them: a batch then
   * takes one buffer in all, not one per record. Optional, for speed alone: the worker calls it
   * where it is there, and the other where it is not.
   *
   * @returns `false` for a tombstone, with nothing written. When it throws, `sink.end` may stand
   *   anywhere behind where it stood: the caller puts it back
   */
  encodeInto?(
    topic: string,
    schema: Schema | null,
    value: unknown,
    sink: ByteSink,
    headers: readonly RawHeader[],
  ): boolean;
  /**
   * As {@link fromConnectData}, but may answer with a text, which stands for its UTF-8 bytes: who
   * has a buffer to put it into (a producer its batch) writes it there, and no bytes are made in
   * between. The text has no half surrogate pairs. Optional, for speed alone.
   */
  encodeText?(
    topic: string,
    schema: Schema | null,
    value: unknown,
    headers: readonly RawHeader[],
  ): string | Uint8Array | null;
  /**
   * As {@link toConnectData}, but for the bytes of `bytes` from `start` up to `end`, which are
   * neither copied nor made a view of unless the value itself is bytes. Optional, for speed alone.
   */
  decodeRange?(
    topic: string,
    bytes: Buffer,
    start: number,
    end: number,
    headers: readonly RawHeader[],
  ): SchemaAndValue;
  close?(): void;
}

/** Mirrors `org.apache.kafka.connect.storage.HeaderConverter`. */
export interface HeaderConverter extends PluginLogging, Monitorable {
  configure(props: Props): void;
  fromConnectHeader(
    topic: string,
    key: string,
    schema: Schema | null,
    value: unknown,
  ): Uint8Array | null;
  toConnectHeader(topic: string, key: string, bytes: Uint8Array | null): SchemaAndValue;
  close?(): void;
}

export interface ConverterPlugin extends PluginDefinition<Converter> {
  readonly type: 'converter';
}
export interface HeaderConverterPlugin extends PluginDefinition<HeaderConverter> {
  readonly type: 'header_converter';
}
