import { isTransientCode } from './membership-state.ts';

/**
 * Where a member of a KIP-848 group is. `joining`: in no epoch. `active`: the coordinator counts it in. `failed`: refused.
 * `left`: out by its own will, until it comes back.
 */
export type HeartbeatState =
  | { readonly type: 'joining' }
  | { readonly type: 'active'; readonly memberEpoch: number }
  | { readonly type: 'failed'; readonly code: string }
  | { readonly type: 'left' };

/** What happens to a member. `code` is Kafka's name of the answer's error, `NONE` without one. */
export type HeartbeatEvent =
  | { readonly type: 'answered'; readonly code: string; readonly memberEpoch: number }
  | { readonly type: 'left' }
  | { readonly type: 'rejoined' };

/** `lost`: what was assigned may be somebody else's. `back-off`: wait a little, then say everything again. */
type HeartbeatEffect = 'lost' | 'back-off';

/** A state and what follows from entering it. */
export interface HeartbeatTransition {
  readonly state: HeartbeatState;
  readonly effects: readonly HeartbeatEffect[];
}

/** Says to the coordinator that the member joins. */
export const JOIN_EPOCH = 0;
/** Says that it leaves for good, and, for a static member, for a while. */
export const LEAVE_EPOCH = -1;
export const LEAVE_STATIC_EPOCH = -2;

/** The member's side of KIP-848. Mirrors Java's `ConsumerMembershipManager`. */
export function nextHeartbeat(state: HeartbeatState, event: HeartbeatEvent): HeartbeatTransition {
  const wasActive: readonly HeartbeatEffect[] = state.type === 'active' ? ['lost'] : [];
  switch (event.type) {
    case 'left':
      return { state: state.type === 'failed' ? state : { type: 'left' }, effects: wasActive };
    case 'rejoined':
      return state.type === 'active' ? { state, effects: [] } : rejoined(state);
    default:
      event.type satisfies 'answered';
      // An answer that comes when the member has gone means nothing any more.
      if (state.type !== 'joining' && state.type !== 'active') return { state, effects: [] };
      return answered(state, event.code, event.memberEpoch, wasActive);
  }
}

function rejoined(state: HeartbeatState): HeartbeatTransition {
  const isFinal = state.type === 'failed' && state.code === 'FENCED_INSTANCE_ID';
  return { state: isFinal ? state : { type: 'joining' }, effects: [] };
}

function answered(
  state: HeartbeatState,
  code: string,
  memberEpoch: number,
  wasActive: readonly HeartbeatEffect[],
): HeartbeatTransition {
  if (code === 'NONE') return { state: { type: 'active', memberEpoch }, effects: [] };
  if (code === 'FENCED_MEMBER_EPOCH' || code === 'UNKNOWN_MEMBER_ID') {
    return { state: { type: 'joining' }, effects: wasActive };
  }
  if (isTransientCode(code)) return { state, effects: ['back-off'] };
  return { state: { type: 'failed', code }, effects: wasActive };
}
