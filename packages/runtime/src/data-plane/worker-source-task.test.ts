import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSourceRecord, RetriableError } from '@sluice/api';
import { KafkaError } from '@sluice/kafka';
import { aRecord, lines, QueueTask, runUntilIdle } from '../../test/support/source-task-run.ts';
import {
  mapValue,
  TaskFixture,
  textConverter,
  textConverters,
  until,
} from '../../test/support/task-fixture.ts';

test('records go from poll to Kafka in order, and the last offset is committed at the stop', async () => {
  const fixture = new TaskFixture();
  const task = new QueueTask(lines('one', 'two'), null, [aRecord('three', 2)]);
  const run = await runUntilIdle(fixture, task);
  assert.equal(await run.stop(), null);
  assert.deepEqual(fixture.kafka.producers[0]?.values, ['one', 'two', 'three']);
  assert.deepEqual(fixture.offsets.written, [
    [{ partition: '{"file":"a.txt"}', offset: '{"position":2}' }],
  ]);
  assert.deepEqual(task.calls, ['initialize', 'start', 'commit', 'stop']);
  assert.equal(fixture.kafka.producers[0]?.isClosed, true);
  assert.deepEqual(fixture.events, ['topic lines']);
});

test('an offset waits for all records before it from the same source partition (R4.10)', async () => {
  const fixture = new TaskFixture();
  fixture.kafka.onProducer = (producer) => {
    producer.autoAck = false;
  };
  const task = new QueueTask([
    aRecord('a0', 0),
    aRecord('b0', 0, 'b.txt'),
    aRecord('a1', 1),
    aRecord('a2', 2),
  ]);
  const run = await runUntilIdle(fixture, task);
  const producer = fixture.kafka.producers[0];
  producer?.ackValues(['a1', 'b0']);
  // a0 never comes: after the flush timeout only b.txt may be committed.
  await run.stop();
  assert.deepEqual(fixture.offsets.written, [
    [{ partition: '{"file":"b.txt"}', offset: '{"position":0}' }],
  ]);
  assert.equal(fixture.logger.has('2 records were not acknowledged'), true);
});

test('filtered records are not tracked, and commitRecord is told of them without metadata (R4.05)', async () => {
  const drop = mapValue((value) => (value === 'drop' ? null : value.toUpperCase()));
  const fixture = new TaskFixture({ steps: [drop] });
  const task = new QueueTask(lines('keep', 'drop'));
  const run = await runUntilIdle(fixture, task);
  await run.stop();
  assert.deepEqual(fixture.kafka.producers[0]?.values, ['KEEP']);
  assert.deepEqual(new Set(task.committed), new Set(['drop', 'keep']));
  assert.deepEqual(
    task.metadata.filter((each) => each !== null),
    [{ topic: 'lines', partition: 0, offset: 0, timestamp: null }],
  );
  assert.deepEqual(fixture.offsets.written[0]?.[0]?.offset, '{"position":0}');
  assert.equal(run.worker.progress().recordsFiltered, 1);
});

test('a retriable error of poll counts as no records (R4.04)', async () => {
  const fixture = new TaskFixture();
  const task = new QueueTask(new RetriableError('try again'), lines('one'));
  const run = await runUntilIdle(fixture, task);
  assert.equal(await run.stop(), null);
  assert.deepEqual(fixture.kafka.producers[0]?.values, ['one']);
  assert.equal(fixture.logger.has('WARN failed to poll records from SourceTask'), true);
});

test('any other error of poll fails the task after a last commit of what was sent (R4.14)', async () => {
  const fixture = new TaskFixture();
  const task = new QueueTask(lines('one'), new Error('disk on fire'));
  const run = await runUntilIdle(fixture, task);
  const error = await run.outcome;
  await run.worker.close();
  assert.ok(error instanceof Error && error.message === 'disk on fire');
  assert.equal(fixture.offsets.written[0]?.[0]?.offset, '{"position":0}');
  assert.deepEqual(task.calls, ['initialize', 'start', 'commit', 'stop']);
});

