// Goal: when a sink's offsets are committed, and whose answer counts (R5.04, R5.08, R5.09).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TopicPartitionOffset } from '@sluice/api';
import {
  interleave,
  NotingTask,
  P0,
  P1,
  positions,
  start,
  values,
} from '../../../test/support/sink-task-run.ts';
import { TaskFixture, until } from '../../../test/support/task-fixture.ts';

function metric(worker: { metrics(): object }, name: string): unknown {
  const groups: unknown = Reflect.get(worker.metrics(), 'sink-task-metrics');
  return typeof groups === 'object' && groups !== null ? Reflect.get(groups, name) : undefined;
}

test('R5.04 records are delivered while a commit is under way, and no other is begun', async () => {
  const fixture = new TaskFixture({ spec: { offsetFlushTimeoutMs: 60_000 } });
  const task = new NotingTask();
  const run = await start(fixture, task);
  interleave(task, run.consumer);
  const gate = Promise.withResolvers<void>();
  run.consumer.commitGate = gate.promise;
  run.consumer.log('orders', 0, values('a'));
  run.consumer.assignLater([P0]);
  await until('it is put', () => task.values.length === 1);
  task.calls.length = 0;
  task.context?.requestCommit();
  run.consumer.wakeup();
  await until('the commit is sent', () => task.calls.includes('commit orders-0@1'));
  run.consumer.log('orders', 0, values('b'));
  await until('the next is put', () => task.values.length === 2);
  task.context?.requestCommit();
  run.consumer.wakeup();
  run.consumer.log('orders', 0, values('c'));
  await until('and the next', () => task.values.length === 3);
  assert.deepEqual(task.calls, ['flush orders-0@1', 'commit orders-0@1', 'put b', 'put c']);
  gate.resolve();
  await until('what was asked for meanwhile follows', () =>
    task.calls.includes('commit orders-0@3'),
  );
  await until('both are counted', () => run.worker.progress().offsetCommits === 2);
  assert.equal(await run.stop(), null);
});

test('R5.04 the poll ends when the next commit is due, or at the task’s timeout if that is sooner', async () => {
  const fixture = new TaskFixture({ spec: { offsetFlushIntervalMs: 60_000 } });
  const task = new NotingTask();
  task.onPut = () => {
    if (task.emptyPuts === 1) task.context?.timeout(3);
    if (task.emptyPuts === 2) task.context?.timeout(120_000);
  };
  const run = await start(fixture, task);
  run.consumer.assignLater([P0]);
  await until('it was polled thrice', () => run.consumer.polled.length >= 3);
  const [first = 0, second, third = 0] = run.consumer.polled;
  assert.ok(first > 50_000 && first <= 60_000, `${first}`);
  assert.equal(second, 3);
  assert.ok(third > 50_000 && third <= 60_000, `${third}`);
  assert.equal(await run.stop(), null);
});

test('R5.04 a commit that outlasts offset.flush.timeout.ms counts as failed, and the next is made', async () => {
  const fixture = new TaskFixture({ spec: { offsetFlushTimeoutMs: 15 } });
  const task = new NotingTask();
  const run = await start(fixture, task);
  run.consumer.commitGate = new Promise(() => undefined);
  run.consumer.log('orders', 0, values('a'));
  run.consumer.assignLater([P0]);
  await until('it is put', () => task.values.length === 1);
  task.context?.requestCommit();
  run.consumer.wakeup();
  await until('it has failed', () => run.worker.progress().offsetCommitFailures === 1);
  assert.equal(fixture.logger.has('WARN Commit of offsets timed out'), true);
  run.consumer.commitGate = null;
  task.context?.requestCommit();
  run.consumer.wakeup();
  await until('the next is made', () => run.consumer.committedOffsets.get('orders-0') === 1);
  assert.equal(await run.stop(), null);
});

