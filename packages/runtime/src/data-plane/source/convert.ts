import type { Converter, HeaderConverter, SourceRecord } from '@sluice/api';
import type { RecordHeader } from '@sluice/kafka';
import type { Recovery, RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import type { ConvertedBatch, OnDropped, TransformedBatch } from './source-batch.ts';

/** The three converters of a task, with the class names that messages and headers show. */
export interface TaskConverters {
  readonly key: Converter;
  readonly keyClass: string;
  readonly value: Converter;
  readonly valueClass: string;
  readonly header: HeaderConverter;
  readonly headerClass: string;
}

export interface SourceConvertOptions {
  readonly converters: TaskConverters;
  readonly errors: RetryWithTolerance;
  readonly onDropped: OnDropped;
}

const NO_HEADERS: readonly RecordHeader[] = [];

/**
 * Stages HEADER_CONVERTER, KEY_CONVERTER and VALUE_CONVERTER, in Java's order: what goes to Kafka
 * is bytes from here on. As with transformations, good records before a fatal one are handed on.
 */
export async function* convertRecords(
  batches: AsyncIterable<TransformedBatch>,
  options: SourceConvertOptions,
): AsyncGenerator<ConvertedBatch, void, undefined> {
  for await (const batch of batches) {
    const out = new ConvertedColumns(batch);
    const failure = await convertBatch(batch, options, out);
    const converted = out.take();
    if (converted !== null) yield converted;
    if (failure !== null) throw failure.error;
  }
}

interface Failure {
  readonly error: unknown;
}

/** How far a record got before a converter threw. */
interface Progress {
  stage: ConverterStage;
  headers: readonly RecordHeader[];
  key: Uint8Array | null;
}
type ConverterStage = 'HEADER_CONVERTER' | 'KEY_CONVERTER' | 'VALUE_CONVERTER';

async function convertBatch(
  batch: TransformedBatch,
  options: SourceConvertOptions,
  out: ConvertedColumns,
): Promise<Failure | null> {
  const { key, value } = options.converters;
  const { records } = batch;
  const progress: Progress = { stage: 'HEADER_CONVERTER', headers: NO_HEADERS, key: null };
  let at = 0;
  while (at < records.length) {
    try {
      for (; at < records.length; at++) {
        const record = records[at];
        if (record === undefined) continue;
        const { topic } = record;
        progress.stage = 'HEADER_CONVERTER';
        const headers =
          record.headers.length === 0 ? NO_HEADERS : convertHeaders(options.converters, record);
        progress.headers = headers;
        progress.stage = 'KEY_CONVERTER';
        progress.key = key.fromConnectData(topic, record.keySchema, record.key, headers);
        progress.stage = 'VALUE_CONVERTER';
        // A text goes into the producer's batch as it is: no bytes are made in between.
        const encoded =
          value.encodeText === undefined
            ? value.fromConnectData(topic, record.valueSchema, record.value, headers)
            : value.encodeText(topic, record.valueSchema, record.value, headers);
        out.keep(at, progress.key, encoded, headers);
      }
    } catch (error) {
      const failure = await recoverRecord(batch, at, progress, error, options, out);
      if (failure !== null) return failure;
      at += 1;
    }
  }
  return null;
}

/** Goes on with a record whose converter has thrown; answers the error that fails the task. */
async function recoverRecord(
  batch: TransformedBatch,
  at: number,
  progress: Progress,
  thrown: unknown,
  options: SourceConvertOptions,
  out: ConvertedColumns,
): Promise<Failure | null> {
  const record = batch.records[at];
  const original = batch.polled[at];
  if (record === undefined || original === undefined) return null;
  const { converters: c, errors } = options;
  const { topic } = record;
  const failed = { type: 'source', record: original } as const;
  let thrownHere: Failure | null = { error: thrown };
  // Makes the call, unless it is the one that has thrown already; then recovers that.
  const attempt = async <T>(
    stage: ConverterStage,
    className: string,
    call: () => T,
  ): Promise<Recovery<T>> => {
    let failure = thrownHere;
    thrownHere = null;
    if (failure === null) {
      try {
        return { isRecovered: true, value: call() };
      } catch (error) {
        failure = { error };
      }
    }
    return errors.recover({ stage, className, failed, error: failure.error, again: call });
  };
  try {
    let { headers, key } = progress;
    if (progress.stage === 'HEADER_CONVERTER') {
      const again = await attempt('HEADER_CONVERTER', c.headerClass, () =>
        convertHeaders(c, record),
      );
      if (!again.isRecovered) return drop(options, out, at, original);
      headers = again.value;
    }
    if (progress.stage !== 'VALUE_CONVERTER') {
      const again = await attempt('KEY_CONVERTER', c.keyClass, () =>
        c.key.fromConnectData(topic, record.keySchema, record.key, headers),
      );
      if (!again.isRecovered) return drop(options, out, at, original);
      key = again.value;
    }
    const value = await attempt('VALUE_CONVERTER', c.valueClass, () =>
      c.value.fromConnectData(topic, record.valueSchema, record.value, headers),
    );
    if (!value.isRecovered) return drop(options, out, at, original);
    out.keep(at, key, value.value, headers);
    return null;
  } catch (error) {
    return { error };
  }
}

function drop(
  options: SourceConvertOptions,
  out: ConvertedColumns,
  at: number,
  original: SourceRecord,
): null {
  out.drop(at);
  options.onDropped(original);
  return null;
}

/**
 * The outcome of a batch, slot by slot. The record arrays are the batch's own until a record is
 * dropped, and headers take no room until one has any: most batches need neither.
 */
class ConvertedColumns {
  readonly #batch: TransformedBatch;
  readonly #keys: (Uint8Array | null)[] = [];
  readonly #values: (Uint8Array | string | null)[] = [];
  #headers: (readonly RecordHeader[])[] | null = null;
  #polled: SourceRecord[] | null = null;
  #records: SourceRecord[] | null = null;

  constructor(batch: TransformedBatch) {
    this.#batch = batch;
  }

  keep(
    at: number,
    key: Uint8Array | null,
    value: Uint8Array | string | null,
    headers: readonly RecordHeader[],
  ): void {
    if (headers.length > 0) this.#headers ??= this.#keys.map(() => NO_HEADERS);
    this.#headers?.push(headers);
    this.#keys.push(key);
    this.#values.push(value);
    if (this.#polled === null || this.#records === null) return;
    const original = this.#batch.polled[at];
    const record = this.#batch.records[at];
    if (original === undefined || record === undefined) return;
    this.#polled.push(original);
    this.#records.push(record);
  }

  drop(at: number): void {
    this.#polled ??= this.#batch.polled.slice(0, at);
    this.#records ??= this.#batch.records.slice(0, at);
  }

  /** What was kept; `null` when nothing was. */
  take(): ConvertedBatch | null {
    const count = this.#keys.length;
    if (count === 0) return null;
    return {
      polled: upTo(this.#polled ?? this.#batch.polled, count),
      records: upTo(this.#records ?? this.#batch.records, count),
      keys: this.#keys,
      values: this.#values,
      headers: this.#headers,
    };
  }
}

/** The first `count`; a batch that ends early, at a record that fails the task, is cut short. */
function upTo(records: readonly SourceRecord[], count: number): readonly SourceRecord[] {
  return records.length === count ? records : records.slice(0, count);
}

function convertHeaders(converters: TaskConverters, record: SourceRecord): readonly RecordHeader[] {
  const found: RecordHeader[] = [];
  for (const { key, schema, value } of record.headers) {
    const bytes = converters.header.fromConnectHeader(record.topic, key, schema, value);
    found.push({ key, value: bytes });
  }
  return found;
}
