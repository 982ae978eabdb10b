// Goal: how a source task begins, is polled and ends (R4.01 to R4.03, R4.12, R4.13, R4.24).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SourceRecord, SourceTaskContext } from '@sluice/api';
import { aRecord, lines, QueueTask, runUntilIdle } from '../../test/support/source-task-run.ts';
import { TaskFixture, textConverters, until } from '../../test/support/task-fixture.ts';
import { TaskOffsetReader } from './source/offset-reader.ts';

const DEFAULT_GROUP = {
  name: 'default',
  include: [],
  exclude: [],
  partitions: 1,
  replicationFactor: 1,
  configs: {},
};

/** Keeps the context that it is given. */
class AskingTask extends QueueTask {
  context: SourceTaskContext | null = null;
  props: Readonly<Record<string, string>> = {};

  override initialize(context?: SourceTaskContext): void {
    super.initialize();
    this.context = context ?? null;
  }

  override start(props: Readonly<Record<string, string>> = {}): void {
    super.start();
    this.props = props;
  }
}

test('R4.01 a task is initialized, then started with its config, then polled', async () => {
  const fixture = new TaskFixture();
  const task = new AskingTask(lines('one'));
  const taskProps = { 'task.class': 'OrdersTask', file: 'x' };
  const run = await runUntilIdle(fixture, task, { taskProps });
  assert.deepEqual(task.calls.slice(0, 2), ['initialize', 'start']);
  assert.deepEqual(task.props, taskProps);
  await run.stop();
});

test('R4.02 a task’s context has its config, its stored offsets, a logger, and no transaction', async () => {
  const fixture = new TaskFixture();
  fixture.offsets.stored.set('{"file":"a.txt"}', '{"position":7}');
  const task = new AskingTask();
  const run = await runUntilIdle(fixture, task, { taskProps: { file: 'x' } });
  const { context } = task;
  assert.ok(context !== null);
  assert.deepEqual(context.configs, { file: 'x' });
  const [a, b] = [{ file: 'a.txt' }, { file: 'b.txt' }];
  assert.deepEqual(await context.offsetStorageReader.offset(a), { position: 7 });
  assert.equal(await context.offsetStorageReader.offset(b), null);
  assert.deepEqual(await context.offsetStorageReader.offsets([b, a]), [null, { position: 7 }]);
  assert.equal(context.transactionContext ?? null, null);
  context.logger.info('I am here');
  assert.equal(fixture.logger.has('I am here'), true);
  await run.stop();
});

test('R4.03 a poll without records is followed by the next, and nothing is committed for it', async () => {
  const fixture = new TaskFixture();
  const task = new QueueTask(null, [], null, lines('one'));
  const run = await runUntilIdle(fixture, task);
  assert.equal(await run.stop(), null);
  assert.deepEqual(fixture.kafka.producers[0]?.values, ['one']);
  assert.equal(fixture.offsets.written.length, 1);
});

test('R4.03 R4.15 pausing ends between polls: PAUSED, no poll, RUNNING again on resume', async () => {
  const fixture = new TaskFixture();
  const task = new QueueTask(lines('one'));
  const run = await runUntilIdle(fixture, task);
  fixture.control.pause();
  await until('it is paused', () => fixture.events.includes('paused'));
  task.polls.push([aRecord('two', 1)]);
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(task.polls.length, 1);
  fixture.control.resume();
  await until('it is polled', () => task.polls.length === 0);
  assert.equal(await run.stop(), null);
  assert.deepEqual(fixture.events, ['topic lines', 'paused', 'resumed']);
});

test('R4.03 R4.15 a paused task can be stopped without being resumed', async () => {
  const fixture = new TaskFixture();
  const task = new QueueTask();
  const run = await runUntilIdle(fixture, task);
  fixture.control.pause();
  await until('it is paused', () => fixture.events.includes('paused'));
  assert.equal(await run.stop(), null);
  assert.deepEqual(fixture.events, ['paused']);
});

test('R4.12 a stop waits for the present poll, and what that gives is still sent', async () => {
  const fixture = new TaskFixture();
  const task = new QueueTask();
  const last = Promise.withResolvers<readonly SourceRecord[]>();
  let polls = 0;
  // A task that knows nothing of signals: it is not interrupted.
  task.poll = () => {
    polls += 1;
    return polls === 1 ? Promise.resolve(lines('first')) : last.promise;
  };
  const worker = fixture.source(task);
  await worker.start();
  let hasEnded = false;
  const running = (async () => {
    await worker.run();
    hasEnded = true;
  })();
  await until('it waits in poll', () => polls === 2);
  fixture.control.stop();
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(hasEnded, false);
  assert.deepEqual(task.calls, ['initialize', 'start']);
  last.resolve([aRecord('last', 1)]);
  await running;
  await worker.close();
  assert.equal(polls, 2);
  assert.deepEqual(fixture.kafka.producers[0]?.values, ['first', 'last']);
  assert.equal(fixture.offsets.written[0]?.[0]?.offset, '{"position":1}');
});

