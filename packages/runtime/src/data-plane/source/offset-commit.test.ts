// Goal: when source offsets are committed, which ones, and what happens when they can't be (R4.10,
// R4.11, R4.15). Over a producer and a store in memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RetriableError } from '@sluice/api';
import { KafkaError } from '@sluice/kafka';
import { aRecord, lines, QueueTask, runUntilIdle } from '../../../test/support/source-task-run.ts';
import { TaskFixture, until } from '../../../test/support/task-fixture.ts';

function notAcking(fixture: TaskFixture): void {
  fixture.kafka.onProducer = (producer) => {
    producer.autoAck = false;
  };
}

test('R4.10 a commit tells what is acknowledged and what is pending, and where most of it is', async () => {
  const fixture = new TaskFixture();
  notAcking(fixture);
  const task = new QueueTask([
    aRecord('a0', 0),
    aRecord('a1', 1),
    aRecord('a2', 2),
    aRecord('b0', 0, 'b.txt'),
    aRecord('c0', 0, 'c.txt'),
  ]);
  const run = await runUntilIdle(fixture, task);
  fixture.kafka.producers[0]?.ackValues(['a1', 'c0']);
  await run.stop();
  const { logger } = fixture;
  assert.equal(logger.has('INFO Committing offsets for 2 acknowledged messages'), true);
  // a1 is acknowledged, but waits behind a0.
  assert.equal(
    logger.has(
      'DEBUG There are currently 4 pending messages in 2 source partitions whose offsets are not ' +
        'committed yet; most of them, 3, are of {"file":"a.txt"}',
    ),
    true,
    logger.lines.join('\n'),
  );
});

test('R4.10 a record that the producer did not take leaves no gap behind', async () => {
  const fixture = new TaskFixture();
  fixture.kafka.onProducer = (producer) => {
    producer.appendErrors.push(new KafkaError('BUSY', 'no memory', { isRetriable: true }));
  };
  const run = await runUntilIdle(fixture, new QueueTask(lines('one', 'two')));
  assert.equal(await run.stop(), null);
  assert.equal(fixture.offsets.written.at(-1)?.[0]?.offset, '{"position":1}');
  assert.equal(fixture.logger.has('pending messages'), false);
});

test('R4.11 offsets are committed every offset.flush.interval.ms, then the task’s commit is called', async () => {
  const fixture = new TaskFixture({ spec: { offsetFlushIntervalMs: 5 } });
  const task = new QueueTask(lines('one'));
  const run = await runUntilIdle(fixture, task);
  await until('it is written', () => fixture.offsets.written.length === 1);
  await until('commit is called', () => task.calls.includes('commit'));
  // With nothing new to write the task is told all the same.
  await until('again and again', () => task.calls.filter((each) => each === 'commit').length >= 4);
  assert.equal(fixture.offsets.written.length, 1);
  assert.equal(run.worker.progress().offsetCommits >= 3, true);
  task.polls.push([aRecord('two', 1)]);
  fixture.control.interrupt();
  await until('the next is written', () => fixture.offsets.written.length === 2);
  assert.equal(fixture.offsets.written[1]?.[0]?.offset, '{"position":1}');
  await run.stop();
});

test('R4.11 what the task’s commit throws is logged, and commits go on', async () => {
  const fixture = new TaskFixture({ spec: { offsetFlushIntervalMs: 5 } });
  const task = new QueueTask(lines('one'));
  let commits = 0;
  task.commit = () => {
    commits += 1;
    throw new TypeError('my own books');
  };
  const run = await runUntilIdle(fixture, task);
  await until('it goes on', () => commits >= 2);
  assert.equal(await run.stop(), null);
  assert.equal(fixture.logger.has('ERROR Exception thrown while calling task.commit()'), true);
});

