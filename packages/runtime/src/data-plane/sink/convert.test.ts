import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSinkRecord } from '@sluice/api';
import { JsonConverter, StringConverter } from '@sluice/converters';
import {
  Compressions,
  decodeRecords,
  NO_STAMP,
  readBatchHeader,
  RecordBatchBuilder,
  type RecordHeader,
} from '@sluice/kafka/batch';
import type { RecordColumns } from '@sluice/kafka';
import fc from 'fast-check';
import { MemoryLogger, textConverters } from '../../../test/support/task-fixture.ts';
import { DEFAULT_METRIC_WINDOW } from '../../metrics/sampled-stat.ts';
import type { ErrorContext } from '../errors/error-context.ts';
import { newErrorMetrics } from '../errors/error-metrics.ts';
import { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import type { TaskConverters } from '../source/convert.ts';
import { convertRecords } from './convert.ts';
import type { SinkPart } from './sink-batch.ts';
import { SinkMetrics } from './sink-metrics.ts';

interface Row {
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

const json = fc.json().map((text) => Buffer.from(text));
const envelope = fc
  .oneof(fc.integer(), fc.string(), fc.constant(null))
  .map((payload) => ({ schema: { type: 'int32', optional: true }, payload }))
  .map((message) => Buffer.from(JSON.stringify(message)));
const someBytes = fc.oneof(json, envelope, fc.uint8Array({ maxLength: 40 }), fc.constant(null));
const rows = fc.array(
  fc.record<Row>({
    timestamp: fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 2 ** 40 })),
    key: someBytes,
    value: someBytes,
    headers: fc.array(
      fc.record({ key: fc.string({ maxLength: 4 }), value: fc.constant(Buffer.from('h')) }),
      { maxLength: 2 },
    ),
  }),
  { minLength: 1, maxLength: 20 },
);

/** As a consumer hands them out: columns over the bytes of a batch. */
function fetched(list: readonly Row[]): RecordColumns {
  const builder = new RecordBatchBuilder();
  for (const row of list) builder.append(row.timestamp, row.key, row.value, row.headers);
  const batch = builder.finish(NO_STAMP, null);
  const header = readBatchHeader(batch);
  assert.ok(header !== null);
  return decodeRecords('orders', 3, batch, header, new Compressions());
}

/** The same, for which only views are there. */
function withoutRanges(columns: RecordColumns): RecordColumns {
  return {
    topic: columns.topic,
    partition: columns.partition,
    count: columns.count,
    offset: (i) => columns.offset(i),
    timestamp: (i) => columns.timestamp(i),
    timestampType: (i) => columns.timestampType(i),
    key: (i) => columns.key(i),
    value: (i) => columns.value(i),
    headers: (i) => columns.headers(i),
  };
}

async function convert(columns: RecordColumns, converters: TaskConverters) {
  const failed: unknown[] = [];
  const reporter = {
    report: ({ stage, className, error, failed: { record } }: ErrorContext) => {
      failed.push({ stage, className, message: error.message, record });
      return null;
    },
    close: async () => undefined,
  };
  const errors = new RetryWithTolerance({
    id: { connector: 'c', task: 0 },
    spec: {
      tolerance: 'all',
      retryTimeoutMs: 0,
      retryDelayMaxMs: 0,
      logEnable: false,
      logIncludeMessages: false,
    },
    reporters: [reporter],
    metrics: newErrorMetrics(),
    logger: new MemoryLogger(),
    stopSignal: new AbortController().signal,
    now: Date.now,
    random: Math.random,
    sleep: async () => undefined,
  });
  const metrics = new SinkMetrics(DEFAULT_METRIC_WINDOW);
  async function* polls() {
    yield [columns];
  }
  let part: SinkPart | undefined;
  for await (const parts of convertRecords(polls(), { converters, errors, metrics })) {
    [part] = parts;
  }
  assert.ok(part !== undefined);
  return { records: part.records, rows: part.rows, failed, dropped: metrics.recordsDropped };
}

function builtIn(isEnvelope: boolean): TaskConverters {
  const key = new StringConverter();
  key.configure({}, true);
  const value = new JsonConverter();
  value.configure({ 'schemas.enable': String(isEnvelope) }, false);
  return textConverters({ key, value });
}

for (const isEnvelope of [false, true]) {
  const what = isEnvelope ? 'with envelopes' : 'without envelopes';
  test(`JSON ${what} read in place: the records and dead letters of views`, async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (list) => {
        const columns = fetched(list);
        assert.ok(columns.ranges !== undefined);
        const inPlace = await convert(columns, builtIn(isEnvelope));
        const byViews = await convert(withoutRanges(columns), builtIn(isEnvelope));
        assert.deepEqual(inPlace, byViews);
      }),
    );
  });
}

test('a dead letter carries the bytes as fetched, also when they were read in place', async () => {
  const value = Buffer.from('{"broken');
  const columns = fetched([
    { timestamp: 5, key: Buffer.from('k'), value, headers: [] },
    { timestamp: 6, key: null, value: Buffer.from('1'), headers: [] },
  ]);
  const { failed, records, rows: kept } = await convert(columns, builtIn(false));
  assert.equal(records.length, 1);
  assert.deepEqual(kept, [1]);
  const [letter] = failed;
  assert.ok(typeof letter === 'object' && letter !== null && 'record' in letter);
  assert.deepEqual(letter.record, {
    topic: 'orders',
    partition: 3,
    offset: 0,
    timestamp: 5,
    timestampType: 'CreateTime',
    key: Buffer.from('k'),
    value,
    headers: [],
  });
});

test('a converted record is what newSinkRecord makes, member by member', async () => {
  const columns = fetched([
    { timestamp: 7, key: Buffer.from('k'), value: Buffer.from('1'), headers: [] },
  ]);
  const { records } = await convert(columns, builtIn(false));
  const [record] = records;
  assert.ok(record !== undefined);
  const made = newSinkRecord(record);
  assert.deepEqual(record, made);
  assert.deepEqual(Object.keys(record), Object.keys(made));
});
