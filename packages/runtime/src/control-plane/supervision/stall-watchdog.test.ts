import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryLogger, aSourceTaskSpec } from '../../../test/support/task-fixture.ts';
import { TaskActivity } from '../../data-plane/task-activity.ts';
import type { TaskReport } from '../../task-host/contract.ts';
import { StallWatchdog } from './stall-watchdog.ts';

test('a stalled task is told once, and once that it goes on; one that ends is forgotten', async () => {
  let nowMs = 0;
  const now = (): number => nowMs;
  const activity = new TaskActivity(now);
  const spec = aSourceTaskSpec();
  const report = (): TaskReport => ({
    id: spec.id,
    spec,
    metrics: {},
    clientMetrics: [],
    errors: [],
    progress: {
      recordsIn: 0,
      recordsOut: 0,
      recordsFiltered: 0,
      recordsSkipped: 0,
      recordsFailed: 0,
      offsetCommits: 0,
      offsetCommitFailures: 0,
      activity: activity.snapshot(false),
    },
  });
  let isThere = true;
  const host = { taskReports: () => Promise.resolve(isThere ? [report()] : []) };
  const logger = new MemoryLogger();
  const watchdog = new StallWatchdog({ host, limitMs: 1_000, logger, now });
  activity.enter('put');
  await watchdog.look();
  assert.deepEqual(watchdog.stalled(), []);
  nowMs = 1_500;
  await watchdog.look();
  await watchdog.look();
  assert.equal(watchdog.stalled()[0]?.stage, 'put');
  assert.equal(watchdog.stalled()[0]?.since_ms, 0);
  activity.enter('consume');
  await watchdog.look();
  assert.deepEqual(watchdog.stalled(), []);
  activity.enter('put');
  nowMs = 9_000;
  await watchdog.look();
  isThere = false;
  await watchdog.look();
  assert.deepEqual(watchdog.stalled(), []);
  const told = logger.lines.map((line) => line.split(' for ')[0]);
  assert.deepEqual(told, [
    'WARN Task orders-0 has made no progress',
    'INFO Task orders-0 makes progress again',
    'WARN Task orders-0 has made no progress',
  ]);
});
