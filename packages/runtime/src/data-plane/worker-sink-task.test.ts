import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RetriableError, type TopicPartitionOffset } from '@sluice/api';
import {
  interleave,
  NotingTask,
  P0,
  P1,
  positions,
  start,
  values,
} from '../../test/support/sink-task-run.ts';
import {
  mapValue,
  TaskFixture,
  textConverter,
  textConverters,
  until,
} from '../../test/support/task-fixture.ts';

test('start, open, put, then at the stop flush, close, commit, stop (R5.03, R5.10, R5.14)', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  const run = await start(fixture, task);
  interleave(task, run.consumer);
  assert.deepEqual(run.consumer.subscribed, ['orders']);
  run.consumer.log('orders', 0, values('one', 'two'));
  run.consumer.assignLater([P0]);
  await until('the records are put', () => task.values.length === 2);
  assert.equal(await run.stop(), null);
  assert.deepEqual(task.calls, [
    'initialize',
    'start',
    'open orders-0',
    'put one two',
    'flush orders-0@2',
    'close orders-0',
    'commit orders-0@2',
    'stop',
    'close',
  ]);
  assert.deepEqual(fixture.events, ['topic orders']);
});

test('topics.regex subscribes to topics that match as a whole', async () => {
  const fixture = new TaskFixture();
  const run = await start(fixture, new NotingTask(), { topics: null, topicsRegex: 'or.*' });
  const { subscribed } = run.consumer;
  assert.ok(subscribed instanceof RegExp);
  assert.equal(subscribed.test('orders'), true);
  assert.equal(subscribed.test('my-orders'), false);
  await run.stop();
});

test('records carry their coordinates, timestamp and headers (R5.06)', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, [
    { key: 'k', value: 'v', timestamp: 12, headers: [{ key: 'h', value: Buffer.from('x') }] },
    { value: null },
  ]);
  run.consumer.assignLater([P0]);
  await until('the records are put', () => task.records.length === 2);
  await run.stop();
  const [first, second] = task.records;
  assert.equal(first?.key, 'k');
  assert.equal(first?.timestamp, 12);
  assert.equal(first?.timestampType, 'CreateTime');
  assert.deepEqual(first?.headers, [{ key: 'h', schema: null, value: 'x' }]);
  assert.equal(second?.kafkaOffset, 1);
  assert.equal(second?.timestamp, null);
  assert.equal(second?.value, null);
});

test('put is called for empty polls too (R5.05)', async () => {
  const fixture = new TaskFixture({ spec: { offsetFlushIntervalMs: 3 } });
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.assignLater([P0]);
  await until('empty batches are put', () => task.emptyPuts >= 2);
  await run.stop();
});

test('a retriable error of put delivers the same batch again and reads nothing new meanwhile (R5.07)', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  let failures = 2;
  const paused: string[][] = [];
  const run = await start(fixture, task);
  task.onPut = (records) => {
    if (records.length === 0) return;
    paused.push([...run.consumer.paused]);
    if (failures-- > 0) {
      run.consumer.log('orders', 0, values('later'));
      throw new RetriableError('the database is restarting');
    }
  };
  run.consumer.log('orders', 0, values('one', 'two'));
  run.consumer.assignLater([P0]);
  await until('all is put', () => task.values.includes('later'));
  assert.deepEqual(task.calls.slice(3, 6), ['put one two', 'put one two', 'put one two']);
  assert.deepEqual(paused.slice(0, 3), [[], ['orders-0'], ['orders-0']]);
  assert.deepEqual(run.consumer.paused, []);
  assert.deepEqual(task.values, ['one', 'two', 'later', 'later']);
  await run.stop();
});

test('context.timeout sets the pause before the next delivery, once (R5.04)', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  const run = await start(fixture, task);
  let isFirst = true;
  task.onPut = (records) => {
    if (records.length === 0 || !isFirst) return;
    isFirst = false;
    task.context?.timeout(7);
    throw new RetriableError('soon');
  };
  run.consumer.log('orders', 0, values('one'));
  run.consumer.assignLater([P0]);
  await until('it is put', () => task.values.includes('one'));
  assert.equal(run.consumer.polled.filter((each) => each === 7).length, 1);
  await run.stop();
});

