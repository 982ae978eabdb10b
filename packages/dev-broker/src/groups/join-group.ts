import type { ErrorName } from '@sluice/protocol';
import type { GroupDraft } from './group-draft.ts';
import type { JoinEvent } from './group-event.ts';
import { commonProtocols, type GroupMember, memberOfInstance, NO_BYTES } from './group-state.ts';
import { beginRebalance, completeJoinIfAllCame, rebalance } from './rebalance.ts';

/** A member that nobody has heard of may take this long until its first generation is complete. */
const NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000;

/** A client wants in, or joins again because a rebalance was called. */
export function joinGroup(group: GroupDraft, event: JoinEvent): void {
  const problem = joinProblem(group, event);
  if (problem !== null) {
    group.refuseJoin(event.token, problem, event.memberId);
  } else if (event.memberId === '') {
    joinNewMember(group, event);
  } else if (group.pendingIds.delete(event.memberId)) {
    addMember(group, event, event.memberId);
  } else {
    rejoin(group, event);
  }
}

function joinProblem(group: GroupDraft, event: JoinEvent): ErrorName | null {
  if (!hasRoom(group, event.memberId)) return 'GROUP_MAX_SIZE_REACHED';
  if (event.protocolType === '' || event.protocols.length === 0)
    return 'INCONSISTENT_GROUP_PROTOCOL';
  if (group.members.size === 0) return null;
  if (event.protocolType !== group.protocolType) return 'INCONSISTENT_GROUP_PROTOCOL';
  const common = commonProtocols(group.members.values());
  const isShared = event.protocols.some((protocol) => common.has(protocol.name));
  return isShared ? null : 'INCONSISTENT_GROUP_PROTOCOL';
}

function hasRoom(group: GroupDraft, memberId: string): boolean {
  const { membersMax } = group.limits;
  if (group.phase === 'Empty') return true;
  if (group.phase !== 'PreparingRebalance') {
    return group.members.has(memberId) || group.members.size < membersMax;
  }
  if (group.members.get(memberId)?.pending?.type === 'join') return true;
  const members = [...group.members.values()];
  return members.filter((member) => member.pending?.type === 'join').length < membersMax;
}

function joinNewMember(group: GroupDraft, event: JoinEvent): void {
  const { instanceId, newMemberId } = event;
  if (instanceId !== null) {
    const earlier = memberOfInstance(group.members, instanceId);
    if (earlier === undefined) addMember(group, event, newMemberId);
    else replaceStaticMember(group, event, earlier);
  } else if (event.needsKnownId) {
    // The client may give up and ask again: only one that comes back with its id is a member.
    group.pendingIds.add(newMemberId);
    group.startTimer(`member:${newMemberId}`, event.sessionTimeoutMs);
    group.refuseJoin(event.token, 'MEMBER_ID_REQUIRED', newMemberId);
  } else {
    addMember(group, event, newMemberId);
  }
}

function addMember(group: GroupDraft, event: JoinEvent, memberId: string): void {
  if (group.members.size === 0) group.protocolType = event.protocolType;
  group.put(memberFrom(event, memberId, true));
  group.leaderId ??= memberId;
  if (group.initialWait !== null) group.initialWait = { ...group.initialWait, hasNewMember: true };
  group.startTimer(`member:${memberId}`, NEW_MEMBER_JOIN_TIMEOUT_MS);
  rebalance(group);
}

function rejoin(group: GroupDraft, event: JoinEvent): void {
  const problem = group.identityProblem(event);
  const member = group.members.get(event.memberId);
  if (problem !== null || member === undefined) {
    group.refuseJoin(event.token, problem ?? 'UNKNOWN_MEMBER_ID', event.memberId);
    return;
  }
  const isSame = hasSameProtocols(member, event);
  const isLeader = group.leaderId === event.memberId;
  const isAnswerLost = group.phase === 'CompletingRebalance' && isSame;
  const isNothingNew = group.phase === 'Stable' && isSame && !isLeader;
  if (isAnswerLost || isNothingNew) {
    group.keepAlive(member);
    group.answerJoin(event.token, member);
    return;
  }
  group.endPending(member, 'REBALANCE_IN_PROGRESS');
  const back = memberFrom(event, event.memberId, member.isNew);
  group.put({ ...back, assignment: member.assignment });
  group.keepAlive(back);
  rebalance(group);
}

/**
 * A static member is back under a new id. While the group is stable and the protocol stays, it takes
 * over the work of its former self, and nobody else notices.
 */
function replaceStaticMember(group: GroupDraft, event: JoinEvent, earlier: GroupMember): void {
  const wasLeader = group.leaderId === earlier.memberId;
  const memberId = event.newMemberId;
  const isUnsynced = group.unsynced.has(earlier.memberId);
  group.remove(earlier.memberId, 'FENCED_INSTANCE_ID');
  const member = { ...memberFrom(event, memberId, false), assignment: earlier.assignment };
  group.put(member);
  if (wasLeader) group.leaderId = memberId;
  if (isUnsynced) group.unsynced.add(memberId);
  group.keepAlive(member);
  if (group.phase === 'PreparingRebalance') {
    completeJoinIfAllCame(group);
  } else if (group.phase !== 'Stable' || group.selectProtocol() !== group.protocolName) {
    beginRebalance(group);
  } else {
    group.put({ ...member, pending: null });
    // An old client told that it leads would assign anew: it is told the id that it had before.
    const leaderId = wasLeader && !event.canSkipAssignment ? earlier.memberId : group.leaderId;
    group.answerJoin(event.token, member, {
      leaderId: leaderId ?? '',
      skipAssignment: wasLeader && event.canSkipAssignment,
      members: wasLeader && event.canSkipAssignment ? group.roster() : [],
    });
  }
}

function memberFrom(event: JoinEvent, memberId: string, isNew: boolean): GroupMember {
  return {
    memberId,
    instanceId: event.instanceId,
    clientId: event.clientId,
    clientHost: event.clientHost,
    sessionTimeoutMs: event.sessionTimeoutMs,
    rebalanceTimeoutMs: event.rebalanceTimeoutMs,
    protocols: event.protocols,
    assignment: NO_BYTES,
    isNew,
    pending: { type: 'join', token: event.token },
  };
}

function hasSameProtocols(member: GroupMember, event: JoinEvent): boolean {
  if (member.protocols.length !== event.protocols.length) return false;
  return member.protocols.every((protocol, i) => {
    const other = event.protocols[i];
    return other?.name === protocol.name && other.metadata.equals(protocol.metadata);
  });
}