test('R4.11 a write that outlasts offset.flush.timeout.ms is given up and made good by the next', async () => {
  const spec = { offsetFlushIntervalMs: 5, offsetFlushTimeoutMs: 20 };
  const fixture = new TaskFixture({ spec });
  const written = fixture.offsets.write.bind(fixture.offsets);
  const order: string[] = [];
  fixture.offsets.write = (offsets) => {
    order.push('write');
    return order.filter((each) => each === 'write').length === 1
      ? new Promise(() => undefined)
      : written(offsets);
  };
  const task = new QueueTask(lines('one'));
  task.commit = () => void order.push('commit');
  const run = await runUntilIdle(fixture, task);
  await until('it is made good', () => fixture.offsets.written.length === 1);
  assert.equal(run.worker.progress().offsetCommitFailures, 1);
  assert.equal(fixture.logger.has('ERROR Timed out waiting to flush offsets to storage'), true);
  assert.equal(fixture.offsets.written[0]?.[0]?.offset, '{"position":0}');
  await until('the task is told', () => order.at(-1) === 'commit');
  // Before the first write there was nothing to write; a write that failed is no commit.
  const written1 = order.indexOf('write');
  assert.deepEqual(order.slice(written1, written1 + 3), ['write', 'write', 'commit']);
  await run.stop();
});

test('R4.11 a failed task commits once more at its end and never again', async () => {
  const fixture = new TaskFixture({ spec: { offsetFlushIntervalMs: 3 } });
  const task = new QueueTask(lines('one'), new Error('disk on fire'));
  const run = await runUntilIdle(fixture, task);
  const error = await run.outcome;
  assert.ok(error instanceof Error && error.message === 'disk on fire');
  const commits = run.worker.progress().offsetCommits;
  await new Promise((resolve) => setTimeout(resolve, 25));
  assert.equal(run.worker.progress().offsetCommits, commits);
  await run.worker.close();
});

test('R4.15 commits go on while the task is paused', async () => {
  const fixture = new TaskFixture({ spec: { offsetFlushIntervalMs: 5 } });
  notAcking(fixture);
  const task = new QueueTask(lines('one', 'two'));
  const run = await runUntilIdle(fixture, task);
  fixture.control.pause();
  await until('it is paused', () => fixture.events.includes('paused'));
  fixture.kafka.producers[0]?.ack();
  await until('it is committed', () => fixture.offsets.written.length === 1);
  assert.equal(fixture.offsets.written[0]?.[0]?.offset, '{"position":1}');
  assert.deepEqual(task.calls.slice(0, 2), ['initialize', 'start']);
  assert.equal(task.calls.includes('stop'), false);
  assert.equal(fixture.kafka.producers[0]?.isClosed, false);
  await run.stop();
});

test('R4.12 the last commit waits for records in flight, no longer than offset.flush.timeout.ms', async () => {
  const fixture = new TaskFixture({ spec: { offsetFlushTimeoutMs: 60_000 } });
  notAcking(fixture);
  const run = await runUntilIdle(fixture, new QueueTask(lines('one', 'two')));
  const stopped = run.stop();
  await new Promise((resolve) => setTimeout(resolve, 15));
  assert.equal(fixture.offsets.written.length, 0);
  fixture.kafka.producers[0]?.ack();
  assert.equal(await stopped, null);
  assert.equal(fixture.offsets.written[0]?.[0]?.offset, '{"position":1}');

  const late = new TaskFixture({ spec: { offsetFlushTimeoutMs: 20 } });
  notAcking(late);
  const lateRun = await runUntilIdle(late, new QueueTask(lines('one', 'two')));
  late.kafka.producers[0]?.ack(1);
  assert.equal(await lateRun.stop(), null);
  assert.equal(late.offsets.written[0]?.[0]?.offset, '{"position":0}');
  assert.equal(late.logger.has('WARN 1 records were not acknowledged within'), true);
});

test('R4.14 a retriable error of start fails the task like any other', async () => {
  const fixture = new TaskFixture();
  const task = new QueueTask();
  task.startError = new RetriableError('not yet');
  const worker = fixture.source(task);
  await assert.rejects(Promise.resolve(worker.start()), /not yet/);
  await worker.close();
  assert.deepEqual(task.calls, ['initialize', 'start', 'stop']);
});