test('any other error of put fails the task; only what was put before is committed (R5.07)', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  const run = await start(fixture, task);
  interleave(task, run.consumer);
  run.consumer.maxPollRecords = 1;
  task.onPut = (records) => {
    if (records[0]?.value === 'bad') throw new TypeError('no such column');
  };
  run.consumer.log('orders', 0, values('good', 'bad', 'never'));
  run.consumer.assignLater([P0]);
  const error = await run.outcome;
  await run.worker.close();
  assert.ok(error instanceof Error);
  assert.match(
    error.message,
    /Exiting WorkerSinkTask due to unrecoverable exception.*no such column/,
  );
  assert.equal(run.consumer.committedOffsets.get('orders-0'), 1);
});

test('offsets of filtered records advance, by where they were read (R5.06, R5.08)', async () => {
  const rename = mapValue((value) => (value === 'drop' ? null : value));
  const toTopic = {
    ...rename,
    transformation: {
      configure: () => undefined,
      apply: <R extends { topic: string }>(record: R) => ({ ...record, topic: 'renamed' }),
    },
  };
  const fixture = new TaskFixture({ steps: [rename, toTopic] });
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, values('keep', 'drop', 'drop'));
  run.consumer.assignLater([P0]);
  await until('it is put', () => task.values.length === 1);
  await run.stop();
  assert.equal(task.records[0]?.topic, 'renamed');
  assert.equal(run.consumer.committedOffsets.get('orders-0'), 3);
  assert.equal(run.worker.progress().recordsFiltered, 2);
});

test('a message that cannot be converted names everything needed to find it (R5.15)', async () => {
  const failing = textConverters({
    value: {
      ...textConverter(),
      toConnectData: () => {
        throw new SyntaxError('Unexpected token');
      },
    },
  });
  const fixture = new TaskFixture({ converters: failing });
  const run = await start(fixture, new NotingTask());
  run.consumer.log('orders', 1, values('{oops'));
  run.consumer.assignLater([P1]);
  const error = await run.outcome;
  await run.worker.close();
  assert.ok(error instanceof Error);
  assert.match(error.message, /Tolerance exceeded in error handler: stage VALUE_CONVERTER/);
  assert.match(error.message, /task orders-0 failed on record orders-1@0: Unexpected token/);
  assert.equal(run.consumer.committedOffsets.size, 0);
});

test('errors.tolerance=all skips it, and the rest of the poll is delivered', async () => {
  const failing = textConverters({
    value: {
      ...textConverter(),
      toConnectData: (_topic, bytes) => {
        if (String(bytes) === 'bad') throw new SyntaxError('Unexpected token');
        return { schema: null, value: String(bytes) };
      },
    },
  });
  const fixture = new TaskFixture({
    converters: failing,
    errors: { tolerance: 'all', logEnable: true, logIncludeMessages: true },
  });
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, values('a', 'bad', 'c'));
  run.consumer.assignLater([P0]);
  await until('they are put', () => task.values.length === 2);
  await run.stop();
  assert.deepEqual(task.values, ['a', 'c']);
  assert.equal(run.consumer.committedOffsets.get('orders-0'), 3);
  assert.equal(
    fixture.logger.has("where consumed record is {topic='orders', partition=0, offset=1}."),
    true,
  );
});

test('preCommit decides what is committed; what it may not say is ignored with a warning (R5.08)', async () => {
  const fixture = new TaskFixture();
  const task = Object.assign(new NotingTask(), {
    preCommit: (offsets: readonly TopicPartitionOffset[]) => {
      task.calls.push(`preCommit ${positions(offsets)}`);
      return [
        { ...P0, offset: 1 },
        { ...P1, offset: 99 },
        { topic: 'foreign', partition: 0, offset: 1 },
      ];
    },
  });
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, values('a', 'b'));
  run.consumer.log('orders', 1, values('c'));
  run.consumer.assignLater([P0, P1]);
  await until('they are put', () => task.values.length === 3);
  task.context?.requestCommit();
  run.consumer.wakeup();
  await until('the commit is made', () => run.consumer.committedOffsets.size > 0);
  assert.deepEqual([...run.consumer.committedOffsets], [['orders-0', 1]]);
  assert.equal(fixture.logger.has('orders-1@99 -- not yet consumed'), true);
  assert.equal(fixture.logger.has('foreign-0@1 -- partition not assigned'), true);
  await run.stop();
});

