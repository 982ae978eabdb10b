import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HopelessError, waitUntil } from './wait-until.ts';

describe('waitUntil', () => {
  it('answers what the probe gave, 0 and the empty text included', async () => {
    let calls = 0;
    const third = await waitUntil('the third call', () => (++calls === 3 ? 'x' : null), {
      intervalMs: 1,
    });
    assert.equal(third, 'x');
    assert.equal(await waitUntil('zero', () => 0), 0);
    assert.equal(await waitUntil('an empty text', () => ''), '');
  });

  it('says what it waited for, how long, and why the last try failed', async () => {
    const waited = waitUntil('the sky to fall', () => Promise.reject(new Error('still up')), {
      timeoutMs: 20,
      intervalMs: 5,
      onTimeout: () => 'clouds: 3',
    });
    await assert.rejects(waited, (error: Error) => {
      assert.match(error.message, /Waited 20 ms for the sky to fall, in vain/);
      assert.match(error.message, /The last try said: still up\nclouds: 3/);
      return true;
    });
  });

  it('ends at once when the probe says it is hopeless, or the signal is aborted', async () => {
    const hopeless = waitUntil('never', () => {
      throw new HopelessError('it is gone');
    });
    await assert.rejects(hopeless, /it is gone/);
    await assert.rejects(
      waitUntil('never', () => null, { signal: AbortSignal.abort(new Error('stopped')) }),
      /stopped/,
    );
  });
});
