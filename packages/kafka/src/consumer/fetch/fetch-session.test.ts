import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { FetchSession, type FetchWant } from './fetch-session.ts';

const want = (partition: number, fetchOffset: number, topicId = 'id'): FetchWant => ({
  topicId,
  topic: 't',
  partition,
  fetchOffset,
  leaderEpoch: 0,
  partitionMaxBytes: 100,
});

const wantsOf = (...wants: readonly FetchWant[]): ReadonlyMap<string, FetchWant> =>
  new Map(wants.map((each) => [`t-${each.partition}`, each]));

const partitions = (wants: readonly FetchWant[]): readonly number[] =>
  wants.map(({ partition }) => partition);

/** A session that the broker keeps under the id 9. */
function kept(...wants: readonly FetchWant[]): FetchSession {
  const session = new FetchSession();
  session.next(wantsOf(...wants));
  session.answered(9);
  return session;
}

describe('a fetch session', () => {
  test('begins with all partitions, outside of a session', () => {
    const session = new FetchSession();
    const fetch = session.next(wantsOf(want(0, 1), want(1, 2)));
    assert.deepEqual([fetch.sessionId, fetch.sessionEpoch], [0, 0]);
    assert.deepEqual(partitions(fetch.toSend), [0, 1]);
    assert.deepEqual(fetch.toForget, []);
  });

  test('then says only what is new, what changed and what is gone', () => {
    const session = kept(want(0, 1), want(1, 2), want(2, 3));
    const fetch = session.next(wantsOf(want(0, 1), want(1, 5), want(3, 0)));
    assert.deepEqual([fetch.sessionId, fetch.sessionEpoch], [9, 1]);
    assert.deepEqual(partitions(fetch.toSend), [1, 3]);
    assert.deepEqual(partitions(fetch.toForget), [2]);
    session.answered(9);
    const nothing = session.next(wantsOf(want(0, 1), want(1, 5), want(3, 0)));
    assert.equal(nothing.sessionEpoch, 2);
    assert.deepEqual([nothing.toSend, nothing.toForget], [[], []]);
  });

  test('replaces a partition whose topic was made anew', () => {
    const session = kept(want(0, 100, 'old'));
    const fetch = session.next(wantsOf(want(0, 0, 'new')));
    assert.deepEqual(
      fetch.toForget.map(({ topicId }) => topicId),
      ['old'],
    );
    assert.deepEqual(
      fetch.toSend.map(({ topicId }) => topicId),
      ['new'],
    );
  });

  test('stays full while the broker keeps no session', () => {
    const session = new FetchSession();
    session.next(wantsOf(want(0, 1)));
    session.answered(0);
    const fetch = session.next(wantsOf(want(0, 2)));
    assert.deepEqual([fetch.sessionId, fetch.sessionEpoch, fetch.toSend.length], [0, 0, 1]);
    assert.equal(session.end(), null);
  });

  test('begins anew under no id when the broker does not know the session', () => {
    const session = kept(want(0, 1), want(1, 1));
    session.next(wantsOf(want(0, 2), want(1, 1)));
    session.refused('FETCH_SESSION_ID_NOT_FOUND');
    const fetch = session.next(wantsOf(want(0, 2), want(1, 1)));
    assert.deepEqual([fetch.sessionId, fetch.sessionEpoch, fetch.toSend.length], [0, 0, 2]);
  });

  test('replaces the session after any other error, and after an answer from another one', () => {
    for (const spoil of [
      (session: FetchSession) => session.refused('INVALID_FETCH_SESSION_EPOCH'),
      (session: FetchSession) => session.refused('NETWORK_EXCEPTION'),
      (session: FetchSession) => session.answered(10),
    ]) {
      const session = kept(want(0, 1), want(1, 1));
      session.next(wantsOf(want(0, 2), want(1, 1)));
      spoil(session);
      const fetch = session.next(wantsOf(want(0, 2), want(1, 1)));
      assert.deepEqual([fetch.sessionId, fetch.sessionEpoch, fetch.toSend.length], [9, 0, 2]);
    }
  });

  test('is ended by the last epoch', () => {
    assert.deepEqual(kept(want(0, 1)).end(), {
      sessionId: 9,
      sessionEpoch: -1,
      toSend: [],
      toForget: [],
    });
  });

  test('whatever is asked for in whatever order, the broker’s picture is the wanted one', () => {
    const round = fc.record({
      wants: fc.uniqueArray(
        fc.record({
          partition: fc.integer({ min: 0, max: 5 }),
          fetchOffset: fc.integer({ min: 0, max: 3 }),
          topicId: fc.constantFrom('a', 'b'),
        }),
        { selector: ({ partition }) => partition },
      ),
      outcome: fc.constantFrom('ok', 'ok', 'ok', 'lost', 'unknown'),
    });
    fc.assert(
      fc.property(fc.array(round, { maxLength: 30 }), (rounds) => {
        const session = new FetchSession();
        let broker: {
          readonly id: number;
          epoch: number;
          readonly held: Map<string, FetchWant>;
        } | null = null;
        let lastId = 0;
        for (const { wants, outcome } of rounds) {
          const wanted = wantsOf(
            ...wants.map(({ partition, fetchOffset, topicId }) =>
              want(partition, fetchOffset, topicId),
            ),
          );
          const fetch = session.next(wanted);
          if (fetch.sessionEpoch === 0) broker = { id: ++lastId, epoch: 0, held: new Map() };
          assert.ok(broker !== null);
          if (fetch.sessionEpoch > 0) {
            assert.deepEqual([fetch.sessionId, fetch.sessionEpoch], [broker.id, broker.epoch]);
          }
          for (const { topicId, partition } of fetch.toForget) {
            assert.ok(broker.held.delete(`${topicId}-${partition}`));
          }
          for (const each of fetch.toSend)
            broker.held.set(`${each.topicId}-${each.partition}`, each);
          const text = (each: FetchWant): string => JSON.stringify(each);
          assert.deepEqual(
            [...broker.held.values()].map(text).toSorted(),
            [...wanted.values()].map(text).toSorted(),
          );
          broker.epoch++;
          if (outcome === 'ok') session.answered(broker.id);
          else
            session.refused(
              outcome === 'lost' ? 'NETWORK_EXCEPTION' : 'FETCH_SESSION_ID_NOT_FOUND',
            );
        }
      }),
    );
  });
});