test('preCommit that answers nothing skips the commit (R5.08)', async () => {
  const fixture = new TaskFixture();
  const task = Object.assign(new NotingTask(), { preCommit: () => [] });
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, values('a'));
  run.consumer.assignLater([P0]);
  await until('it is put', () => task.values.length === 1);
  await run.stop();
  assert.equal(run.consumer.committedOffsets.size, 0);
  assert.deepEqual(task.calls.slice(-2), ['close orders-0', 'stop']);
});

test('preCommit that throws rewinds to the last committed offsets (R5.08)', async () => {
  const fixture = new TaskFixture();
  let failures = 1;
  const task = Object.assign(new NotingTask(), {
    preCommit: (offsets: readonly TopicPartitionOffset[]) => {
      if (failures-- > 0) throw new Error('flush failed');
      return offsets;
    },
  });
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, values('a', 'b'));
  run.consumer.assignLater([P0]);
  await until('they are put', () => task.values.length === 2);
  task.context?.requestCommit();
  run.consumer.wakeup();
  await until('they are put again', () => task.values.length === 4);
  assert.deepEqual(task.values, ['a', 'b', 'a', 'b']);
  assert.equal(run.worker.progress().offsetCommitFailures, 1);
  await run.stop();
  assert.equal(run.consumer.committedOffsets.get('orders-0'), 2);
});

test('revoked partitions are flushed, closed and committed in this order; the others go on (R5.10)', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  const run = await start(fixture, task);
  interleave(task, run.consumer);
  run.consumer.log('orders', 0, values('a'));
  run.consumer.log('orders', 1, values('b'));
  run.consumer.assignLater([P0, P1]);
  await until('they are put', () => task.values.length === 2);
  task.calls.length = 0;
  run.consumer.revokeLater([P1]);
  await until('it is committed', () => run.consumer.committedOffsets.has('orders-1'));
  assert.deepEqual(task.calls, ['flush orders-1@1', 'close orders-1', 'commit orders-1@1']);
  await run.stop();
  assert.deepEqual(task.calls.slice(3), [
    'flush orders-0@1',
    'close orders-0',
    'commit orders-0@1',
    'stop',
    'close',
  ]);
});

test('close is called although preCommit throws (R5.10)', async () => {
  const fixture = new TaskFixture();
  const task = Object.assign(new NotingTask(), {
    preCommit: () => {
      throw new Error('flush failed');
    },
  });
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, values('a'));
  run.consumer.assignLater([P0]);
  await until('it is put', () => task.values.length === 1);
  run.consumer.revokeLater([P0]);
  await until('it is closed', () => task.calls.includes('close orders-0'));
  assert.equal(run.consumer.committedOffsets.size, 0);
  await run.stop();
});

test('lost partitions are closed and not committed (R5.10)', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, values('a'));
  run.consumer.assignLater([P0]);
  await until('it is put', () => task.values.length === 1);
  run.consumer.loseLater([P0]);
  await until('it is closed', () => task.calls.includes('close orders-0'));
  await run.stop();
  assert.equal(run.consumer.committedOffsets.size, 0);
  assert.equal(
    task.calls.some((each) => each.startsWith('flush')),
    false,
  );
});

