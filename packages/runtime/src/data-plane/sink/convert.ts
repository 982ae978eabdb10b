import type { Converter, Header, SchemaAndValue, SinkRecord } from '@sluice/api';
import type { RecordColumns, RecordHeader } from '@sluice/kafka';
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
const NO_RAW_HEADERS: readonly RecordHeader[] = [];

type ConverterStage = 'KEY_CONVERTER' | 'VALUE_CONVERTER' | 'HEADER_CONVERTER';

/**
 * Stages KEY_CONVERTER, VALUE_CONVERTER and HEADER_CONVERTER, in this order (R5.06): bytes become
 * records. Converters read keys and values where they lie in the fetch response (`decodeRange`);
 * those that can't, by a view of it: a ByteArrayConverter never decodes or copies.
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
  const { count } = columns;
  const records: SinkRecord[] = [];
  let rows: number[] | null = null;
  const progress: Progress = { stage: 'KEY_CONVERTER', key: null, value: null };
  let row = 0;
  while (row < count) {
    try {
      for (; row < count; row++) {
        const raw =
          columns.ranges?.hasHeaders(row) === false ? NO_RAW_HEADERS : columns.headers(row);
        progress.stage = 'KEY_CONVERTER';
        const key = keyOf(columns, row, keys, raw);
        progress.key = key;
        progress.stage = 'VALUE_CONVERTER';
        const value = valueOf(columns, row, values, raw);
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

/** Read in place where both sides can, by a view where not: the same value either way. */
function keyOf(
  columns: RecordColumns,
  row: number,
  converter: Converter,
  raw: readonly RecordHeader[],
): SchemaAndValue {
  const { topic, ranges } = columns;
  if (ranges === undefined || converter.decodeRange === undefined) {
    return converter.toConnectData(topic, columns.key(row), raw);
  }
  const end = ranges.keyEnd(row);
  if (end < 0) return converter.toConnectData(topic, null, raw);
  return converter.decodeRange(topic, ranges.bytes(row), ranges.keyStart(row), end, raw);
}

/** As {@link keyOf}; two functions, so that each meets one converter, and its calls stay cheap. */
function valueOf(
  columns: RecordColumns,
  row: number,
  converter: Converter,
  raw: readonly RecordHeader[],
): SchemaAndValue {
  const { topic, ranges } = columns;
  if (ranges === undefined || converter.decodeRange === undefined) {
    return converter.toConnectData(topic, columns.value(row), raw);
  }
  const end = ranges.valueEnd(row);
  if (end < 0) return converter.toConnectData(topic, null, raw);
  return converter.decodeRange(topic, ranges.bytes(row), ranges.valueStart(row), end, raw);
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
  const { topic, partition } = columns;
  const timestamp = columns.timestamp(row);
  const offset = columns.offset(row);
  // The literal of `newSinkRecord`, without another object in between: there is one per record.
  return {
    topic,
    kafkaPartition: partition,
    keySchema: key.schema ?? null,
    key: key.value ?? null,
    valueSchema: value.schema ?? null,
    value: value.value ?? null,
    timestamp: timestamp < 0 ? null : timestamp,
    headers,
    kafkaOffset: offset,
    timestampType: columns.timestampType(row),
    originalTopic: topic,
    originalKafkaPartition: partition,
    originalKafkaOffset: offset,
  };
}
