import { type Header, newSinkRecord, type SchemaAndValue, type SinkRecord } from '@sluice/api';
import type { RecordColumns } from '@sluice/kafka';
import { consumedRecord } from '../errors/consumed-record.ts';
import type { Recovery, RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import type { TaskConverters } from '../source/convert.ts';
import { firstRows, type SinkBatch, type SinkPart } from './sink-batch.ts';
import type { SinkMetrics } from './sink-metrics.ts';

export interface SinkConvertOptions {
  readonly converters: TaskConverters;
  readonly errors: RetryWithTolerance;
  readonly metrics: SinkMetrics;
}

const NO_HEADERS: readonly Header[] = [];

type ConverterStage = 'KEY_CONVERTER' | 'VALUE_CONVERTER' | 'HEADER_CONVERTER';

/**
 * Stages KEY_CONVERTER, VALUE_CONVERTER and HEADER_CONVERTER, in this order (R5.06): bytes become
 * records. Keys and values are views of the fetch response until a converter looks inside, so a
 * ByteArrayConverter never decodes or copies.
 */
export async function* convertRecords(
  batches: AsyncIterable<readonly RecordColumns[]>,
  options: SinkConvertOptions,
): AsyncGenerator<SinkBatch, void, undefined> {
  for await (const polled of batches) {
    const parts: SinkPart[] = [];
    for (const columns of polled) parts.push(await convertColumns(columns, options));
    yield parts;
  }
}

/** How far a row got before a converter threw. */
interface Progress {
  stage: ConverterStage;
  key: SchemaAndValue | null;
  value: SchemaAndValue | null;
}

async function convertColumns(
  columns: RecordColumns,
  options: SinkConvertOptions,
): Promise<SinkPart> {
  const { key: keys, value: values } = options.converters;
  const { topic, count } = columns;
  const records: SinkRecord[] = [];
  let rows: number[] | null = null;
  const progress: Progress = { stage: 'KEY_CONVERTER', key: null, value: null };
  let row = 0;
  while (row < count) {
    try {
      for (; row < count; row++) {
        const raw = columns.headers(row);
        progress.stage = 'KEY_CONVERTER';
        const key = keys.toConnectData(topic, columns.key(row), raw);
        progress.key = key;
        progress.stage = 'VALUE_CONVERTER';
        const value = values.toConnectData(topic, columns.value(row), raw);
        progress.value = value;
        progress.stage = 'HEADER_CONVERTER';
        const headers = raw.length === 0 ? NO_HEADERS : convertHeaders(columns, row, options);
        records.push(sinkRecord(columns, row, key, value, headers));
        rows?.push(row);
      }
    } catch (error) {
      const record = await recoverRow(columns, row, progress, error, options);
      if (record === null) {
        options.metrics.recordsDropped += 1;
        rows ??= firstRows(records.length);
      } else {
        records.push(record);
        rows?.push(row);
      }
      row += 1;
    }
  }
  return { columns, records, rows };
}

/** Goes on with a row whose converter has thrown; `null` when it is to be skipped. */
async function recoverRow(
  columns: RecordColumns,
  row: number,
  progress: Progress,
  thrown: unknown,
  options: SinkConvertOptions,
): Promise<SinkRecord | null> {
  const { converters: c, errors } = options;
  const { topic } = columns;
  const raw = columns.headers(row);
  const failed = { type: 'sink', record: consumedRecord(columns, row) } as const;
  let thrownHere: { readonly error: unknown } | null = { error: thrown };
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
  let { key, value } = progress;
  if (progress.stage === 'KEY_CONVERTER') {
    const again = await attempt('KEY_CONVERTER', c.keyClass, () =>
      c.key.toConnectData(topic, columns.key(row), raw),
    );
    if (!again.isRecovered) return null;
    key = again.value;
  }
  if (progress.stage !== 'HEADER_CONVERTER') {
    const again = await attempt('VALUE_CONVERTER', c.valueClass, () =>
      c.value.toConnectData(topic, columns.value(row), raw),
    );
    if (!again.isRecovered) return null;
    value = again.value;
  }
  const headers = await attempt('HEADER_CONVERTER', c.headerClass, () =>
    convertHeaders(columns, row, options),
  );
  if (!headers.isRecovered || key === null || value === null) return null;
  return sinkRecord(columns, row, key, value, headers.value);
}

function convertHeaders(
  columns: RecordColumns,
  row: number,
  options: SinkConvertOptions,
): readonly Header[] {
  const found: Header[] = [];
  for (const { key, value } of columns.headers(row)) {
    const made = options.converters.header.toConnectHeader(columns.topic, key, value);
    found.push({ key, schema: made.schema, value: made.value });
  }
  return found;
}

function sinkRecord(
  columns: RecordColumns,
  row: number,
  key: SchemaAndValue,
  value: SchemaAndValue,
  headers: readonly Header[],
): SinkRecord {
  const timestamp = columns.timestamp(row);
  return newSinkRecord({
    topic: columns.topic,
    kafkaPartition: columns.partition,
    kafkaOffset: columns.offset(row),
    keySchema: key.schema,
    key: key.value,
    valueSchema: value.schema,
    value: value.value,
    timestamp: timestamp < 0 ? null : timestamp,
    timestampType: columns.timestampType(row),
    headers,
  });
}