test('a batch that waits for redelivery loses the records of partitions that are revoked (R5.10)', async () => {
  const rename = {
    ...mapValue((value) => value),
    transformation: {
      configure: () => undefined,
      apply: <R extends { topic: string }>(record: R) => ({ ...record, topic: 'renamed' }),
    },
  };
  const fixture = new TaskFixture({ steps: [rename] });
  const task = new NotingTask();
  const run = await start(fixture, task);
  let isDown = true;
  task.onPut = (records) => {
    if (records.length > 0 && isDown) throw new RetriableError('down');
  };
  run.consumer.log('orders', 0, values('mine'));
  run.consumer.log('orders', 1, values('theirs'));
  run.consumer.assignLater([P0, P1]);
  await until('it was tried', () => task.calls.includes('put mine theirs'));
  run.consumer.revokeLater([P1]);
  await until('the rest is tried', () => task.calls.includes('put mine'));
  isDown = false;
  await until('it is put', () => task.values.length > 0);
  await run.stop();
  assert.deepEqual(task.values, ['mine']);
  assert.equal(run.consumer.committedOffsets.get('orders-1'), undefined);
});

test('an error inside open fails the task after the poll (R5.10)', async () => {
  const fixture = new TaskFixture();
  const task = Object.assign(new NotingTask(), {
    open: () => {
      throw new Error('no table');
    },
  });
  const run = await start(fixture, task);
  run.consumer.assignLater([P0]);
  const error = await run.outcome;
  await run.worker.close();
  assert.ok(error instanceof Error && error.message === 'no table');
});

test('context.offset rewinds before the next poll, for owned partitions only (R5.12)', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  const run = await start(fixture, task);
  let hasRewound = false;
  task.onPut = () => {
    if (hasRewound || task.values.length === 0) return;
    hasRewound = true;
    task.context?.offset([
      { ...P0, offset: 0 },
      { ...P1, offset: 5 },
    ]);
  };
  run.consumer.log('orders', 0, values('a', 'b'));
  run.consumer.assignLater([P0]);
  await until('they are put', () => task.values.length === 2);
  run.consumer.log('orders', 0, values('c'));
  await until('they are put again', () => task.values.length === 6);
  assert.deepEqual(task.values, ['a', 'b', 'c', 'a', 'b', 'c']);
  assert.deepEqual(run.consumer.calls, ['seek orders-0@0']);
  await run.stop();
});

test('a paused connector keeps polling, delivers nothing, and commits what it has (R5.13)', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, values('a'));
  run.consumer.assignLater([P0]);
  await until('it is put', () => task.values.length === 1);
  fixture.control.pause();
  await until('it is paused', () => fixture.events.includes('paused'));
  await until('what it has is committed', () => run.consumer.committedOffsets.has('orders-0'));
  const puts = task.emptyPuts;
  run.consumer.log('orders', 0, values('b'));
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(task.values, ['a']);
  assert.equal(task.emptyPuts, puts);
  task.context?.pause([P0]);
  fixture.control.resume();
  await until('it is resumed', () => fixture.events.includes('resumed'));
  // The task's own pause outlives the connector's.
  assert.deepEqual(run.consumer.paused, ['orders-0']);
  task.context?.resume([P0]);
  await until('the rest is put', () => task.values.length === 2);
  await run.stop();
});

test('pausing a partition that is not owned is refused', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  const run = await start(fixture, task);
  assert.throws(() => task.context?.pause([P0]), /not currently assigned to them: orders-0/);
  await run.stop();
});

test('offsets are committed by the clock (R5.04)', async () => {
  const fixture = new TaskFixture({ spec: { offsetFlushIntervalMs: 5 } });
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, values('a', 'b'));
  run.consumer.assignLater([P0]);
  await until('it is committed', () => run.consumer.committedOffsets.get('orders-0') === 2);
  const commits = run.consumer.calls.length;
  await new Promise((resolve) => setTimeout(resolve, 25));
  // Nothing new was put: what is committed already is not committed again.
  assert.equal(run.consumer.calls.length, commits);
  await run.stop();
});

test('a failed commit is counted and tried again with the next (R5.08)', async () => {
  const fixture = new TaskFixture({ spec: { offsetFlushIntervalMs: 5 } });
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.commitError = new Error('coordinator not available');
  run.consumer.log('orders', 0, values('a'));
  run.consumer.assignLater([P0]);
  await until('it has failed', () => run.worker.progress().offsetCommitFailures > 0);
  run.consumer.commitError = null;
  await until('it is committed', () => run.consumer.committedOffsets.get('orders-0') === 1);
  await run.stop();
});
