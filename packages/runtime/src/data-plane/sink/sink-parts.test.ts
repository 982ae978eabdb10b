import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { columnsOf } from '../../../test/support/fake-consumer.ts';
import {
  mapValue,
  MemoryLogger,
  textConverter,
  textConverters,
} from '../../../test/support/task-fixture.ts';
import { newErrorMetrics } from '../errors/error-metrics.ts';
import { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import { convertRecords } from './convert.ts';
import { rowOf, type SinkBatch } from './sink-batch.ts';
import { DEFAULT_METRIC_WINDOW } from '../../metrics/sampled-stat.ts';
import { SinkMetrics } from './sink-metrics.ts';
import { transformRecords } from './transformation.ts';

function tolerant(): RetryWithTolerance {
  return new RetryWithTolerance({
    id: { connector: 'c', task: 0 },
    spec: {
      tolerance: 'all',
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
}

test('every slot knows the row it was read from, whatever is skipped or filtered on the way', async () => {
  const plain = textConverter();
  const converters = textConverters({
    value: {
      ...plain,
      toConnectData: (topic, bytes, headers) => {
        if (String(bytes).startsWith('bad')) throw new TypeError('bad');
        return plain.toConnectData(topic, bytes, headers);
      },
    },
  });
  const steps = [mapValue((value) => (value.startsWith('drop') ? null : value))];
  const kinds = fc.array(fc.constantFrom('keep', 'bad', 'drop'), { maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(kinds, async (plan) => {
      const values = plan.map((kind, row) => `${kind} ${row}`);
      async function* polls() {
        yield [
          columnsOf(
            't',
            0,
            100,
            values.map((value) => ({ value })),
          ),
        ];
      }
      const errors = tolerant();
      const metrics = new SinkMetrics(DEFAULT_METRIC_WINDOW);
      const converted = convertRecords(polls(), { converters, errors, metrics });
      const out: SinkBatch[] = [];
      for await (const batch of transformRecords(converted, { steps, errors, metrics })) {
        out.push(batch);
      }
      const [part] = out[0] ?? [];
      assert.ok(part !== undefined);
      assert.deepEqual(
        part.records.map((record) => record.value),
        values.filter((value) => value.startsWith('keep')),
      );
      part.records.forEach((record, slot) => {
        const row = rowOf(part, slot);
        assert.equal(record.value, values[row]);
        assert.equal(record.kafkaOffset, 100 + row);
      });
      assert.equal(metrics.recordsDropped, plan.filter((kind) => kind !== 'keep').length);
    }),
  );
});
