import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { silentLogger } from '../../../logger.ts';
import type { OAuthLogin, TokenFunction } from '../sasl-settings.ts';
import { bearerExchange } from './bearer-exchange.ts';
import { TokenCache } from './token-cache.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);

/** A cache with a clock of its own; `token` makes what it fetches. */
function cacheOf(token: TokenFunction, refresh: Partial<OAuthLogin['refresh']> = {}) {
  const time = { nowMs: START };
  const warnings: string[] = [];
  const login: OAuthLogin = {
    mechanism: 'OAUTHBEARER',
    source: { type: 'function', token },
    refresh: {
      windowFactor: 0.8,
      windowJitter: 0.05,
      minPeriodMs: MINUTE,
      bufferMs: 5 * MINUTE,
      ...refresh,
    },
    claimNames: { sub: 'sub', scope: 'scope' },
    extensions: new Map(),
  };
  const now = (): number => time.nowMs;
  const cache = new TokenCache(login, {
    clock: { now, wall: now },
    random: () => 0,
    logger: { ...silentLogger, warn: (text) => warnings.push(text) },
  });
  return { cache, time, warnings };
}

function jwt(claims: object): string {
  const encoded = (value: object): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encoded({ alg: 'none' })}.${encoded(claims)}.`;
}

const lasting = (fromMs: number, minutes: number): string =>
  jwt({ sub: 'alice', exp: (fromMs + minutes * MINUTE) / 1000 });

describe('the token of a client', () => {
  test('is fetched once and again when four fifths of its life are over', async () => {
    let fetched = 0;
    const { cache, time } = cacheOf(async () => {
      fetched++;
      return lasting(time.nowMs, 60);
    });
    const [first, second] = await Promise.all([cache.get(), cache.get()]);
    assert.equal(first, second);
    assert.equal(first?.principal, 'alice');
    time.nowMs += 47 * MINUTE;
    assert.equal(await cache.get(), first);
    time.nowMs += 2 * MINUTE;
    assert.notEqual(await cache.get(), first);
    assert.equal(fetched, 2);
  });

  test('keeps the buffer before its end, and the time between two', async () => {
    let fetched = 0;
    const { cache, time } = cacheOf(
      async () => {
        fetched++;
        return lasting(time.nowMs, 60);
      },
      { bufferMs: 30 * MINUTE },
    );
    await cache.get();
    time.nowMs += 29 * MINUTE;
    await cache.get();
    assert.equal(fetched, 1);
    time.nowMs += 2 * MINUTE;
    await cache.get();
    assert.equal(fetched, 2);
  });

  test('is used on while it holds and no other can be had', async () => {
    let isBroken = false;
    const { cache, time, warnings } = cacheOf(async () => {
      if (isBroken) throw new Error('the server is away');
      return lasting(time.nowMs, 60);
    });
    const first = await cache.get();
    isBroken = true;
    time.nowMs += 50 * MINUTE;
    assert.equal(await cache.get(), first);
    assert.equal(await cache.get(), first);
    assert.equal(warnings.length, 1, 'not with every login');
    assert.match(warnings[0] ?? '', /the server is away.*good for some time yet/);
    time.nowMs += 11 * MINUTE;
    await assert.rejects(cache.get(), {
      code: 'SASL_AUTHENTICATION_FAILED',
      message: /Getting an OAuth token: the server is away/,
    });
  });

  test('that the broker refused is not used again', async () => {
    let fetched = 0;
    const { cache, time } = cacheOf(async () => {
      fetched++;
      return lasting(time.nowMs, 60);
    });
    await cache.get();
    cache.refused();
    await cache.get();
    assert.equal(fetched, 2);
  });

  for (const [what, text, message] of [
    ['that is no JWT', 'hunter2', /no JWT of 3 parts/],
    ['with a payload that is no JSON', 'aHVudGVyMg.aHVudGVyMg.aHVudGVyMg', /payload is no JSON/],
    ['without an end', jwt({ sub: 'hunter2' }), /no expiration time \(the claim "exp"\)/],
    ['without an owner', jwt({ exp: 9e9, jti: 'hunter2' }), /whose it is \(the claim "sub"\)/],
    ['of the past', jwt({ sub: 'hunter2', exp: 1 }), /has expired already/],
  ] as const) {
    test(`${what} is refused, and no part of it is shown`, async () => {
      const { cache } = cacheOf(async () => text);
      await assert.rejects(cache.get(), (error) => {
        assert.ok(error instanceof Error);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /hunter2|aHVudGVyMg/);
        return true;
      });
    });
  }

  test('goes to the broker as RFC 7628 says, with its extensions', async () => {
    const sent: string[] = [];
    const extensions = new Map([
      ['logicalCluster', 'lkc-1'],
      ['pool', 'p 2'],
    ]);
    const exchange = bearerExchange({ text: 'a.b.c', principal: 'alice' }, extensions);
    await exchange.run(async (message) => {
      sent.push(message.toString());
      return Buffer.alloc(0);
    });
    assert.deepEqual(sent, [
      'n,,\x01auth=Bearer a.b.c\x01logicalCluster=lkc-1\x01pool=p 2\x01\x01',
    ]);
  });

  test('that the broker refuses is confirmed with one byte, and the reason told', async () => {
    const sent: string[] = [];
    const exchange = bearerExchange({ text: 'a.b.c', principal: null }, new Map());
    const run = exchange.run(async (message) => {
      sent.push(message.toString());
      return Buffer.from(sent.length === 1 ? '{"status":"insufficient_scope","scope":"x"}' : '');
    });
    await assert.rejects(run, /refuses the token: insufficient_scope, it wants the scope "x"/);
    assert.equal(sent[1], '\x01');
  });
});
