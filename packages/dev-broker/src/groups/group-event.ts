import type { ErrorName } from '@sluice/protocol';
import type { MemberProtocol } from './group-state.ts';

/** Who speaks: a member names its id, and its instance id when it is static. */
export interface MemberIdentity {
  readonly memberId: string;
  readonly instanceId: string | null;
}

export interface JoinEvent extends MemberIdentity {
  readonly type: 'join';
  readonly token: number;
  /** The id that a new member gets: chance stays outside of the group. */
  readonly newMemberId: string;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocolType: string;
  readonly protocols: readonly MemberProtocol[];
  /** The client joins in two steps, with an id from the first (JoinGroup version 4 on). */
  readonly needsKnownId: boolean;
  /** The client understands that a leader may go on without a new assignment (version 9 on). */
  readonly canSkipAssignment: boolean;
}

export interface SyncEvent extends MemberIdentity {
  readonly type: 'sync';
  readonly token: number;
  readonly generation: number;
  /** `null` from clients that do not say (before version 5). */
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  /** By member id; empty unless the leader speaks. */
  readonly assignments: ReadonlyMap<string, Buffer>;
}

export interface HeartbeatEvent extends MemberIdentity {
  readonly type: 'heartbeat';
  readonly token: number;
  readonly generation: number;
}

/** A member that commits offsets is alive. */
export interface CommitEvent extends MemberIdentity {
  readonly type: 'commit';
  readonly token: number;
  /** -1 from clients that are no members. */
  readonly generation: number;
  /** A transactional producer may commit for a group without telling who it is in it. */
  readonly isTransactional: boolean;
}

export interface LeaveEvent {
  readonly type: 'leave';
  readonly token: number;
  readonly members: readonly MemberIdentity[];
}

interface TimerEvent {
  readonly type: 'timer';
  readonly timer: TimerName;
}

export type GroupEvent =
  | JoinEvent
  | SyncEvent
  | HeartbeatEvent
  | CommitEvent
  | LeaveEvent
  | TimerEvent;

/** `join` ends the wait for members, `sync` that for assignments, `member:<id>` a member's session. */
export type TimerName = 'join' | 'sync' | `member:${string}`;

export interface JoinAnswer {
  readonly type: 'join';
  readonly error: ErrorName;
  readonly memberId: string;
  readonly generation: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leaderId: string;
  readonly skipAssignment: boolean;
  /** Everybody, for the leader; empty for the others. */
  readonly members: readonly {
    readonly memberId: string;
    readonly instanceId: string | null;
    readonly metadata: Buffer;
  }[];
}

export interface SyncAnswer {
  readonly type: 'sync';
  readonly error: ErrorName;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignment: Buffer;
}

export interface StatusAnswer {
  readonly type: 'status';
  readonly error: ErrorName;
}

export interface LeaveAnswer {
  readonly type: 'leave';
  readonly members: readonly (MemberIdentity & { readonly error: ErrorName })[];
}

export type GroupAnswer = JoinAnswer | SyncAnswer | StatusAnswer | LeaveAnswer;

/** What the world has to do after a transition, in this order. */
export type GroupEffect =
  | { readonly type: 'answer'; readonly token: number; readonly answer: GroupAnswer }
  /** Replaces the timer of that name, if there is one. */
  | { readonly type: 'start-timer'; readonly timer: TimerName; readonly afterMs: number }
  | { readonly type: 'stop-timer'; readonly timer: TimerName }
  /** A generation is complete: protocol type and generation should outlive the broker. */
  | { readonly type: 'save' };

/** Bounds of every group. */
export interface GroupLimits {
  readonly initialDelayMs: number;
  readonly membersMax: number;
}
