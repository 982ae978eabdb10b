import type { ErrorName } from '@sluice/protocol';
import { GroupDraft } from './group-draft.ts';
import type {
  CommitEvent,
  GroupEffect,
  GroupEvent,
  GroupLimits,
  HeartbeatEvent,
  LeaveEvent,
  MemberIdentity,
  SyncEvent,
  TimerName,
} from './group-event.ts';
import { type GroupState, memberOfInstance, NO_BYTES } from './group-state.ts';
import { joinGroup } from './join-group.ts';
import { completeJoinIfAllCame, joinTimeIsUp, rebalance, syncTimeIsUp } from './rebalance.ts';

/** What an event makes of a group. */
export interface GroupTransition {
  readonly state: GroupState;
  readonly effects: readonly GroupEffect[];
}

/**
 * The classic group protocol as a function: same state and event, same outcome. Mirrors Kafka's
 * group coordinator for classic groups of any protocol type. Every event with a token is answered
 * exactly once, now or by a later transition.
 */
export function groupTransition(
  state: GroupState,
  event: GroupEvent,
  limits: GroupLimits,
): GroupTransition {
  const group = new GroupDraft(state, limits);
  switch (event.type) {
    case 'join':
      joinGroup(group, event);
      break;
    case 'sync':
      syncGroup(group, event);
      break;
    case 'heartbeat':
      heartbeat(group, event);
      break;
    case 'commit':
      commit(group, event);
      break;
    case 'leave':
      leaveGroup(group, event);
      break;
    case 'timer':
      timeIsUp(group, event.timer);
      break;
    default:
      event satisfies never;
  }
  return { state: group.toState(), effects: group.effects };
}

function syncGroup(group: GroupDraft, event: SyncEvent): void {
  const problem = group.identityProblem(event) ?? syncProblem(group, event);
  const member = group.members.get(event.memberId);
  if (problem !== null || member === undefined) {
    group.answerSync(event.token, problem ?? 'UNKNOWN_MEMBER_ID');
    return;
  }
  group.unsynced.delete(member.memberId);
  if (group.unsynced.size === 0) group.stopTimer('sync');
  if (group.phase === 'Stable') {
    group.keepAlive(member);
    group.answerSync(event.token, 'NONE', member.assignment);
    return;
  }
  group.endPending(member, 'REBALANCE_IN_PROGRESS');
  group.put({ ...member, pending: { type: 'sync', token: event.token } });
  group.keepAlive(member);
  if (member.memberId === group.leaderId) handOut(group, event.assignments);
}

function syncProblem(group: GroupDraft, event: SyncEvent): ErrorName | null {
  if (event.generation !== group.generation) return 'ILLEGAL_GENERATION';
  const isOtherType = event.protocolType !== null && event.protocolType !== group.protocolType;
  const isOtherName = event.protocolName !== null && event.protocolName !== group.protocolName;
  if (isOtherType || isOtherName) return 'INCONSISTENT_GROUP_PROTOCOL';
  if (group.phase === 'Empty') return 'UNKNOWN_MEMBER_ID';
  return group.phase === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : null;
}

/** The leader has decided: everybody who waits hears what is theirs. */
function handOut(group: GroupDraft, assignments: ReadonlyMap<string, Buffer>): void {
  group.phase = 'Stable';
  for (const member of group.members.values()) {
    const assignment = assignments.get(member.memberId) ?? NO_BYTES;
    group.put({ ...member, assignment, pending: null });
    if (member.pending === null) continue;
    group.keepAlive(member);
    group.answerSync(member.pending.token, 'NONE', assignment);
  }
  group.effects.push({ type: 'save' });
}

function heartbeat(group: GroupDraft, event: HeartbeatEvent): void {
  const problem = group.identityProblem(event) ?? generationProblem(group, event.generation);
  const member = group.members.get(event.memberId);
  if (problem !== null || member === undefined) {
    group.answerStatus(event.token, problem ?? 'UNKNOWN_MEMBER_ID');
    return;
  }
  group.keepAlive(member);
  const isRebalance = group.phase === 'PreparingRebalance';
  group.answerStatus(event.token, isRebalance ? 'REBALANCE_IN_PROGRESS' : 'NONE');
}

function commit(group: GroupDraft, event: CommitEvent): void {
  const isNoMember = event.generation < 0 && event.memberId === '' && event.instanceId === null;
  if (isNoMember || (event.generation < 0 && group.phase === 'Empty')) {
    // Offsets of a living group belong to its members.
    const isAllowed = group.phase === 'Empty' || event.isTransactional;
    group.answerStatus(event.token, isAllowed ? 'NONE' : 'UNKNOWN_MEMBER_ID');
    return;
  }
  const problem = group.identityProblem(event) ?? generationProblem(group, event.generation);
  if (problem !== null) {
    group.answerStatus(event.token, problem);
    return;
  }
  const member = group.members.get(event.memberId);
  if (member !== undefined) group.keepAlive(member);
  const isTooLate = group.phase === 'CompletingRebalance';
  group.answerStatus(event.token, isTooLate ? 'REBALANCE_IN_PROGRESS' : 'NONE');
}

function generationProblem(group: GroupDraft, generation: number): ErrorName | null {
  return generation === group.generation ? null : 'ILLEGAL_GENERATION';
}

function leaveGroup(group: GroupDraft, event: LeaveEvent): void {
  const before = group.members.size;
  const members = event.members.map((identity) => ({ ...identity, error: leave(group, identity) }));
  group.answer(event.token, { type: 'leave', members });
  // An id that was only given out has no share of the work: it matters to those who wait for it.
  if (group.members.size === before) completeJoinIfAllCame(group);
  else rebalance(group);
}

function leave(group: GroupDraft, { memberId, instanceId }: MemberIdentity): ErrorName {
  if (instanceId !== null) {
    const holder = memberOfInstance(group.members, instanceId);
    if (holder === undefined) return 'UNKNOWN_MEMBER_ID';
    // An administrator removes a static member by its instance id alone.
    if (memberId !== '' && holder.memberId !== memberId) return 'FENCED_INSTANCE_ID';
    group.remove(holder.memberId);
    return 'NONE';
  }
  if (group.pendingIds.delete(memberId)) {
    group.stopTimer(`member:${memberId}`);
    return 'NONE';
  }
  if (!group.members.has(memberId)) return 'UNKNOWN_MEMBER_ID';
  group.remove(memberId);
  return 'NONE';
}

function timeIsUp(group: GroupDraft, timer: TimerName): void {
  if (timer === 'join') joinTimeIsUp(group);
  else if (timer === 'sync') syncTimeIsUp(group);
  else sessionIsOver(group, timer.slice('member:'.length));
}

function sessionIsOver(group: GroupDraft, memberId: string): void {
  if (group.pendingIds.delete(memberId)) {
    completeJoinIfAllCame(group);
    return;
  }
  const member = group.members.get(memberId);
  if (member === undefined) return;
  // Who waits for an answer can't send heartbeats. Not so a new member: it may never come back.
  if (member.pending !== null && !member.isNew) return;
  group.remove(memberId);
  rebalance(group);
}
