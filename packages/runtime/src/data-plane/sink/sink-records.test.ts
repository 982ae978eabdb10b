// Goal: what a sink task may ask of its worker (R5.02), and what becomes of a record between Kafka
// and `put` (R5.05, R5.06, R5.15, R5.17, R5.22).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withRecord } from '@sluice/api';
import type { ErrorContext } from '../errors/error-context.ts';
import type { ErrorReporter } from '../errors/error-reporter.ts';
import { NotingTask, P0, P1, start, values } from '../../../test/support/sink-task-run.ts';
import {
  mapValue,
  TaskFixture,
  textConverter,
  textConverters,
  until,
} from '../../../test/support/task-fixture.ts';

class NotingReporter implements ErrorReporter {
  readonly reported: ErrorContext[] = [];

  report(context: ErrorContext): null {
    this.reported.push(context);
    return null;
  }

  async close(): Promise<void> {}
}

test('R5.02 R5.21 a task’s context: config, assignment, pausing, and a reporter if errors go anywhere', async () => {
  for (const logEnable of [false, true]) {
    const fixture = new TaskFixture({ errors: { logEnable } });
    const task = new NotingTask();
    const run = await start(fixture, task, { taskProps: { topics: 'orders' } });
    const { context } = task;
    assert.ok(context !== null);
    assert.deepEqual(context.configs, { topics: 'orders' });
    assert.deepEqual(context.assignment(), []);
    run.consumer.assignLater([P0, P1]);
    await until('they are opened', () => task.calls.length === 3);
    assert.deepEqual(context.assignment(), [P0, P1]);
    context.pause([P1]);
    assert.deepEqual(run.consumer.paused, ['orders-1']);
    context.resume([P1]);
    assert.deepEqual(run.consumer.paused, []);
    assert.throws(() => context.resume([{ topic: 'x', partition: 0 }]), /not currently assigned/);
    assert.equal(context.errantRecordReporter() === null, !logEnable);
    assert.equal(await run.stop(), null);
  }
});

test('R5.05 put gets everything of one poll, of all partitions, and nothing when nothing came', async () => {
  const fixture = new TaskFixture({ spec: { offsetFlushIntervalMs: 5 } });
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, values('a', 'b'));
  run.consumer.log('orders', 1, values('c'));
  run.consumer.assignLater([P0, P1]);
  await until('they are put, and nothing after', () => task.emptyPuts > 0);
  assert.deepEqual(
    task.calls.filter((call) => call.startsWith('put')),
    ['put a b c'],
  );
  assert.equal(await run.stop(), null);
});

test('R5.06 key, value and headers are converted in this order, then transformations see the record', async () => {
  const notes: string[] = [];
  const converter = (name: string) => ({
    ...textConverter(),
    toConnectData: (_topic: string, bytes: Uint8Array | null) => {
      notes.push(name);
      return { schema: null, value: bytes === null ? null : String(bytes) };
    },
  });
  const { header } = textConverters();
  const converters = textConverters({
    key: converter('key'),
    value: converter('value'),
    header: {
      ...header,
      toConnectHeader: (...given) => {
        notes.push('header');
        return header.toConnectHeader(...given);
      },
    },
  });
  const step = mapValue((value) => {
    notes.push(`transform ${value}`);
    return value;
  });
  const fixture = new TaskFixture({ converters, steps: [step] });
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, [
    { key: 'k', value: 'v', headers: [{ key: 'h', value: Buffer.from('x') }], timestamp: -1 },
  ]);
  run.consumer.assignLater([P0]);
  await until('it is put', () => task.records.length === 1);
  assert.deepEqual(notes, ['key', 'value', 'header', 'transform v']);
  // No timestamp is null, not -1.
  assert.equal(task.records[0]?.timestamp, null);
  assert.equal(await run.stop(), null);
});

