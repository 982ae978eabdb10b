// Goal: whoever sets the machine's clock, forwards or back, changes time stamps and nothing else.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { RetriableError } from '@sluice/api';
import { NotingTask, P0, start, values } from '../../test/support/sink-task-run.ts';
import { TaskFixture, until } from '../../test/support/task-fixture.ts';
import { abortableSleep } from './abortable-sleep.ts';
import { newErrorMetrics } from './errors/error-metrics.ts';
import { RetryWithTolerance } from './errors/retry-with-tolerance.ts';
import { TimeSlice } from './time-slice.ts';

const HOUR_MS = 3_600_000;
const TIMEOUT_MS = 20_000;

/** The clock that `Date` shows, and a way to set it. */
function aClock(t: TestContext): { set(byMs: number): void } {
  const nowMs = Date.now();
  t.mock.timers.enable({ apis: ['Date'], now: nowMs });
  return { set: (byMs) => t.mock.timers.setTime(nowMs + byMs) };
}

for (const jumpMs of [-HOUR_MS, HOUR_MS]) {
  const way = jumpMs < 0 ? 'back' : 'forwards';
  const limit = { timeout: TIMEOUT_MS };

  test(`F37 a sink goes on committing when the clock is set ${way} an hour`, limit, async (t) => {
    const clock = aClock(t);
    const fixture = new TaskFixture({ spec: { offsetFlushIntervalMs: 20 } });
    const { consumer, stop } = await start(fixture, new NotingTask());
    const isAt = (offset: number) => () => consumer.committedOffsets.get('orders-0') === offset;
    consumer.log('orders', 0, values('a', 'b'));
    consumer.assignLater([P0]);
    await until('two are committed', isAt(2));
    clock.set(jumpMs);
    consumer.log('orders', 0, values('c'));
    await until('the third is committed', isAt(3));
    const waits = consumer.polled.slice();
    assert.ok(Math.max(...waits) <= 20, `polls waited ${Math.max(...waits)} ms`);
    await stop();
  });

  test(`F37 retries end in time when the clock is set ${way} an hour`, limit, async (t) => {
    const clock = aClock(t);
    const metrics = newErrorMetrics();
    let steadyMs = 0;
    const errors = new RetryWithTolerance({
      id: { connector: 'orders', task: 0 },
      spec: {
        tolerance: 'all',
        retryTimeoutMs: 400,
        retryDelayMaxMs: 60_000,
        logEnable: false,
        logIncludeMessages: false,
      },
      reporters: [],
      metrics,
      logger: new TaskFixture().logger,
      stopSignal: new AbortController().signal,
      now: Date.now,
      steadyNow: () => steadyMs,
      random: Math.random,
      sleep: (ms) => {
        steadyMs += ms;
        return Promise.resolve();
      },
    });
    const triedAtMs: number[] = [];
    const again = (): never => {
      triedAtMs.push(steadyMs);
      clock.set(jumpMs);
      throw new RetriableError('not yet');
    };
    const recovery = await errors.recover({
      stage: 'VALUE_CONVERTER',
      className: 'JsonConverter',
      failed: FAILED,
      error: new RetriableError('not yet'),
      again,
    });
    assert.equal(recovery.isRecovered, false);
    // 300 ms, then what is left of the 400.
    assert.deepEqual(triedAtMs, [300, 400]);
    assert.equal(metrics.retries, 2);
  });
}

test('F37 a thread is shared in turns although the clock was set back', async (t) => {
  const clock = aClock(t);
  const slice = new TimeSlice(() => performance.now());
  clock.set(-HOUR_MS);
  await abortableSleep(10, new AbortController().signal);
  assert.ok(slice.isSpent);
});

const FAILED = {
  type: 'sink',
  record: {
    topic: 'orders',
    partition: 0,
    offset: 1,
    key: null,
    value: null,
    headers: [],
    timestamp: 0,
    timestampType: 'CreateTime',
  },
} as const;
