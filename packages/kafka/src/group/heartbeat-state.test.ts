import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type HeartbeatEvent, type HeartbeatState, nextHeartbeat } from './heartbeat-state.ts';

const STATES = {
  joining: { type: 'joining' },
  active: { type: 'active', memberEpoch: 5 },
  refused: { type: 'failed', code: 'GROUP_AUTHORIZATION_FAILED' },
  fenced: { type: 'failed', code: 'FENCED_INSTANCE_ID' },
  left: { type: 'left' },
} as const satisfies Record<string, HeartbeatState>;

const answer = (code: string, memberEpoch = 6): HeartbeatEvent => ({
  type: 'answered',
  code,
  memberEpoch,
});
const LEFT: HeartbeatEvent = { type: 'left' };
const REJOINED: HeartbeatEvent = { type: 'rejoined' };

const TABLE: readonly (readonly [keyof typeof STATES, HeartbeatEvent, string, string])[] = [
  ['joining', answer('NONE', 1), 'active 1', ''],
  ['joining', answer('NOT_COORDINATOR'), 'joining', 'back-off'],
  ['joining', answer('COORDINATOR_LOAD_IN_PROGRESS'), 'joining', 'back-off'],
  ['joining', answer('NETWORK_EXCEPTION'), 'joining', 'back-off'],
  ['joining', answer('UNKNOWN_MEMBER_ID'), 'joining', ''],
  ['joining', answer('UNRELEASED_INSTANCE_ID'), 'failed UNRELEASED_INSTANCE_ID', ''],
  ['joining', answer('UNSUPPORTED_ASSIGNOR'), 'failed UNSUPPORTED_ASSIGNOR', ''],
  ['joining', LEFT, 'left', ''],
  ['active', answer('NONE'), 'active 6', ''],
  ['active', answer('REQUEST_TIMED_OUT'), 'active 5', 'back-off'],
  ['active', answer('FENCED_MEMBER_EPOCH'), 'joining', 'lost'],
  ['active', answer('UNKNOWN_MEMBER_ID'), 'joining', 'lost'],
  ['active', answer('FENCED_INSTANCE_ID'), 'failed FENCED_INSTANCE_ID', 'lost'],
  ['active', answer('GROUP_AUTHORIZATION_FAILED'), 'failed GROUP_AUTHORIZATION_FAILED', 'lost'],
  ['active', LEFT, 'left', 'lost'],
  ['active', REJOINED, 'active 5', ''],
  ['refused', answer('NONE'), 'failed GROUP_AUTHORIZATION_FAILED', ''],
  ['refused', REJOINED, 'joining', ''],
  ['refused', LEFT, 'failed GROUP_AUTHORIZATION_FAILED', ''],
  ['fenced', REJOINED, 'failed FENCED_INSTANCE_ID', ''],
  ['left', answer('NONE'), 'left', ''],
  ['left', REJOINED, 'joining', ''],
];

function textOf(state: HeartbeatState): string {
  if (state.type === 'active') return `active ${state.memberEpoch}`;
  return state.type === 'failed' ? `failed ${state.code}` : state.type;
}

describe('the membership of a KIP-848 group', () => {
  for (const [from, event, becomes, effects] of TABLE) {
    const code = 'code' in event ? ` ${event.code}` : '';
    test(`${from}, ${event.type}${code} -> ${becomes} ${effects}`, () => {
      const next = nextHeartbeat(STATES[from], event);
      assert.equal(textOf(next.state), becomes);
      assert.equal(next.effects.join(), effects);
    });
  }
});
