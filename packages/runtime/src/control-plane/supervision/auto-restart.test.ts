import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Logger } from '@sluice/api';
import { RESTART_CONFIG } from '../../config/restart-config-def.ts';
import { AutoRestart } from './auto-restart.ts';

const HOUR_MS = 3_600_000;
const silent = (): void => undefined;
const logger: Logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };
const TASK = { connector: 'orders', task: 0 };
const ON = { 'sluice.restart.enable': 'true', 'sluice.restart.backoff.ms': '1000' };

function setUp(
  props: Record<string, string>,
  steadyNow = (): number => performance.now(),
): {
  readonly restarts: AutoRestart;
  readonly made: string[];
} {
  const made: string[] = [];
  const restarts = new AutoRestart({
    policyOf: (connector) => (connector === 'gone' ? null : RESTART_CONFIG.parse(props)),
    restart: async ({ connector, task }) => {
      made.push(`${connector} ${task ?? 'itself'}`);
      return Promise.resolve();
    },
    logger,
    steadyNow,
    random: () => 0.5,
  });
  return { restarts, made };
}

test('off by default, and without a policy nothing is restarted', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const { restarts, made } = setUp({});
  restarts.onFailed(TASK, null);
  const on = setUp(ON);
  on.restarts.onFailed({ connector: 'gone', task: null }, null);
  context.mock.timers.tick(10_000_000);
  assert.deepEqual([...made, ...on.made], []);
});

test('each failure in a row is followed by a restart, later and later', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const { restarts, made } = setUp(ON);
  restarts.onFailed(TASK, null);
  context.mock.timers.tick(1);
  assert.deepEqual(made, ['orders 0']);
  restarts.onFailed(TASK, null);
  // Failing again meanwhile makes it neither two restarts nor a later one.
  restarts.onFailed(TASK, null);
  context.mock.timers.tick(1_999);
  assert.equal(made.length, 1);
  context.mock.timers.tick(1);
  assert.equal(made.length, 2);
  restarts.onFailed(TASK, null);
  context.mock.timers.tick(5_999);
  assert.equal(made.length, 2);
  context.mock.timers.tick(1);
  assert.equal(made.length, 3);
  assert.equal(restarts.restarts, 3);
});

test('what is forgotten, and a worker that closes, restarts nothing', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const { restarts, made } = setUp(ON);
  restarts.onFailed(TASK, null);
  restarts.onFailed({ connector: 'orders', task: null }, null);
  restarts.onFailed({ connector: 'orders2', task: null }, null);
  restarts.forget('orders');
  context.mock.timers.tick(10);
  assert.deepEqual(made, ['orders2 itself']);
  restarts.onFailed(TASK, null);
  restarts.close();
  context.mock.timers.tick(10);
  assert.equal(made.length, 1);
  mock.reset();
});

test('F37 a clock that is set forwards makes no task one that has run for long', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  let steadyMs = 0;
  const { restarts, made } = setUp(ON, () => steadyMs);
  restarts.onFailed(TASK, null);
  context.mock.timers.tick(1);
  restarts.onRunning(TASK);
  context.mock.timers.setTime(24 * HOUR_MS);
  steadyMs += 1_000;
  restarts.onFailed(TASK, null);
  context.mock.timers.tick(1_999);
  assert.equal(made.length, 1, 'it is the second failure in a row: it waits');
  context.mock.timers.tick(1);
  assert.equal(made.length, 2);
  // Having run for long is told by the steady clock alone.
  restarts.onRunning(TASK);
  context.mock.timers.setTime(0);
  steadyMs += 24 * HOUR_MS;
  restarts.onFailed(TASK, null);
  context.mock.timers.tick(1);
  assert.equal(made.length, 3);
});