test('a record that cannot be converted fails the task, the records before it are sent', async () => {
  const failing = textConverters({
    value: {
      ...textConverter(),
      fromConnectData: (_topic, _schema, value) => {
        if (value === 'bad') throw new TypeError('not a string');
        return Buffer.from(String(value));
      },
    },
  });
  const fixture = new TaskFixture({ converters: failing });
  const task = new QueueTask(lines('good', 'bad', 'never'));
  const run = await runUntilIdle(fixture, task);
  const error = await run.outcome;
  await run.worker.close();
  assert.ok(error instanceof Error);
  assert.match(error.message, /Tolerance exceeded in error handler/);
  assert.match(error.message, /stage VALUE_CONVERTER \(ValueConverter\) of task orders-0/);
  assert.match(
    error.message,
    /source partition \{"file":"a.txt"\} at source offset \{"position":1\}/,
  );
  assert.deepEqual(fixture.kafka.producers[0]?.values, ['good']);
  assert.equal(fixture.offsets.written[0]?.[0]?.offset, '{"position":0}');
});

test('errors.tolerance=all skips what cannot be converted and logs it when asked to (R5.20)', async () => {
  const failing = textConverters({
    value: {
      ...textConverter(),
      fromConnectData: (_topic, _schema, value) => {
        if (value === 'bad') throw new TypeError('not a string');
        return Buffer.from(String(value));
      },
    },
  });
  const fixture = new TaskFixture({
    converters: failing,
    errors: { tolerance: 'all', logEnable: true, logIncludeMessages: true },
  });
  const task = new QueueTask(lines('good', 'bad', 'better'));
  const run = await runUntilIdle(fixture, task);
  assert.equal(await run.stop(), null);
  assert.deepEqual(fixture.kafka.producers[0]?.values, ['good', 'better']);
  assert.equal(
    fixture.logger.has(
      "Error encountered in task orders-0. Executing stage 'VALUE_CONVERTER' with class 'ValueConverter'",
    ),
    true,
  );
  assert.deepEqual(run.worker.progress().recordsSkipped, 1);
  assert.equal(fixture.errorMetrics.errorsLogged, 1);
});

test('a retriable conversion error is retried on the same record before it counts (R5.16)', async () => {
  let attempts = 0;
  const flaky = textConverters({
    value: {
      ...textConverter(),
      fromConnectData: (_topic, _schema, value) => {
        if (value === 'slow' && ++attempts < 3) throw new RetriableError('not yet');
        return Buffer.from(String(value));
      },
    },
  });
  const fixture = new TaskFixture({ converters: flaky, errors: { retryTimeoutMs: 60_000 } });
  const task = new QueueTask(lines('slow', 'next'));
  const run = await runUntilIdle(fixture, task);
  assert.equal(await run.stop(), null);
  assert.deepEqual(fixture.kafka.producers[0]?.values, ['slow', 'next']);
  assert.equal(attempts, 3);
  assert.equal(fixture.errorMetrics.retries, 2);
});

test('a failed delivery fails the task at once, even while it waits in poll (R4.06)', async () => {
  const fixture = new TaskFixture();
  fixture.kafka.onProducer = (producer) => {
    producer.autoAck = false;
  };
  const task = new QueueTask(lines('one', 'two'));
  const run = await runUntilIdle(fixture, task);
  fixture.kafka.producers[0]?.fail(new KafkaError('MESSAGE_TOO_LARGE', 'too large'));
  const error = await run.outcome;
  await run.worker.close();
  assert.ok(error instanceof Error);
  assert.match(error.message, /Unrecoverable exception from producer send callback/);
  assert.deepEqual(fixture.offsets.written, []);
});

test('with errors.tolerance=all a failed delivery is skipped and counts as acknowledged (R4.06)', async () => {
  const fixture = new TaskFixture({ errors: { tolerance: 'all', logEnable: true } });
  fixture.kafka.onProducer = (producer) => {
    producer.autoAck = false;
  };
  const task = new QueueTask(lines('one', 'two'));
  const run = await runUntilIdle(fixture, task);
  const producer = fixture.kafka.producers[0];
  producer?.fail(new KafkaError('MESSAGE_TOO_LARGE', 'too large'), 1);
  producer?.ack();
  assert.equal(await run.stop(), null);
  assert.deepEqual(task.metadata, [
    null,
    { topic: 'lines', partition: 0, offset: 0, timestamp: null },
  ]);
  assert.equal(fixture.offsets.written[0]?.[0]?.offset, '{"position":1}');
  assert.equal(fixture.logger.has("Executing stage 'KAFKA_PRODUCE'"), true);
});

test('a retriable error of append sends the same record again, nothing is lost or doubled', async () => {
  const fixture = new TaskFixture();
  fixture.kafka.onProducer = (producer) => {
    producer.appendErrors.push(new KafkaError('LEADER', 'no leader', { isRetriable: true }));
  };
  const task = new QueueTask(lines('one', 'two'));
  const run = await runUntilIdle(fixture, task);
  assert.equal(await run.stop(), null);
  assert.deepEqual(fixture.kafka.producers[0]?.values, ['one', 'two']);
  assert.equal(fixture.offsets.written[0]?.[0]?.offset, '{"position":1}');
});

