// Goal: what a sink task is told when partitions come and go, in which order (R5.03, R5.10, R5.11,
// R5.14). Over a consumer in memory that rebalances as the test says; eager and cooperative
// assignors of a real group are in the integration tests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RetriableError } from '@sluice/api';
import {
  interleave,
  NotingTask,
  P0,
  P1,
  start,
  values,
} from '../../../test/support/sink-task-run.ts';
import { TaskFixture, until } from '../../../test/support/task-fixture.ts';

test('R5.03 the topics are checked again, before the task is initialized', async () => {
  const none = 'Must configure one of topics or topics.regex';
  const both = 'topics and topics.regex are mutually exclusive options, but both are set.';
  for (const [spec, message] of [
    [{ topics: null, topicsRegex: null }, none],
    [{ topics: ['a'], topicsRegex: 'a' }, both],
  ] as const) {
    const fixture = new TaskFixture();
    const task = new NotingTask();
    const worker = fixture.sink(task, spec);
    await assert.rejects(worker.start(), { message });
    await worker.close();
    assert.deepEqual(task.calls, []);
    assert.equal(fixture.kafka.consumers[0]?.isClosed, true);
  }
});

test('R5.03 it subscribes, initializes and starts; open comes with the first poll', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  const worker = fixture.sink(task);
  const consumer = fixture.kafka.consumers[0];
  task.initialize = () =>
    void task.calls.push(`initialize, subscribed to ${String(consumer?.subscribed)}`);
  consumer?.assignLater([P0]);
  await worker.start();
  assert.deepEqual(task.calls, ['initialize, subscribed to orders', 'start']);
  const running = worker.run();
  await until('it is opened', () => task.calls.includes('open orders-0'));
  fixture.control.stop();
  await running;
  await worker.close();
});

test('R5.10 an assigned partition goes on from its position, which counts as committed', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.committedOffsets.set('orders-0', 2);
  run.consumer.log('orders', 0, values('a', 'b', 'c'));
  run.consumer.assignLater([P0]);
  await until('it is put', () => task.values.length === 1);
  assert.equal(await run.stop(), null);
  assert.deepEqual(task.values, ['c']);
  assert.deepEqual(run.consumer.calls, ['commit orders-0@3', 'close']);
});

test('R5.10 pauses of the task outlive a rebalance where the partition stays, and end where it goes', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.assignLater([P0, P1]);
  await until('they are opened', () => task.calls.includes('open orders-0 orders-1'));
  task.context?.pause([P0, P1]);
  run.consumer.revokeLater([P1]);
  run.consumer.assignLater([{ topic: 'orders', partition: 2 }]);
  await until('the third is opened', () => task.calls.includes('open orders-2'));
  assert.deepEqual(run.consumer.paused, ['orders-0']);
  run.consumer.assignLater([P1]);
  run.consumer.log('orders', 1, values('back'));
  await until('it is put', () => task.values.length === 1);
  assert.deepEqual(task.values, ['back']);
  assert.equal(await run.stop(), null);
});

test('R5.10 an error inside close fails the task once the poll has returned', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  let closes = 0;
  task.close = () => {
    closes += 1;
    if (closes === 1) throw new Error('the table is locked');
  };
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, values('a'));
  run.consumer.assignLater([P0]);
  await until('it is put', () => task.values.length === 1);
  run.consumer.revokeLater([P0]);
  const error = await run.outcome;
  await run.worker.close();
  assert.ok(error instanceof Error && error.message === 'the table is locked');
});

test('R5.10 after an error inside open nothing more is opened, and the first error counts', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  const opened: number[] = [];
  task.open = (partitions) => {
    opened.push(...partitions.map(({ partition }) => partition));
    throw new Error(`no table ${partitions.map(({ partition }) => partition).join()}`);
  };
  const worker = fixture.sink(task);
  const consumer = fixture.kafka.consumers[0];
  consumer?.assignLater([P0]);
  consumer?.assignLater([P1]);
  await worker.start();
  await assert.rejects(worker.run(), /^Error: no table 0$/);
  await worker.close();
  assert.deepEqual(opened, [0]);
});

test('R5.11 eager: all partitions are closed and opened anew; cooperative: only the difference', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, values('a'));
  run.consumer.log('orders', 1, values('b'));
  run.consumer.assignLater([P0, P1]);
  await until('they are put', () => task.values.length === 2);
  const seen = (): readonly string[] => task.calls.filter((call) => /^(open|close)/.test(call));
  assert.deepEqual(seen(), ['open orders-0 orders-1']);
  task.calls.length = 0;
  run.consumer.revokeLater([P0, P1]);
  run.consumer.assignLater([P1]);
  await until('the one is back', () => seen().length === 2);
  assert.deepEqual(seen(), ['close orders-0 orders-1', 'open orders-1']);
  task.calls.length = 0;
  run.consumer.assignLater([P0]);
  await until('the other is back', () => seen().length === 1);
  run.consumer.revokeLater([P1]);
  await until('one is gone', () => seen().length === 2);
  assert.deepEqual(seen(), ['open orders-0', 'close orders-1']);
  assert.equal(await run.stop(), null);
});

test('R5.14 at the stop everything is closed, then the task stops, then the consumer leaves', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  const run = await start(fixture, task);
  interleave(task, run.consumer);
  run.consumer.log('orders', 0, values('a'));
  run.consumer.assignLater([P0, P1]);
  await until('it is put', () => task.values.length === 1);
  const partitionCount = (): unknown =>
    run.worker.metrics()['sink-task-metrics']?.['partition-count'];
  assert.equal(partitionCount(), 2);
  task.calls.length = 0;
  assert.equal(await run.stop(), null);
  assert.deepEqual(task.calls, [
    'flush orders-0@1 orders-1@0',
    'close orders-0 orders-1',
    'commit orders-0@1',
    'stop',
    'close',
  ]);
  assert.equal(partitionCount(), 0);
});

test('R5.13 a batch that waits is not delivered while the connector is paused, but afterwards', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  const run = await start(fixture, task);
  let isDown = true;
  task.onPut = (records) => {
    if (records.length > 0 && isDown) throw new RetriableError('down');
  };
  run.consumer.log('orders', 0, values('a'));
  run.consumer.assignLater([P0]);
  await until('it was tried', () => task.calls.includes('put a'));
  fixture.control.pause();
  await until('it is paused', () => fixture.events.includes('paused'));
  isDown = false;
  task.calls.length = 0;
  await new Promise((resolve) => setTimeout(resolve, 15));
  assert.deepEqual(
    task.calls.filter((call) => call.startsWith('put')),
    [],
  );
  assert.deepEqual(run.consumer.paused, ['orders-0']);
  fixture.control.resume();
  await until('it is put', () => task.values.length === 1);
  assert.deepEqual(run.consumer.paused, []);
  assert.equal(await run.stop(), null);
  assert.equal(run.consumer.committedOffsets.get('orders-0'), 1);
});
