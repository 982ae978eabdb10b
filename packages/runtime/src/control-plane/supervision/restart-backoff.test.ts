import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RESTART_CONFIG } from '../../config/restart-config-def.ts';
import { decideRestart } from './restart-backoff.ts';

const MINUTE = 60_000;
const middle = (): number => 0.5;

function delayAfter(attempts: number, props: Record<string, string> = {}): number | string {
  const policy = RESTART_CONFIG.parse(props);
  const history = { attempts, runningSinceMs: null };
  const decision = decideRestart(policy, history, 'CONNECT_ERROR', 0, middle);
  return decision.type === 'restart' ? decision.delayMs : decision.reason;
}

test('it waits n²+n minutes after n attempts, an hour at most', () => {
  const minutes = [0, 1, 2, 3, 7, 8, 50].map((n) => Number(delayAfter(n)) / MINUTE);
  assert.deepEqual(minutes, [0, 2, 6, 12, 56, 60, 60]);
});

test('chance moves the wait by its share, never beyond the cap', () => {
  const policy = RESTART_CONFIG.parse({ 'sluice.restart.backoff.jitter': '0.5' });
  const history = { attempts: 1, runningSinceMs: null };
  const delays = [0, 1].map((chance) => {
    const decision = decideRestart(policy, history, null, 0, () => chance);
    return decision.type === 'restart' ? decision.delayMs / MINUTE : -1;
  });
  assert.deepEqual(delays, [1, 3]);
  const late = decideRestart(policy, { attempts: 20, runningSinceMs: null }, null, 0, () => 1);
  assert.equal(late.type === 'restart' && late.delayMs, 60 * MINUTE);
});

test('the budget ends it', () => {
  assert.match(String(delayAfter(3, { 'sluice.restart.max.attempts': '3' })), /is used up/);
  assert.equal(delayAfter(2, { 'sluice.restart.max.attempts': '3' }), 6 * MINUTE);
});

test('running for long enough begins the counting anew', () => {
  const policy = RESTART_CONFIG.parse({ 'sluice.restart.reset.ms': '1000' });
  const history = { attempts: 5, runningSinceMs: 10_000 };
  const attempts = [10_999, 11_000].map((nowMs) => {
    const decision = decideRestart(policy, history, null, nowMs, middle);
    return decision.type === 'restart' ? decision.attempt : -1;
  });
  assert.deepEqual(attempts, [6, 1]);
});

test('what only a change of the config mends is left FAILED', () => {
  const policy = RESTART_CONFIG.parse({});
  const decision = decideRestart(
    policy,
    { attempts: 0, runningSinceMs: null },
    'CONNECT_CONFIG',
    0,
    middle,
  );
  assert.equal(decision.type, 'giveUp');
});