test('a full producer holds the task back, and a stop meanwhile skips nothing (Invariant 2)', async () => {
  const fixture = new TaskFixture();
  fixture.kafka.onProducer = (producer) => {
    producer.hasRoom = false;
  };
  const task = new QueueTask(lines('one', 'two'));
  const worker = fixture.source(task);
  await worker.start();
  const running = worker.run();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(fixture.kafka.producers[0]?.values, []);
  assert.equal(task.isIdle, false);
  fixture.control.stop();
  await running;
  await worker.close();
  assert.deepEqual(fixture.kafka.producers[0]?.values, []);
  assert.deepEqual(fixture.offsets.written, []);
});

test('a paused task polls no more until it is resumed (R4.15)', async () => {
  const fixture = new TaskFixture();
  const task = new QueueTask(lines('one'));
  const run = await runUntilIdle(fixture, task);
  fixture.control.pause();
  await until('it is paused', () => fixture.events.includes('paused'));
  task.polls.push([aRecord('two', 1)]);
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(fixture.kafka.producers[0]?.values, ['one']);
  fixture.control.resume();
  await until('the record is sent', () => fixture.kafka.producers[0]?.values.length === 2);
  assert.equal(await run.stop(), null);
  assert.deepEqual(fixture.events, ['topic lines', 'paused', 'resumed']);
});

test('offsets that could not be written are written with the next commit (R4.11)', async () => {
  const fixture = new TaskFixture({ spec: { offsetFlushIntervalMs: 5 } });
  fixture.offsets.error = new Error('disk full');
  const task = new QueueTask(lines('one'));
  const run = await runUntilIdle(fixture, task);
  await until('a commit has failed', () => run.worker.progress().offsetCommitFailures > 0);
  fixture.offsets.error = null;
  await until('it is made good', () => fixture.offsets.written.length > 0);
  assert.equal(fixture.offsets.written[0]?.[0]?.offset, '{"position":0}');
  await run.stop();
});

test('a topic is created by the first group that takes it, once (R4.23)', async () => {
  const fixture = new TaskFixture();
  fixture.kafka.topics.set('there', null);
  const group = { exclude: [], partitions: 3, replicationFactor: -1, configs: { 'a.b': '1' } };
  const topicCreation = [
    { ...group, name: 'lines', include: ['li.*'] },
    { ...group, name: 'default', include: [], partitions: 1 },
  ];
  const task = new QueueTask(lines('one'), [
    newSourceRecord({ topic: 'other', value: 'two' }),
    newSourceRecord({ topic: 'there', value: 'three' }),
  ]);
  const run = await runUntilIdle(fixture, task, { topicCreation });
  assert.equal(await run.stop(), null);
  assert.equal(fixture.kafka.topics.get('lines')?.partitions, 3);
  assert.equal(fixture.kafka.topics.get('other')?.partitions, 1);
  assert.equal(fixture.kafka.topics.get('there'), null);
  assert.deepEqual(fixture.kafka.producers[0]?.prepared, ['lines', 'other', 'there']);
});

test('a topic that cannot be created fails the task with what to do (R4.23)', async () => {
  const fixture = new TaskFixture();
  fixture.kafka.createError = new KafkaError('TOPIC_AUTHORIZATION_FAILED', 'not allowed');
  const topicCreation = [
    { name: 'default', include: [], exclude: [], partitions: 1, replicationFactor: 1, configs: {} },
  ];
  const run = await runUntilIdle(fixture, new QueueTask(lines('one')), { topicCreation });
  const error = await run.outcome;
  await run.worker.close();
  assert.ok(error instanceof Error);
  assert.match(error.message, /Task failed to create new topic 'lines'.*not allowed.*authorized/);
});

test('a poll of many records goes through in chunks, in order', async () => {
  const fixture = new TaskFixture();
  const values = Array.from({ length: 2_000 }, (_, index) => `line ${index}`);
  const run = await runUntilIdle(fixture, new QueueTask(lines(...values)));
  assert.equal(await run.stop(), null);
  assert.deepEqual(fixture.kafka.producers[0]?.values, values);
  assert.equal(fixture.offsets.written.at(-1)?.[0]?.offset, '{"position":1999}');
});
