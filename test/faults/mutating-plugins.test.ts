import { RetriableError, type SinkRecord, type SourceRecord, type SourceTask } from '@sluice/api';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  NotingTask,
  P0,
  start,
  values,
} from '../../packages/runtime/test/support/sink-task-run.ts';
import { aRecord } from '../../packages/runtime/test/support/source-task-run.ts';
import { TaskFixture, until } from '../../packages/runtime/test/support/task-fixture.ts';

test('F36 a sink that empties the list it is given gets the whole batch again', async () => {
  const task = new NotingTask();
  let failures = 2;
  task.put = (records: readonly SinkRecord[]): void => {
    task.values.push(records.map(({ value }) => value).join(' '));
    if (records.length === 0 || failures-- <= 0) return;
    // No compiler would let it through; plug-ins in JavaScript are not asked.
    Reflect.apply(Array.prototype.splice, records, [0]);
    throw new RetriableError('not now');
  };
  const run = await start(new TaskFixture(), task);
  run.consumer.log('orders', 0, values('a', 'b'));
  run.consumer.assignLater([P0]);
  await until('it has all of it a third time', () => {
    return task.values.filter((each) => each === 'a b').length === 3;
  });
  assert.equal(await run.stop(), null);
  assert.equal(run.consumer.committedOffsets.get('orders-0'), 2);
});

test('F36 a source that uses one list for all its polls loses and doubles nothing', async () => {
  const list: SourceRecord[] = [];
  let next = 0;
  const task: SourceTask = {
    initialize: () => undefined,
    start: () => undefined,
    poll: () => {
      list.length = 0;
      if (next < 6) for (const _ of [1, 2]) list.push(aRecord(`v${next}`, next++));
      return Promise.resolve(list);
    },
    stop: () => undefined,
  };
  const fixture = new TaskFixture();
  const worker = fixture.source(task);
  await worker.start();
  const ended = worker.run();
  await until('all are sent', () => fixture.kafka.producers[0]?.values.length === 6);
  fixture.control.stop();
  await ended;
  await worker.close();
  assert.deepEqual(fixture.kafka.producers[0]?.values, ['v0', 'v1', 'v2', 'v3', 'v4', 'v5']);
});

test('F36 a transformation that changes its record in place changes no other', async () => {
  const fixture = new TaskFixture({
    steps: [
      {
        className: 'Changing',
        predicate: null,
        negate: false,
        transformation: {
          configure: () => undefined,
          apply: (record) => Object.assign(record, { value: `${String(record.value)}!` }),
        },
      },
    ],
  });
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, values('a', 'b', 'c'));
  run.consumer.assignLater([P0]);
  await until('they are put', () => task.values.length === 3);
  assert.deepEqual(task.values, ['a!', 'b!', 'c!']);
  await run.stop();
});
