import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  INITIAL_MEMBERSHIP,
  type MembershipEffect,
  type MembershipEvent,
  type MembershipState,
  nextMembership,
} from './membership-state.ts';

const ME = { memberId: 'me', generationId: 5 };
const STATES = {
  unjoined: { type: 'unjoined', memberId: '', generationId: -1 },
  'unjoined, id kept': { type: 'unjoined', memberId: 'me', generationId: -1 },
  'preparing, new': { type: 'preparing', memberId: '', generationId: -1 },
  'preparing, again': { type: 'preparing', ...ME },
  completing: { type: 'completing', ...ME },
  stable: { type: 'stable', ...ME, isRejoinNeeded: false },
  'stable, rejoin': { type: 'stable', ...ME, isRejoinNeeded: true },
  fenced: { type: 'failed', memberId: '', generationId: -1, code: 'FENCED_INSTANCE_ID' },
  refused: { type: 'failed', memberId: '', generationId: -1, code: 'GROUP_AUTHORIZATION_FAILED' },
} as const satisfies Record<string, MembershipState>;
type StateName = keyof typeof STATES;

const join = (code: string, generationId = 6, memberId = 'me'): MembershipEvent => ({
  type: 'join-answered',
  code,
  answer: { generationId, memberId },
});
const sync = (code: string): MembershipEvent => ({ type: 'sync-answered', code });
const beat = (code: string, sentAs = ME): MembershipEvent => ({
  type: 'heartbeat-answered',
  code,
  sentAs,
});
const commit = (code: string, sentAs = ME): MembershipEvent => ({
  type: 'commit-answered',
  code,
  sentAs,
});

/** From, event, what it becomes (`type memberId generation`, `*` for a rejoin), what follows. */
const TABLE: readonly (readonly [
  StateName,
  MembershipEvent,
  string,
  readonly MembershipEffect[],
])[] = [
  ['unjoined', { type: 'join-started' }, 'preparing  -1', []],
  ['unjoined, id kept', { type: 'join-started' }, 'preparing me -1', []],
  ['stable, rejoin', { type: 'join-started' }, 'preparing me 5', []],
  ['refused', { type: 'join-started' }, 'preparing  -1', []],
  ['fenced', { type: 'join-started' }, 'failed  -1', []],
  // JoinGroup
  ['preparing, new', join('NONE'), 'completing me 6', []],
  ['preparing, again', join('NONE'), 'completing me 6', []],
  ['preparing, new', join('MEMBER_ID_REQUIRED', -1, 'given'), 'preparing given -1', []],
  ['preparing, again', join('UNKNOWN_MEMBER_ID'), 'unjoined  -1', ['lost']],
  ['preparing, again', join('REBALANCE_IN_PROGRESS'), 'preparing me 5', ['back-off']],
  ['preparing, again', join('NOT_COORDINATOR'), 'preparing me 5', ['back-off']],
  ['preparing, again', join('COORDINATOR_NOT_AVAILABLE'), 'preparing me 5', ['back-off']],
  ['preparing, again', join('COORDINATOR_LOAD_IN_PROGRESS'), 'preparing me 5', ['back-off']],
  ['preparing, again', join('NETWORK_EXCEPTION'), 'preparing me 5', ['back-off']],
  ['preparing, again', join('FENCED_INSTANCE_ID'), 'failed  -1', ['lost']],
  ['preparing, new', join('GROUP_AUTHORIZATION_FAILED'), 'failed  -1', ['lost']],
  ['preparing, new', join('INCONSISTENT_GROUP_PROTOCOL'), 'failed  -1', ['lost']],
  ['preparing, new', join('GROUP_MAX_SIZE_REACHED'), 'failed  -1', ['lost']],
  ['preparing, new', join('INVALID_SESSION_TIMEOUT'), 'failed  -1', ['lost']],
  ['unjoined', join('NONE'), 'unjoined  -1', []],
  ['stable', join('UNKNOWN_MEMBER_ID'), 'stable me 5', []],
  // SyncGroup
  ['completing', sync('NONE'), 'stable me 5', []],
  ['completing', sync('REBALANCE_IN_PROGRESS'), 'preparing me 5', []],
  ['completing', sync('UNKNOWN_MEMBER_ID'), 'unjoined  -1', ['lost']],
  ['completing', sync('ILLEGAL_GENERATION'), 'unjoined me -1', ['lost']],
  ['completing', sync('NOT_COORDINATOR'), 'preparing me 5', ['back-off']],
  ['completing', sync('REQUEST_TIMED_OUT'), 'preparing me 5', ['back-off']],
  ['completing', sync('FENCED_INSTANCE_ID'), 'failed  -1', ['lost']],
  ['unjoined', sync('NONE'), 'unjoined  -1', []],
  // Heartbeat
  ['stable', beat('NONE'), 'stable me 5', []],
  ['stable', beat('REBALANCE_IN_PROGRESS'), 'stable me 5*', ['rejoin']],
  ['stable, rejoin', beat('REBALANCE_IN_PROGRESS'), 'stable me 5*', []],
  ['completing', beat('REBALANCE_IN_PROGRESS'), 'completing me 5', []],
  ['stable', beat('UNKNOWN_MEMBER_ID'), 'unjoined  -1', ['lost']],
  ['stable', beat('ILLEGAL_GENERATION'), 'unjoined me -1', ['lost']],
  ['completing', beat('UNKNOWN_MEMBER_ID'), 'unjoined  -1', ['lost']],
  ['stable', beat('FENCED_INSTANCE_ID'), 'failed  -1', ['lost']],
  ['stable', beat('NOT_COORDINATOR'), 'stable me 5', ['back-off']],
  ['stable', beat('UNKNOWN_MEMBER_ID', { memberId: 'me', generationId: 4 }), 'stable me 5', []],
  ['stable', beat('ILLEGAL_GENERATION', { memberId: 'old', generationId: 5 }), 'stable me 5', []],
  // OffsetCommit
  ['stable', commit('UNKNOWN_MEMBER_ID'), 'unjoined  -1', ['lost']],
  ['stable', commit('ILLEGAL_GENERATION'), 'unjoined me -1', ['lost']],
  ['stable', commit('REBALANCE_IN_PROGRESS'), 'stable me 5*', ['rejoin']],
  ['stable', commit('FENCED_INSTANCE_ID'), 'failed  -1', ['lost']],
  ['stable', commit('OFFSET_METADATA_TOO_LARGE'), 'stable me 5', []],
  ['stable', commit('ILLEGAL_GENERATION', { memberId: 'me', generationId: 4 }), 'stable me 5', []],
  // What the owner does
  ['stable', { type: 'rejoin-requested' }, 'stable me 5*', ['rejoin']],
  ['unjoined', { type: 'rejoin-requested' }, 'unjoined  -1', []],
  ['preparing, again', { type: 'rejoin-requested' }, 'preparing me 5', []],
  ['completing', { type: 'round-broken' }, 'unjoined me -1', ['lost']],
  ['stable', { type: 'left' }, 'unjoined  -1', ['lost']],
  ['unjoined', { type: 'left' }, 'unjoined  -1', []],
  ['fenced', { type: 'left' }, 'failed  -1', []],
];

