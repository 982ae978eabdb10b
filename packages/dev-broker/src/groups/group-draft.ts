import type { ErrorName } from '@sluice/protocol';
import type {
  GroupAnswer,
  GroupEffect,
  GroupLimits,
  JoinAnswer,
  MemberIdentity,
  TimerName,
} from './group-event.ts';
import {
  type GroupMember,
  type GroupPhase,
  type GroupState,
  type InitialWait,
  memberOfInstance,
  metadataFor,
  NO_BYTES,
  selectProtocol,
} from './group-state.ts';

/**
 * A group in the middle of a transition: the old state's copy, changed step by step, and the effects
 * collected on the way. Lives for one transition only.
 */
export class GroupDraft {
  readonly groupId: string;
  readonly limits: GroupLimits;
  phase: GroupPhase;
  generation: number;
  protocolType: string | null;
  protocolName: string | null;
  leaderId: string | null;
  initialWait: InitialWait | null;
  readonly members: Map<string, GroupMember>;
  readonly pendingIds: Set<string>;
  readonly unsynced: Set<string>;
  readonly effects: GroupEffect[] = [];

  constructor(state: GroupState, limits: GroupLimits) {
    this.groupId = state.groupId;
    this.limits = limits;
    this.phase = state.phase;
    this.generation = state.generation;
    this.protocolType = state.protocolType;
    this.protocolName = state.protocolName;
    this.leaderId = state.leaderId;
    this.initialWait = state.initialWait;
    this.members = new Map(state.members);
    this.pendingIds = new Set(state.pendingIds);
    this.unsynced = new Set(state.unsynced);
  }

  /** The state that the steps led to. */
  toState(): GroupState {
    const { groupId, phase, generation, protocolType, protocolName, leaderId } = this;
    const { members, pendingIds, unsynced, initialWait } = this;
    const own = { groupId, phase, generation, protocolType, protocolName, leaderId };
    return { ...own, members, pendingIds, unsynced, initialWait };
  }

  answer(token: number, answer: GroupAnswer): void {
    this.effects.push({ type: 'answer', token, answer });
  }
  answerStatus(token: number, error: ErrorName): void {
    this.answer(token, { type: 'status', error });
  }
  answerSync(token: number, error: ErrorName, assignment: Buffer = NO_BYTES): void {
    const { protocolType, protocolName } = this;
    this.answer(token, { type: 'sync', error, protocolType, protocolName, assignment });
  }
  refuseJoin(token: number, error: ErrorName, memberId: string): void {
    this.answer(token, { ...NO_JOIN, error, memberId });
  }
  /** Tells a member what this generation is; its leader also who is in it. */
  answerJoin(token: number, member: GroupMember, overrides: Partial<JoinAnswer> = {}): void {
    const isLeader = member.memberId === this.leaderId;
    this.answer(token, {
      type: 'join',
      error: 'NONE',
      memberId: member.memberId,
      generation: this.generation,
      protocolType: this.protocolType,
      protocolName: this.protocolName,
      leaderId: this.leaderId ?? '',
      skipAssignment: false,
      members: isLeader ? this.roster() : [],
      ...overrides,
    });
  }
  /** The members as the leader hears of them. */
  roster(): JoinAnswer['members'] {
    return [...this.members.values()].map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      metadata: metadataFor(member, this.protocolName ?? ''),
    }));
  }

  startTimer(timer: TimerName, afterMs: number): void {
    this.effects.push({ type: 'start-timer', timer, afterMs });
  }
  stopTimer(timer: TimerName): void {
    this.effects.push({ type: 'stop-timer', timer });
  }
  /** The member was heard of: its session begins anew. */
  keepAlive(member: GroupMember): void {
    this.startTimer(`member:${member.memberId}`, member.sessionTimeoutMs);
  }

  put(member: GroupMember): void {
    this.members.set(member.memberId, member);
  }

  /** Takes a member out. Whatever it waits for ends with `error`. */
  remove(memberId: string, error: ErrorName = 'UNKNOWN_MEMBER_ID'): void {
    const member = this.members.get(memberId);
    if (member === undefined) return;
    this.endPending(member, error);
    this.members.delete(memberId);
    this.unsynced.delete(memberId);
    this.stopTimer(`member:${memberId}`);
    if (this.leaderId === memberId) this.leaderId = this.members.keys().next().value ?? null;
  }

  /** Answers what a member waits for, because something else came instead. */
  endPending(member: GroupMember, error: ErrorName): void {
    if (member.pending?.type === 'join') {
      this.refuseJoin(member.pending.token, error, member.memberId);
    } else if (member.pending?.type === 'sync') {
      this.answerSync(member.pending.token, error);
    }
  }

  selectProtocol(): string | null {
    return selectProtocol([...this.members.values()]);
  }

  /** A rebalance may take as long as the most patient member allows. */
  rebalanceTimeoutMs(): number {
    return Math.max(0, ...[...this.members.values()].map((member) => member.rebalanceTimeoutMs));
  }

  /** `null` when the speaker is a member, else what it is told. */
  identityProblem({ memberId, instanceId }: MemberIdentity): ErrorName | null {
    if (instanceId !== null) {
      const holder = memberOfInstance(this.members, instanceId);
      if (holder === undefined) return 'UNKNOWN_MEMBER_ID';
      return holder.memberId === memberId ? null : 'FENCED_INSTANCE_ID';
    }
    return this.members.has(memberId) ? null : 'UNKNOWN_MEMBER_ID';
  }
}

const NO_JOIN: JoinAnswer = {
  type: 'join',
  error: 'NONE',
  memberId: '',
  generation: -1,
  protocolType: null,
  protocolName: null,
  leaderId: '',
  skipAssignment: false,
  members: [],
};
