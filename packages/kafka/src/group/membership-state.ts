/** Who a member is in its group right now. */
export interface Generation {
  /** -1 outside of a generation. */
  readonly generationId: number;
  /** Empty until the coordinator gave one. */
  readonly memberId: string;
}

/**
 * Where a member of a classic group is. `unjoined`: in no generation (the member id may be kept). `preparing`:
 * JoinGroup is on its way. `completing`: SyncGroup is. `stable`: has its part; `isRejoinNeeded` when a rebalance waits
 * for it. `failed`: refused; joining again may work after a change from outside (a permission, a setting), but not
 * for a fenced instance, whose place another process has taken.
 */
export type MembershipState =
  | (Generation & { readonly type: 'unjoined' })
  | (Generation & { readonly type: 'preparing' })
  | (Generation & { readonly type: 'completing' })
  | (Generation & { readonly type: 'stable'; readonly isRejoinNeeded: boolean })
  | (Generation & { readonly type: 'failed'; readonly code: string });

/** What happens to a member. `code` is Kafka's name of the answer's error, `NONE` without one. */
export type MembershipEvent =
  | { readonly type: 'join-started' }
  | { readonly type: 'join-answered'; readonly code: string; readonly answer: Generation }
  | { readonly type: 'sync-answered'; readonly code: string }
  | { readonly type: 'heartbeat-answered'; readonly code: string; readonly sentAs: Generation }
  | { readonly type: 'commit-answered'; readonly code: string; readonly sentAs: Generation }
  | { readonly type: 'rejoin-requested' }
  | { readonly type: 'round-broken' }
  | { readonly type: 'left' };

/**
 * What follows. `lost`: the generation is gone, and with it what was assigned. `rejoin`: the owner should come soon and
 * join again. `back-off`: wait a little before the next request.
 */
export type MembershipEffect = 'lost' | 'rejoin' | 'back-off';

/** A state and what follows from entering it. */
export interface Transition {
  readonly state: MembershipState;
  readonly effects: readonly MembershipEffect[];
}

export const NO_GENERATION: Generation = { generationId: -1, memberId: '' };

/** Before the first join. */
export const INITIAL_MEMBERSHIP: MembershipState = { type: 'unjoined', ...NO_GENERATION };

/** Errors that pass when the same request is sent again a little later, to whoever coordinates then. */
const TRANSIENT: ReadonlySet<string> = new Set([
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'NETWORK_EXCEPTION',
  'REQUEST_TIMED_OUT',
  'BROKER_NOT_AVAILABLE',
  'INVALID_RESPONSE',
  'TIMEOUT',
]);

/** Whether the same request may succeed a little later. */
export function isTransientCode(code: string): boolean {
  return TRANSIENT.has(code);
}

/** The classic group protocol as its client sees it. Mirrors the handlers of Java's `AbstractCoordinator`. */
export function nextMembership(state: MembershipState, event: MembershipEvent): Transition {
  if (state.type === 'failed' && (event.type !== 'join-started' || isFinal(state.code))) {
    return stay(state);
  }
  switch (event.type) {
    case 'join-started':
      return stay({ type: 'preparing', ...generationOf(state) });
    case 'join-answered':
      return state.type === 'preparing' ? afterJoin(state, event.code, event.answer) : stay(state);
    case 'sync-answered':
      return state.type === 'completing' ? afterSync(state, event.code) : stay(state);
    case 'heartbeat-answered':
      return isSame(state, event.sentAs) ? afterHeartbeat(state, event.code) : stay(state);
    case 'commit-answered':
      return isSame(state, event.sentAs) ? afterCommit(state, event.code) : stay(state);
    case 'rejoin-requested':
      return rejoin(state);
    case 'round-broken':
      return lose(state, state.memberId);
    default:
      event.type satisfies 'left';
      return lose(state, '');
  }
}

function afterJoin(state: MembershipState, code: string, answer: Generation): Transition {
  switch (code) {
    case 'NONE':
      return stay({ type: 'completing', ...generationOf(answer) });
    case 'MEMBER_ID_REQUIRED':
      return stay({ ...state, memberId: answer.memberId });
    case 'UNKNOWN_MEMBER_ID':
      return lose(state, '');
    case 'REBALANCE_IN_PROGRESS':
      return { state, effects: ['back-off'] };
    default:
      return isTransientCode(code) ? { state, effects: ['back-off'] } : fail(state, code);
  }
}

function afterSync(state: MembershipState, code: string): Transition {
  switch (code) {
    case 'NONE':
      return stay({ type: 'stable', ...generationOf(state), isRejoinNeeded: false });
    case 'REBALANCE_IN_PROGRESS':
      return stay({ type: 'preparing', ...generationOf(state) });
    case 'UNKNOWN_MEMBER_ID':
      return lose(state, '');
    case 'ILLEGAL_GENERATION':
      return lose(state, state.memberId);
    default:
      if (!isTransientCode(code)) return fail(state, code);
      return { state: { type: 'preparing', ...generationOf(state) }, effects: ['back-off'] };
  }
}

function afterHeartbeat(state: MembershipState, code: string): Transition {
  switch (code) {
    case 'NONE':
      return stay(state);
    case 'REBALANCE_IN_PROGRESS':
      return rejoin(state);
    case 'UNKNOWN_MEMBER_ID':
      return lose(state, '');
    case 'ILLEGAL_GENERATION':
      return lose(state, state.memberId);
    default:
      return isTransientCode(code) ? { state, effects: ['back-off'] } : fail(state, code);
  }
}

/** A commit that failed for its own reasons (too large metadata, a topic that is gone) says nothing of membership. */
function afterCommit(state: MembershipState, code: string): Transition {
  switch (code) {
    case 'REBALANCE_IN_PROGRESS':
      return rejoin(state);
    case 'UNKNOWN_MEMBER_ID':
      return lose(state, '');
    case 'ILLEGAL_GENERATION':
      return lose(state, state.memberId);
    case 'FENCED_INSTANCE_ID':
      return fail(state, code);
    default:
      return stay(state);
  }
}

function rejoin(state: MembershipState): Transition {
  if (state.type !== 'stable' || state.isRejoinNeeded) return stay(state);
  return { state: { ...state, isRejoinNeeded: true }, effects: ['rejoin'] };
}

function isFinal(code: string): boolean {
  return code === 'FENCED_INSTANCE_ID';
}

function lose(state: MembershipState, memberId: string): Transition {
  const next: MembershipState = { type: 'unjoined', generationId: -1, memberId };
  return { state: next, effects: state.type === 'unjoined' ? [] : ['lost'] };
}

function fail(state: MembershipState, code: string): Transition {
  const next: MembershipState = { type: 'failed', ...NO_GENERATION, code };
  return { state: next, effects: state.type === 'unjoined' ? [] : ['lost'] };
}

function stay(state: MembershipState): Transition {
  return { state, effects: [] };
}

function generationOf({ generationId, memberId }: Generation): Generation {
  return { generationId, memberId };
}

/** Answers to what was sent in another generation mean nothing any more. */
function isSame(state: MembershipState, sentAs: Generation): boolean {
  return state.generationId === sentAs.generationId && state.memberId === sentAs.memberId;
}