const textOf = (state: MembershipState): string =>
  `${state.type} ${state.memberId} ${state.generationId}` +
  (state.type === 'stable' && state.isRejoinNeeded ? '*' : '');

describe('the membership of a classic group', () => {
  for (const [from, event, becomes, effects] of TABLE) {
    const code = 'code' in event ? ` ${event.code}` : '';
    test(`${from}, ${event.type}${code} -> ${becomes} ${effects.join()}`, () => {
      const next = nextMembership(STATES[from], event);
      assert.equal(textOf(next.state), becomes);
      assert.deepEqual(next.effects, effects);
    });
  }

  test('a refusal keeps its code', () => {
    const { state } = nextMembership(STATES['preparing, new'], join('GROUP_MAX_SIZE_REACHED'));
    assert.deepEqual(state, {
      type: 'failed',
      memberId: '',
      generationId: -1,
      code: 'GROUP_MAX_SIZE_REACHED',
    });
  });

  test('whatever happens: a generation is held in some states only, and losing it is always told', () => {
    const codes = fc.constantFrom(
      'NONE',
      'UNKNOWN_MEMBER_ID',
      'ILLEGAL_GENERATION',
      'REBALANCE_IN_PROGRESS',
      'NOT_COORDINATOR',
      'MEMBER_ID_REQUIRED',
      'FENCED_INSTANCE_ID',
      'UNKNOWN_SERVER_ERROR',
    );
    const generation = fc.record({
      memberId: fc.constantFrom('', 'a', 'b'),
      generationId: fc.integer({ min: 0, max: 3 }),
    });
    const event: fc.Arbitrary<MembershipEvent> = fc.oneof(
      fc.constantFrom<MembershipEvent>(
        { type: 'join-started' },
        { type: 'rejoin-requested' },
        { type: 'round-broken' },
        { type: 'left' },
      ),
      fc.record({ type: fc.constant('join-answered' as const), code: codes, answer: generation }),
      fc.record({ type: fc.constant('sync-answered' as const), code: codes }),
      fc.record({
        type: fc.constant('heartbeat-answered' as const),
        code: codes,
        sentAs: generation,
      }),
      fc.record({ type: fc.constant('commit-answered' as const), code: codes, sentAs: generation }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let state: MembershipState = INITIAL_MEMBERSHIP;
        for (const each of events) {
          const next = nextMembership(state, each);
          const hadGeneration = state.generationId >= 0;
          const hasGeneration = next.state.generationId >= 0;
          if (hadGeneration && !hasGeneration) assert.ok(next.effects.includes('lost'));
          if (next.state.type === 'stable' || next.state.type === 'completing') {
            assert.ok(hasGeneration);
          }
          if (next.state.type === 'unjoined' || next.state.type === 'failed') {
            assert.ok(!hasGeneration);
          }
          state = next.state;
        }
      }),
    );
  });
});