test('R4.12 the end: last commit, stop of the task, producer, admin, transformations, converters', async () => {
  const order: string[] = [];
  const note = (what: string) => () => void order.push(what);
  const plain = textConverters();
  const converters = textConverters({
    key: { ...plain.key, close: note('key converter') },
    value: { ...plain.value, close: note('value converter') },
    header: { ...plain.header, close: note('header converter') },
  });
  const transformation = {
    configure: () => undefined,
    apply: <R>(record: R): R => record,
    close: note('transformation'),
  };
  const predicate = { configure: () => undefined, test: () => true, close: note('predicate') };
  const step = { className: 'Noted', transformation, predicate, negate: false };
  const fixture = new TaskFixture({ converters, steps: [step] });
  fixture.kafka.adminCalls.push = (call) => order.push(call === 'close' ? 'admin' : 'look');
  const write = fixture.offsets.write.bind(fixture.offsets);
  fixture.offsets.write = (offsets) => {
    order.push('offsets');
    return write(offsets);
  };
  const task = new QueueTask(lines('one'));
  task.stop = note('task');
  const run = await runUntilIdle(fixture, task, { topicCreation: [DEFAULT_GROUP] });
  const [producer] = fixture.kafka.producers;
  assert.ok(producer !== undefined);
  producer.onClose = note('producer');
  order.length = 0;
  assert.equal(await run.stop(), null);
  assert.deepEqual(order, [
    'offsets',
    'task',
    'producer',
    'admin',
    'transformation',
    'predicate',
    'header converter',
    'key converter',
    'value converter',
  ]);
  assert.deepEqual(producer.closeTimeouts, [30_000]);
});

test('R4.12 a task that was never initialized is not stopped', async () => {
  const fixture = new TaskFixture();
  const task = new QueueTask();
  await fixture.source(task).close();
  assert.deepEqual(task.calls, []);
});

test('R4.12 what a part throws when it is closed keeps nothing else from being closed', async () => {
  const fixture = new TaskFixture();
  const task = new QueueTask(lines('one'));
  task.stop = () => {
    throw new Error('it does not let go');
  };
  const run = await runUntilIdle(fixture, task);
  assert.equal(await run.stop(), null);
  assert.equal(fixture.kafka.producers[0]?.isClosed, true);
  assert.equal(fixture.logger.has('WARN Failed to close source task'), true);
});

test('R4.13 a task that is given up commits nothing more, and its producer is closed at once', async () => {
  const fixture = new TaskFixture();
  fixture.kafka.onProducer = (producer) => {
    producer.autoAck = false;
  };
  const task = new QueueTask(lines('one', 'two'));
  const run = await runUntilIdle(fixture, task);
  run.worker.cancel();
  fixture.kafka.producers[0]?.ack();
  assert.equal(await run.stop(), null);
  assert.deepEqual(fixture.kafka.producers[0]?.closeTimeouts, [0, 0]);
  assert.deepEqual(fixture.offsets.written, []);
  assert.equal(task.calls.includes('commit'), false);
});

test('R4.13 reads of offsets end when the task is given up', async () => {
  const fixture = new TaskFixture();
  fixture.offsets.read = () => new Promise(() => undefined);
  const task = new AskingTask();
  const run = await runUntilIdle(fixture, task);
  const reader = task.context?.offsetStorageReader;
  assert.ok(reader !== undefined);
  const reading = reader.offset({ file: 'a.txt' });
  run.worker.cancel();
  await assert.rejects(reading, /did not stop within task\.shutdown\.graceful\.timeout\.ms/);
  await assert.rejects(reader.offsets([]), /can no longer be read/);
  await run.stop();
});

test('R4.13 a read that fails by itself is told as it failed', async () => {
  const fixture = new TaskFixture();
  fixture.offsets.read = () => Promise.reject(new Error('disk gone'));
  await assert.rejects(new TaskOffsetReader(fixture.offsets).offsets([]), /disk gone/);
});

test('R4.24 metrics tell the time of polls, the size of batches, and what is not acknowledged', async () => {
  const fixture = new TaskFixture();
  fixture.kafka.onProducer = (producer) => {
    producer.autoAck = false;
  };
  const run = await runUntilIdle(fixture, new QueueTask(lines('a', 'b', 'c'), lines('d')));
  const metric = (group: string, name: string): number | string | undefined =>
    run.worker.metrics()[group]?.[name];
  assert.equal(metric('source-task-metrics', 'source-record-poll-total'), 4);
  assert.equal(metric('source-task-metrics', 'source-record-active-count'), 4);
  fixture.kafka.producers[0]?.ack(3);
  assert.equal(metric('source-task-metrics', 'source-record-active-count'), 1);
  assert.equal(metric('source-task-metrics', 'source-record-active-count-max'), 4);
  assert.equal(metric('source-task-metrics', 'source-record-write-total'), 3);
  assert.equal(metric('connector-task-metrics', 'batch-size-max'), 3);
  assert.equal(metric('connector-task-metrics', 'batch-size-avg'), 2);
  const pollMs = metric('source-task-metrics', 'poll-batch-max-time-ms');
  assert.ok(typeof pollMs === 'number' && pollMs >= 0);
  fixture.kafka.producers[0]?.ack();
  await run.stop();
});
