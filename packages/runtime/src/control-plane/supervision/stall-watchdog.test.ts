import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryLogger, aSourceTaskSpec } from '../../../test/support/task-fixture.ts';
import { TaskActivity } from '../../data-plane/task-activity.ts';
import type { TaskReport } from '../../task-host/contract.ts';
import { StallWatchdog } from './stall-watchdog.ts';

const HOUR_MS = 3_600_000;

/** What the host tells of one task that is at this. */
function reportOf(activity: TaskActivity): TaskReport {
  const spec = aSourceTaskSpec();
  return {
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
  };
}

test('a stalled task is told once, and once that it goes on; one that ends is forgotten', async () => {
  let nowMs = 0;
  const now = (): number => nowMs;
  const activity = new TaskActivity(now, now);
  let isThere = true;
  const host = { taskReports: () => Promise.resolve(isThere ? [reportOf(activity)] : []) };
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

for (const jumpMs of [-HOUR_MS, HOUR_MS])
  test(`F37 what lasts is told by its length when the clock is set ${jumpMs < 0 ? 'back' : 'forwards'} an hour`, async () => {
    let wallMs = 10 * HOUR_MS;
    let steadyMs = 0;
    const now = (): number => wallMs;
    const activity = new TaskActivity(now, () => steadyMs);
    const host = { taskReports: () => Promise.resolve([reportOf(activity)]) };
    const logger = new MemoryLogger();
    const watchdog = new StallWatchdog({ host, limitMs: 1_000, logger, now });
    activity.enter('put');
    activity.sending();
    activity.commitBegan();
    activity.redelivering();
    activity.progressed();
    wallMs += jumpMs;
    steadyMs = 999;
    await watchdog.look();
    assert.deepEqual(watchdog.stalled(), []);
    activity.acknowledged(false);
    activity.commitEnded();
    activity.delivered();
    steadyMs = 1_500;
    await watchdog.look();
    wallMs -= jumpMs;
    await watchdog.look();
    const [stalled, ...others] = watchdog.stalled();
    assert.deepEqual(others, []);
    // Shown by the clock as it was when it was seen, and told once.
    assert.equal(stalled?.since_ms, 10 * HOUR_MS + jumpMs - 1_500);
    assert.equal(logger.lines.length, 1);
    assert.match(logger.lines[0] ?? '', /no progress for 1500 ms .*stage put/);
    assert.equal(activity.snapshot(false).lastProgressMs, 10 * HOUR_MS);
  });
