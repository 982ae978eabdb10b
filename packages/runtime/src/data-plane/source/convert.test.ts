import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSourceRecord, type SourceRecord } from '@sluice/api';
import fc from 'fast-check';
import { MemoryLogger, textConverter, textConverters } from '../../../test/support/task-fixture.ts';
import { newErrorMetrics } from '../errors/error-metrics.ts';
import { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import { convertRecords } from './convert.ts';
import type { ConvertedBatch, TransformedBatch } from './source-batch.ts';

const KINDS = ['plain', 'keyed', 'headed', 'bad'] as const;
type Kind = (typeof KINDS)[number];

function aRecord(kind: Kind, index: number): SourceRecord {
  return newSourceRecord({
    topic: 't',
    key: kind === 'keyed' ? `key ${index}` : null,
    value: kind === 'bad' ? 'bad' : `value ${index}`,
    headers: kind === 'headed' ? [{ key: 'h', schema: null, value: `header ${index}` }] : [],
    sourceOffset: { index },
  });
}

async function convert(kinds: readonly Kind[], tolerance: 'none' | 'all') {
  const failing = textConverter();
  const converters = textConverters({
    value: {
      ...failing,
      fromConnectData: (topic, schema, value, headers) => {
        if (value === 'bad') throw new TypeError('bad');
        return failing.fromConnectData(topic, schema, value, headers);
      },
    },
  });
  const errors = new RetryWithTolerance({
    id: { connector: 'c', task: 0 },
    spec: {
      tolerance,
      retryTimeoutMs: 0,
      retryDelayMaxMs: 0,
      logEnable: false,
      logIncludeMessages: false,
    },
    reporters: [],
    metrics: newErrorMetrics(),
    logger: new MemoryLogger(),
    stopSignal: new AbortController().signal,
    now: Date.now,
    random: Math.random,
    sleep: async () => undefined,
  });
  const polled = kinds.map(aRecord);
  const records = polled.map((each) => ({ ...each }));
  const dropped: SourceRecord[] = [];
  async function* batches(): AsyncGenerator<TransformedBatch> {
    yield { polled, records };
  }
  const out: ConvertedBatch[] = [];
  let error: unknown = null;
  try {
    const onDropped = (record: SourceRecord): void => void dropped.push(record);
    for await (const batch of convertRecords(batches(), { converters, errors, onDropped })) {
      out.push(batch);
    }
  } catch (thrown) {
    error = thrown;
  }
  return { out, dropped, error };
}

/** One text per slot, made from every column. */
function slots(batch: ConvertedBatch | undefined): readonly string[] {
  if (batch === undefined) return [];
  const { keys, values, headers, records, polled } = batch;
  assert.equal(new Set([keys, values, records, polled].map((each) => each.length)).size, 1);
  if (headers !== null) assert.equal(headers.length, keys.length);
  return values.map((value, at) => {
    const header = headers?.[at]?.map((each) => String(each.value)).join() ?? '';
    const offsets = [polled[at], records[at]].map((each) => each?.sourceOffset?.['index']);
    return `${String(keys[at])}|${String(value)}|${header}|${offsets.join()}`;
  });
}

function expected(kind: Kind, index: number): string {
  const key = kind === 'keyed' ? `key ${index}` : 'null';
  const header = kind === 'headed' ? `header ${index}` : '';
  return `${key}|value ${index}|${header}|${index},${index}`;
}

test('the columns stay in step, whatever is dropped and wherever headers begin', async () => {
  const kinds = fc.array(fc.constantFrom(...KINDS), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(kinds, async (plan) => {
      const { out, dropped, error } = await convert(plan, 'all');
      assert.equal(error, null);
      const all = plan.map((kind, index) => ({ kind, index }));
      const kept = all.filter(({ kind }) => kind !== 'bad');
      assert.deepEqual(
        slots(out[0]),
        kept.map(({ kind, index }) => expected(kind, index)),
      );
      assert.equal(dropped.length, plan.length - kept.length);
    }),
  );
});

test('what stands before a record that fails the task is handed on, and nothing after it', async () => {
  const kinds = fc.array(fc.constantFrom(...KINDS), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(kinds, async (plan) => {
      const { out, error } = await convert(plan, 'none');
      const end = plan.includes('bad') ? plan.indexOf('bad') : plan.length;
      assert.deepEqual(slots(out[0]), plan.slice(0, end).map(expected));
      assert.equal(error !== null, plan.includes('bad'));
    }),
  );
});