test('R5.09 the answer to a commit that was given up is ignored', async () => {
  const fixture = new TaskFixture({ spec: { offsetFlushTimeoutMs: 15 } });
  const task = new NotingTask();
  const run = await start(fixture, task);
  const gate = Promise.withResolvers<void>();
  run.consumer.commitGate = gate.promise;
  run.consumer.log('orders', 0, values('a'));
  run.consumer.assignLater([P0]);
  await until('it is put', () => task.values.length === 1);
  task.context?.requestCommit();
  run.consumer.wakeup();
  await until('it has failed', () => run.worker.progress().offsetCommitFailures === 1);
  gate.resolve();
  await until(
    'the late answer is skipped',
    () => metric(run.worker, 'offset-commit-skip-total') === 1,
  );
  assert.equal(run.worker.progress().offsetCommits, 0);
  // It does not count as committed, so that the last commit repeats it.
  run.consumer.calls.length = 0;
  assert.equal(await run.stop(), null);
  assert.deepEqual(run.consumer.calls, ['commit orders-0@1', 'close']);
  assert.equal(metric(run.worker, 'offset-commit-seq-no'), 2);
});

test('R5.09 a commit of a partition that goes is waited for; an earlier one’s answer is ignored', async () => {
  const fixture = new TaskFixture({ spec: { offsetFlushTimeoutMs: 60_000 } });
  const task = new NotingTask();
  const run = await start(fixture, task);
  interleave(task, run.consumer);
  const gate = Promise.withResolvers<void>();
  run.consumer.commitGate = gate.promise;
  run.consumer.log('orders', 0, values('a'));
  run.consumer.assignLater([P0]);
  await until('it is put', () => task.values.length === 1);
  task.context?.requestCommit();
  run.consumer.wakeup();
  await until('it is sent', () => task.calls.includes('commit orders-0@1'));
  run.consumer.log('orders', 0, values('b'));
  await until('the next is put', () => task.values.length === 2);
  run.consumer.revokeLater([P0]);
  await until('the last commit is sent', () => task.calls.includes('commit orders-0@2'));
  // A wake-up does not end the wait for it.
  run.consumer.wakeup();
  run.consumer.assignLater([P1]);
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(task.calls.includes('open orders-1'), false);
  gate.resolve();
  await until('the rebalance goes on', () => task.calls.includes('open orders-1'));
  assert.equal(metric(run.worker, 'offset-commit-skip-total'), 1);
  assert.equal(run.worker.progress().offsetCommits, 1);
  assert.equal(await run.stop(), null);
});

test('R5.08 the default preCommit flushes, and what was read is committed, per partition', async () => {
  const fixture = new TaskFixture();
  const task = new NotingTask();
  const run = await start(fixture, task);
  interleave(task, run.consumer);
  run.consumer.log('orders', 0, values('a', 'b'));
  run.consumer.log('orders', 1, values('c'));
  run.consumer.assignLater([P0, P1]);
  await until('they are put', () => task.values.length === 3);
  task.calls.length = 0;
  task.context?.requestCommit();
  run.consumer.wakeup();
  const both = 'orders-0@2 orders-1@1';
  await until('it is committed', () => task.calls.includes(`commit ${both}`));
  assert.deepEqual(task.calls, [`flush ${both}`, `commit ${both}`]);
  assert.equal(await run.stop(), null);
});

test('R5.08 preCommit that answers null commits nothing, and what is committed is not sent again', async () => {
  const fixture = new TaskFixture();
  const asked: string[] = [];
  // The types do not let it, but a plug-in in JavaScript may.
  let answer: readonly TopicPartitionOffset[] = JSON.parse('null');
  const task = Object.assign(new NotingTask(), {
    preCommit: (offsets: readonly TopicPartitionOffset[]) => {
      asked.push(positions(offsets));
      return answer;
    },
  });
  const run = await start(fixture, task);
  run.consumer.log('orders', 0, values('a', 'b'));
  run.consumer.assignLater([P0]);
  await until('they are put', () => task.values.length === 2);
  const ask = async (count: number): Promise<void> => {
    task.context?.requestCommit();
    run.consumer.wakeup();
    await until('preCommit is called', () => asked.length === count);
  };
  await ask(1);
  assert.deepEqual(run.consumer.calls, []);
  answer = [{ ...P0, offset: 1 }];
  await ask(2);
  await until('it is committed', () => run.consumer.committedOffsets.get('orders-0') === 1);
  await ask(3);
  assert.equal(await run.stop(), null);
  assert.deepEqual(asked, ['orders-0@2', 'orders-0@2', 'orders-0@2', 'orders-0@2']);
  assert.deepEqual(run.consumer.calls, ['commit orders-0@1', 'close']);
});
