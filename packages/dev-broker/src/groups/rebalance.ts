import type { GroupDraft } from './group-draft.ts';
import { NO_BYTES } from './group-state.ts';

/** A member came, went or changed: begins a rebalance, or ends the one under way if nobody is missing. */
export function rebalance(group: GroupDraft): void {
  if (group.phase === 'PreparingRebalance') completeJoinIfAllCame(group);
  else beginRebalance(group);
}

/** Waits for every member to join again. */
export function beginRebalance(group: GroupDraft): void {
  if (group.phase === 'CompletingRebalance') dropAssignments(group);
  const wasEmpty = group.phase === 'Empty';
  group.phase = 'PreparingRebalance';
  group.unsynced.clear();
  group.stopTimer('sync');
  if (wasEmpty) {
    // Others mostly start at the same time: wait a moment, so that they share one generation.
    const { initialDelayMs } = group.limits;
    const remainingMs = Math.max(group.rebalanceTimeoutMs() - initialDelayMs, 0);
    group.initialWait = { remainingMs, hasNewMember: false };
    group.startTimer('join', initialDelayMs);
    return;
  }
  group.startTimer('join', group.rebalanceTimeoutMs());
  completeJoinIfAllCame(group);
}

/** Ends the wait early when all who are known have joined. */
export function completeJoinIfAllCame(group: GroupDraft): void {
  if (group.phase !== 'PreparingRebalance' || group.initialWait !== null) return;
  if (group.pendingIds.size > 0) return;
  const isMissing = [...group.members.values()].some((member) => member.pending?.type !== 'join');
  if (!isMissing) completeJoin(group);
}

/** The time to join is over. */
export function joinTimeIsUp(group: GroupDraft): void {
  if (group.phase !== 'PreparingRebalance') return;
  const wait = group.initialWait;
  const delayMs = Math.min(group.limits.initialDelayMs, wait?.remainingMs ?? 0);
  if (wait === null || !wait.hasNewMember || delayMs === 0) {
    completeJoin(group);
    return;
  }
  group.initialWait = { remainingMs: wait.remainingMs - delayMs, hasNewMember: false };
  group.startTimer('join', delayMs);
}

/** The time to ask for assignments is over: who did not is taken for dead. */
export function syncTimeIsUp(group: GroupDraft): void {
  const isExpected = group.phase === 'CompletingRebalance' || group.phase === 'Stable';
  if (!isExpected || group.unsynced.size === 0) return;
  for (const memberId of group.unsynced) group.remove(memberId);
  rebalance(group);
}

/** Begins the next generation with those who joined. */
function completeJoin(group: GroupDraft): void {
  for (const member of group.members.values()) {
    // A static member may be restarting: it stays until its session is over.
    if (member.pending?.type !== 'join' && member.instanceId === null)
      group.remove(member.memberId);
  }
  if (!electLeader(group)) {
    group.startTimer('join', group.rebalanceTimeoutMs());
    return;
  }
  group.initialWait = null;
  group.stopTimer('join');
  group.generation++;
  if (group.members.size === 0) {
    group.phase = 'Empty';
    group.protocolName = null;
    group.leaderId = null;
    group.effects.push({ type: 'save' });
    return;
  }
  group.phase = 'CompletingRebalance';
  group.protocolName = group.selectProtocol();
  group.startTimer('sync', group.rebalanceTimeoutMs());
  for (const member of group.members.values()) {
    group.unsynced.add(member.memberId);
    group.put({ ...member, isNew: false, pending: null });
    group.keepAlive(member);
    if (member.pending !== null) group.answerJoin(member.pending.token, member);
  }
}

/** The leader has to be among those who joined. False when nobody is. */
function electLeader(group: GroupDraft): boolean {
  const members = [...group.members.values()];
  if (members.length === 0) return true;
  const joined = members.filter((member) => member.pending?.type === 'join');
  if (!joined.some((member) => member.memberId === group.leaderId)) {
    group.leaderId = joined[0]?.memberId ?? group.leaderId;
  }
  return joined.length > 0;
}

/** Assignments of a generation that ends before it began are worth nothing. */
function dropAssignments(group: GroupDraft): void {
  for (const member of group.members.values()) {
    const isWaiting = member.pending?.type === 'sync';
    if (isWaiting) {
      group.endPending(member, 'REBALANCE_IN_PROGRESS');
      // Its session may have run out while it waited: from this answer on it has to speak again.
      group.keepAlive(member);
    }
    group.put({ ...member, assignment: NO_BYTES, pending: isWaiting ? null : member.pending });
  }
}
