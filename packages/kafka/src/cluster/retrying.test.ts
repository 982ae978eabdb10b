import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KafkaError } from '../errors/kafka-error.ts';
import { type Retrying, retrying, withinDeadline } from './retrying.ts';

/** Time that tests move; it starts at 1000. */
function options(parts: Partial<Retrying> = {}): Retrying & { readonly time: { nowMs: number } } {
  const time = { nowMs: 1000 };
  const now = (): number => time.nowMs;
  return {
    time,
    clock: { now, wall: now },
    random: () => 0.5,
    backoff: { initialMs: 0, maxMs: 0 },
    deadlineMs: 61_000,
    what: 'Testing',
    ...parts,
  };
}

const never = <T>(): Promise<T> => new Promise(() => undefined);
const passing = (): KafkaError =>
  new KafkaError('NETWORK_EXCEPTION', 'away', { isRetriable: true });

describe('a call that is repeated', () => {
  test('ends with its first success', async () => {
    let calls = 0;
    const result = await retrying(options(), async () => {
      calls++;
      if (calls < 3) throw passing();
      return calls;
    });
    assert.equal(result, 3);
  });

  test('ends at once with an error that trying again does not help', async () => {
    let calls = 0;
    const attempt = (): Promise<never> => {
      calls++;
      return Promise.reject(new KafkaError('SASL_AUTHENTICATION_FAILED', 'no'));
    };
    await assert.rejects(retrying(options(), attempt), { code: 'SASL_AUTHENTICATION_FAILED' });
    assert.equal(calls, 1);
  });

  test('ends at its deadline, with the last error as the cause', async () => {
    const given = options();
    const attempt = (): Promise<never> => {
      given.time.nowMs += 25_000;
      return Promise.reject(passing());
    };
    await assert.rejects(retrying(given, attempt), (error) => {
      assert.ok(error instanceof KafkaError && error.cause instanceof KafkaError);
      assert.equal(error.code, 'TIMEOUT');
      assert.match(error.message, /Testing took longer than allowed; the last attempt: away/);
      return true;
    });
    assert.equal(given.time.nowMs, 76_000);
  });

  test('ends when it is told to, with the reason', async () => {
    const ending = new AbortController();
    const work = retrying(options({ signal: ending.signal }), () => never());
    ending.abort(new Error('enough'));
    await assert.rejects(work, /enough/);
    await assert.rejects(withinDeadline(options({ signal: ending.signal }), never()), /enough/);
  });
});

describe('a wait with a deadline', () => {
  test('ends when the time is over', async () => {
    await assert.rejects(withinDeadline(options({ deadlineMs: 1001 }), never()), {
      code: 'TIMEOUT',
      isRetriable: true,
      message: 'Testing took longer than allowed.',
    });
    await assert.rejects(withinDeadline(options({ deadlineMs: 0 }), never()), { code: 'TIMEOUT' });
  });

  test('leaves nothing behind: no timer, no listener', async () => {
    const { signal } = new AbortController();
    const counted = { added: 0, removed: 0 };
    const watched = new Proxy(signal, {
      get(target, name) {
        if (name === 'addEventListener') counted.added++;
        if (name === 'removeEventListener') counted.removed++;
        const found: unknown = Reflect.get(target, name);
        return typeof found === 'function' ? found.bind(target) : found;
      },
    });
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    for (let i = 0; i < 10; i++) {
      await withinDeadline(options({ signal: watched }), Promise.resolve(i));
      const failing = withinDeadline(options({ signal: watched }), Promise.reject(passing()));
      await assert.rejects(failing, { code: 'NETWORK_EXCEPTION' });
    }
    const after = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    assert.equal(after, before);
    assert.deepEqual(counted, { added: 20, removed: 20 });
  });

  test('takes a deadline beyond what timers can do for none', async () => {
    const far = options({ deadlineMs: Number.MAX_SAFE_INTEGER });
    assert.equal(await withinDeadline(far, Promise.resolve('done')), 'done');
  });
});
