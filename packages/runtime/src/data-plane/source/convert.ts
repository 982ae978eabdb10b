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
    const out = newColumns();
    const failure = await convertBatch(batch, options, out);
    if (out.records.length > 0) yield out;
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
  out: Columns,
): Promise<Failure | null> {
  const { key, value } = options.converters;
  const { records, polled } = batch;
  const progress: Progress = { stage: 'HEADER_CONVERTER', headers: NO_HEADERS, key: null };
  let at = 0;
  while (at < records.length) {
    try {
      for (; at < records.length; at++) {
        const record = records[at];
        const original = polled[at];
        if (record === undefined || original === undefined) continue;
        const { topic } = record;
        progress.stage = 'HEADER_CONVERTER';
        const headers =
          record.headers.length === 0 ? NO_HEADERS : convertHeaders(options.converters, record);
        progress.headers = headers;
        progress.stage = 'KEY_CONVERTER';
        progress.key = key.fromConnectData(topic, record.keySchema, record.key, headers);
        progress.stage = 'VALUE_CONVERTER';
        const bytes = value.fromConnectData(topic, record.valueSchema, record.value, headers);
        append(out, original, record, progress.key, bytes, headers);
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
  out: Columns,
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
      if (!again.isRecovered) return drop(options, original);
      headers = again.value;
    }
    if (progress.stage !== 'VALUE_CONVERTER') {
      const again = await attempt('KEY_CONVERTER', c.keyClass, () =>
        c.key.fromConnectData(topic, record.keySchema, record.key, headers),
      );
      if (!again.isRecovered) return drop(options, original);
      key = again.value;
    }
    const value = await attempt('VALUE_CONVERTER', c.valueClass, () =>
      c.value.fromConnectData(topic, record.valueSchema, record.value, headers),
    );
    if (!value.isRecovered) return drop(options, original);
    append(out, original, record, key, value.value, headers);
    return null;
  } catch (error) {
    return { error };
  }
}

function drop(options: SourceConvertOptions, original: SourceRecord): null {
  options.onDropped(original);
  return null;
}

interface Columns {
  readonly polled: SourceRecord[];
  readonly records: SourceRecord[];
  readonly keys: (Uint8Array | null)[];
  readonly values: (Uint8Array | null)[];
  readonly headers: (readonly RecordHeader[])[];
}

function newColumns(): Columns {
  return { polled: [], records: [], keys: [], values: [], headers: [] };
}

function append(
  out: Columns,
  original: SourceRecord,
  record: SourceRecord,
  key: Uint8Array | null,
  value: Uint8Array | null,
  headers: readonly RecordHeader[],
): void {
  out.polled.push(original);
  out.records.push(record);
  out.keys.push(key);
  out.values.push(value);
  out.headers.push(headers);
}

function convertHeaders(converters: TaskConverters, record: SourceRecord): readonly RecordHeader[] {
  const found: RecordHeader[] = [];
  for (const { key, schema, value } of record.headers) {
    const bytes = converters.header.fromConnectHeader(record.topic, key, schema, value);
    found.push({ key, value: bytes });
  }
  return found;
}