test('R5.06 where a record was read stays with it, whatever transformations made of its topic', async () => {
  const step = {
    ...mapValue((value) => value),
    transformation: {
      configure: () => undefined,
      apply: <R extends Parameters<typeof withRecord>[0]>(record: R): R =>
        withRecord(record, { topic: 'renamed', kafkaPartition: 9 }),
    },
  };
  const fixture = new TaskFixture({ steps: [step] });
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.log('orders', 1, values('a', 'b'));
  run.consumer.assignLater([P1]);
  await until('they are put', () => task.records.length === 2);
  assert.equal(await run.stop(), null);
  const [, second] = task.records;
  assert.deepEqual([second?.topic, second?.kafkaPartition], ['renamed', 9]);
  assert.deepEqual(
    [second?.originalTopic, second?.originalKafkaPartition, second?.originalKafkaOffset],
    ['orders', 1, 1],
  );
  assert.deepEqual([...run.consumer.committedOffsets], [['orders-1', 2]]);
});

describe('R5.17 the stage that failed is named:', () => {
  const failing = {
    ...textConverter(),
    toConnectData: () => {
      throw new TypeError('bad');
    },
  };
  const { header } = textConverters();
  const badHeaders = {
    ...header,
    toConnectHeader: () => {
      throw new TypeError('bad');
    },
  };
  const badStep = mapValue(() => {
    throw new TypeError('bad');
  });
  const cases = {
    KEY_CONVERTER: {
      options: { converters: textConverters({ key: failing }) },
      by: 'KeyConverter',
    },
    VALUE_CONVERTER: {
      options: { converters: textConverters({ value: failing }) },
      by: 'ValueConverter',
    },
    HEADER_CONVERTER: {
      options: { converters: textConverters({ header: badHeaders }) },
      by: 'HeaderConverter',
    },
    TRANSFORMATION: { options: { steps: [badStep] }, by: 'MapValue' },
  };
  for (const [stage, { options, by }] of Object.entries(cases))
    for (const tolerance of ['none', 'all'] as const)
      test(`R5.15 R5.17 ${stage} with errors.tolerance=${tolerance}`, async () => {
        const reporter = new NotingReporter();
        const fixture = new TaskFixture({
          ...options,
          errors: { tolerance },
          reporters: [reporter],
        });
        const task = new NotingTask();
        const run = await start(fixture, task);
        run.consumer.log('orders', 0, [
          { key: 'k', value: 'v', headers: [{ key: 'h', value: Buffer.from('x') }] },
        ]);
        run.consumer.assignLater([P0]);
        // It is reported whatever follows, then skipped or fatal.
        await until('it is reported', () => reporter.reported.length === 1);
        const error = tolerance === 'none' ? await run.outcome : await run.stop();
        if (tolerance === 'none') await run.worker.close();
        const [context] = reporter.reported;
        assert.deepEqual([context?.stage, context?.className], [stage, by]);
        assert.ok(context?.failed.type === 'sink');
        assert.deepEqual(String(context.failed.record.value), 'v');
        assert.equal(error === null, tolerance === 'all');
        assert.equal(run.consumer.committedOffsets.get('orders-0') ?? 0, error === null ? 1 : 0);
        assert.deepEqual(task.values, []);
      });
});

test('R5.22 a transformation applies where its predicate’s answer differs from negate', async () => {
  for (const negate of [false, true]) {
    const predicate = {
      configure: () => undefined,
      test: (record: { readonly value?: unknown }) => String(record.value).startsWith('x'),
    };
    const step = { ...mapValue((value) => `<${value}>`), predicate, negate };
    const fixture = new TaskFixture({ steps: [step] });
    const task = new NotingTask();
    const run = await start(fixture, task);
    run.consumer.log('orders', 0, values('x1', 'y1'));
    run.consumer.assignLater([P0]);
    await until('they are put', () => task.values.length === 2);
    assert.deepEqual(task.values, negate ? ['x1', '<y1>'] : ['<x1>', 'y1']);
    assert.equal(await run.stop(), null);
  }
});
