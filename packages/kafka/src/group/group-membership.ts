import { errorInfo } from '@sluice/protocol';
import { pause } from '../clock.ts';
import { withinDeadline } from '../cluster/retrying.ts';
import { backoffMs } from '../connection/backoff.ts';
import { asKafkaError, namedError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { GroupCluster, GroupCoordinator, RequestSender } from './group-link.ts';
import type { GroupMetrics } from '../metrics/group-metrics.ts';
import {
  type GroupIdentity,
  type GroupMemberInfo,
  type GroupSubprotocol,
  type JoinAnswer,
  sendHeartbeat,
  sendJoin,
  sendLeave,
  sendSync,
} from './group-requests.ts';
import {
  type Generation,
  INITIAL_MEMBERSHIP,
  type MembershipEvent,
  type MembershipState,
  nextMembership,
  NO_GENERATION,
} from './membership-state.ts';

/** What a kind of group does with its membership: consumers and Connect workers each bring one. */
export interface GroupProtocol {
  /** Protocol type in JoinGroup, e.g. `consumer` or `connect`. */
  readonly type: string;
  /** Asked at every JoinGroup: the ways in which this member can work, the one it prefers first. */
  protocols(): readonly GroupSubprotocol[];
  /** Called on the leader: everybody's part, by member id. What it throws ends the round. */
  assign(
    protocolName: string,
    leaderId: string,
    members: readonly GroupMemberInfo[],
  ): Promise<ReadonlyMap<string, Buffer>> | ReadonlyMap<string, Buffer>;
}

/** How a membership is kept. */
export interface MembershipOptions {
  readonly group: GroupIdentity;
  readonly protocol: GroupProtocol;
  readonly cluster: GroupCluster;
  readonly coordinators: GroupCoordinator;
  readonly metrics: GroupMetrics;
  /** `session.timeout.ms` */
  readonly sessionTimeoutMs: number;
  /** How long the group waits for this member to join a rebalance. */
  readonly rebalanceTimeoutMs: number;
  /** `heartbeat.interval.ms` */
  readonly heartbeatIntervalMs: number;
  /** Leaves the group when the owner was not inside {@link GroupMembership.enterPoll} for so long. */
  readonly pollIntervalMaxMs: number;
  /** Something changed that the owner should look at: a rejoin is needed, the generation was lost. */
  readonly onChange: () => void;
}

/** This member's place in a new generation. */
export interface JoinedGroup extends Generation {
  readonly protocolName: string;
  readonly leaderId: string;
  readonly isLeader: boolean;
  readonly assignment: Buffer;
}

/** Java adds as much to the rebalance timeout before it gives up on a JoinGroup. */
const JOIN_GRACE_MS = 5000;

/**
 * One member of a classic group: joins when its owner says so, heartbeats on its own, leaves. What a generation means
 * is the {@link GroupProtocol}'s business. The rules are in `nextMembership`; this class runs the requests.
 *
 * The owner's part: while {@link isRejoinNeeded}, give up what has to be given up, then {@link join}.
 */
export class GroupMembership {
  readonly #options: MembershipOptions;
  readonly #ending = new AbortController();
  #state: MembershipState = INITIAL_MEMBERSHIP;
  #round: Promise<JoinedGroup | null> | null = null;
  #joined: JoinedGroup | null = null;
  #keepingAlive: Promise<void> | null = null;
  /** The last one that was not an answer. */
  #lastError: KafkaError | null = null;
  #rejoinReason = 'this member starts';
  #lastPollMs: number;
  #isPolling = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#lastPollMs = options.cluster.clock.now();
  }

  get state(): MembershipState {
    return this.#state;
  }
  /** As whom to commit; `generationId` -1 outside of a generation. */
  get generation(): Generation {
    const { generationId, memberId } = this.#state;
    return generationId < 0 ? NO_GENERATION : { generationId, memberId };
  }
  get isRejoinNeeded(): boolean {
    return this.#state.type !== 'stable' || this.#state.isRejoinNeeded;
  }
  /** A round of joining is under way. */
  get isJoining(): boolean {
    return this.#round !== null;
  }
  /** The last generation's answer, as long as it is still valid. */
  get joined(): JoinedGroup | null {
    const joined = this.#joined;
    return joined?.generationId === this.#state.generationId ? joined : null;
  }

  /**
   * Joins the next generation; callers during a round share it. `null`: the generation was lost meanwhile; give up
   * what was assigned and join again.
   *
   * @throws KafkaError when the group refuses this member for good, or `assign` failed
   */
  join(): Promise<JoinedGroup | null> {
    this.#round ??= this.#joinRound().finally(() => {
      this.#round = null;
    });
    return this.#round;
  }

  /** Marks that a new round is needed. `reason` is for the coordinator's log. */
  requestRejoin(reason: string): void {
    this.#rejoinReason = reason;
    this.#dispatch({ type: 'rejoin-requested' });
  }

  /** The owner is at work inside a poll. */
  enterPoll(): void {
    this.#isPolling = true;
  }
  /** From now on `pollIntervalMaxMs` counts. */
  leavePoll(): void {
    this.#isPolling = false;
    this.#lastPollMs = this.#options.cluster.clock.now();
  }

  /** Takes note of how a commit was answered. */
  noteCommit(code: string, sentAs: Generation): void {
    this.#dispatch({ type: 'commit-answered', code, sentAs });
  }

  /** Tells the coordinator that this member goes. Static members only forget their generation (KIP-345). */
  async leave(reason: string, timeoutMs: number): Promise<void> {
    const { memberId } = this.#state;
    const { group, cluster, coordinators } = this.#options;
    this.#dispatch({ type: 'left' });
    if (memberId === '' || group.groupInstanceId !== null) return;
    const what = `Leaving the group "${group.groupId}"`;
    try {
      const { clock } = cluster;
      const connection = coordinators.connection('group', group.groupId);
      const sent = connection.then((each) => sendLeave(each, group, memberId, reason, timeoutMs));
      const code = await withinDeadline({ clock, deadlineMs: clock.now() + timeoutMs, what }, sent);
      if (code !== 'NONE') cluster.logger.debug(`${what} was answered with ${code}`);
    } catch (error) {
      // The coordinator will miss the heartbeats: leaving only makes it faster.
      cluster.logger.debug(`${what} failed: ${asKafkaError(error).message}`);
    }
  }

  /** Ends heartbeats and waiting rounds. Does not leave. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#round?.catch(() => undefined);
    await this.#keepingAlive;
  }

  #dispatch(event: MembershipEvent): boolean {
    const { state, effects } = nextMembership(this.#state, event);
    const { logger } = this.#options.cluster;
    const { groupId } = this.#options.group;
    if (state.type !== this.#state.type) {
      logger.debug(`Group "${groupId}": ${this.#state.type} -> ${state.type} (${event.type})`);
    }
    this.#state = state;
    if (effects.includes('lost')) {
      this.#joined = null;
      const code = 'code' in event ? `: ${event.code}` : '';
      this.#rejoinReason = `the membership was lost (${event.type}${code})`;
      const text = `Group "${groupId}": this member is out (${event.type}${code})`;
      if (event.type === 'left') logger.debug(text);
      else logger.info(text);
    }
    if (effects.includes('lost') || effects.includes('rejoin')) this.#options.onChange();
    return effects.includes('back-off');
  }

  async #joinRound(): Promise<JoinedGroup | null> {
    this.#keepingAlive ??= this.#keepAlive();
    const { signal } = this.#ending;
    this.#options.metrics.rebalanceBegan();
    this.#dispatch({ type: 'join-started' });
    // Whoever tries again at once, for ever, must not keep everything else from running.
    if (this.#state.type === 'failed') await this.#backOff(0);
    let failures = 0;
    let answer: JoinAnswer | null = null;
    try {
      for (;;) {
        signal.throwIfAborted();
        const state = this.#state;
        let isDelayed = false;
        if (state.type === 'preparing') {
          ({ answer, isDelayed } = await this.#joinOnce(state));
        } else if (state.type === 'completing' && answer !== null) {
          isDelayed = await this.#syncOnce(state, answer);
        } else {
          break;
        }
        if (!isDelayed) continue;
        await this.#backOff(failures++);
      }
    } catch (error) {
      this.#options.metrics.rebalanceFailed();
      this.#dispatch({ type: 'round-broken' });
      throw error;
    }
    if (this.#state.type === 'stable') this.#options.metrics.rebalanceEnded();
    else this.#options.metrics.rebalanceFailed();
    this.#throwIfFailed();
    return this.joined;
  }

  #backOff(failures: number): Promise<void> {
    const { config, random } = this.#options.cluster;
    return pause(backoffMs(config.retryBackoff, failures, random), this.#ending.signal);
  }

  async #joinOnce(
    state: Generation,
  ): Promise<{ readonly answer: JoinAnswer | null; readonly isDelayed: boolean }> {
    const { group, protocol, sessionTimeoutMs, rebalanceTimeoutMs, cluster } = this.#options;
    const { memberId } = state;
    const timeoutMs = Math.max(cluster.config.requestTimeoutMs, rebalanceTimeoutMs + JOIN_GRACE_MS);
    const protocols = protocol.protocols();
    const reason = this.#rejoinReason;
    const join = { memberId, sessionTimeoutMs, rebalanceTimeoutMs, protocols, reason };
    const sentMs = cluster.clock.now();
    const got = await this.#ask((connection) =>
      sendJoin(connection, group, { ...join, protocolType: protocol.type }, timeoutMs),
    );
    if (got instanceof KafkaError) {
      const event = { type: 'join-answered', code: got.code, answer: NO_GENERATION } as const;
      return { answer: null, isDelayed: this.#dispatch(event) };
    }
    const { errorCode, generationId, memberId: givenId, protocolName, leader } = got;
    const code = this.#noteCode(errorCode);
    const generation = { generationId, memberId: givenId };
    const isDelayed = this.#dispatch({ type: 'join-answered', code, answer: generation });
    if (code === 'NONE') this.#options.metrics.joined(cluster.clock.now() - sentMs);
    const { members, skipAssignment } = got;
    const isLeader = leader === givenId;
    const answer: JoinAnswer = {
      protocolName: protocolName ?? '',
      leaderId: leader,
      isLeader,
      // A static leader that only came back under a new member id must not assign anew (KIP-814).
      membersToAssign: isLeader && !skipAssignment ? members : [],
    };
    return { answer: code === 'NONE' ? answer : null, isDelayed };
  }

  async #syncOnce(state: Generation, answer: JoinAnswer): Promise<boolean> {
    const { group, protocol, rebalanceTimeoutMs, cluster } = this.#options;
    const { generationId, memberId } = state;
    const { protocolName, leaderId, isLeader, membersToAssign } = answer;
    const assignments =
      membersToAssign.length === 0
        ? new Map<string, Buffer>()
        : await protocol.assign(protocolName, leaderId, membersToAssign);
    const sync = { generationId, memberId, protocolName, assignments };
    const timeoutMs = Math.max(cluster.config.requestTimeoutMs, rebalanceTimeoutMs + JOIN_GRACE_MS);
    const sentMs = cluster.clock.now();
    const got = await this.#ask((connection) =>
      sendSync(connection, group, { ...sync, protocolType: protocol.type }, timeoutMs),
    );
    if (got instanceof KafkaError) {
      return this.#dispatch({ type: 'sync-answered', code: got.code });
    }
    const code = this.#noteCode(got.errorCode);
    if (code === 'NONE') {
      const { assignment } = got;
      this.#options.metrics.synced(cluster.clock.now() - sentMs);
      this.#joined = { generationId, memberId, protocolName, leaderId, isLeader, assignment };
    }
    return this.#dispatch({ type: 'sync-answered', code });
  }

  /** JoinGroup and SyncGroup wait at the broker: on a connection of their own. Errors come as values. */
  async #ask<T>(send: (connection: RequestSender) => Promise<T>): Promise<T | KafkaError> {
    const { coordinators, cluster, group } = this.#options;
    const { signal } = this.#ending;
    const what = `Joining the group "${group.groupId}"`;
    const request = coordinators.connection('group', group.groupId, 'group').then(send);
    try {
      const endless = { clock: cluster.clock, deadlineMs: Number.POSITIVE_INFINITY, signal, what };
      return await withinDeadline(endless, request);
    } catch (thrown) {
      signal.throwIfAborted();
      const error = asKafkaError(thrown);
      coordinators.noteError('group', group.groupId, error);
      cluster.logger.debug(`${what}: ${error.message}`);
      this.#lastError = error;
      return error;
    }
  }

  #noteCode(errorCode: number): string {
    const { name } = errorInfo(errorCode);
    this.#noteName(name);
    return name;
  }

  #noteName(code: string): void {
    const { coordinators, group } = this.#options;
    if (code !== 'NONE') coordinators.noteError('group', group.groupId, new KafkaError(code, code));
  }

  async #keepAlive(): Promise<void> {
    const { heartbeatIntervalMs } = this.#options;
    const { signal } = this.#ending;
    let failures = 0;
    while (!signal.aborted) {
      if (failures === 0) await pause(heartbeatIntervalMs, signal);
      else await this.#backOff(failures - 1);
      if (signal.aborted) return;
      if (this.#isOverdue()) await this.#leaveOverdue();
      const { type } = this.#state;
      if (type !== 'completing' && type !== 'stable') continue;
      failures = (await this.#heartbeat()) ? failures + 1 : 0;
    }
  }

  /** True when the coordinator could not be asked. */
  async #heartbeat(): Promise<boolean> {
    const { group, coordinators, cluster, sessionTimeoutMs, metrics } = this.#options;
    const { generationId, memberId } = this.#state;
    const sentAs = { generationId, memberId };
    const timeoutMs = Math.min(cluster.config.requestTimeoutMs, sessionTimeoutMs);
    const { signal } = this.#ending;
    const what = `The heartbeat of the group "${group.groupId}"`;
    try {
      metrics.heartbeatSent();
      const request = coordinators
        .connection('group', group.groupId)
        .then((connection) => sendHeartbeat(connection, group, sentAs, timeoutMs));
      const deadlineMs = cluster.clock.now() + timeoutMs;
      const code = await withinDeadline(
        { clock: cluster.clock, deadlineMs, signal, what },
        request,
      );
      metrics.heartbeatAnswered();
      this.#noteName(code);
      return this.#dispatch({ type: 'heartbeat-answered', code, sentAs });
    } catch (thrown) {
      if (signal.aborted) return false;
      const error = asKafkaError(thrown);
      cluster.logger.debug(`${what}: ${error.message}`);
      coordinators.noteError('group', group.groupId, error);
      return true;
    }
  }

  #isOverdue(): boolean {
    if (this.#isPolling || this.#state.type !== 'stable') return false;
    const { cluster, pollIntervalMaxMs } = this.#options;
    return cluster.clock.now() - this.#lastPollMs > pollIntervalMaxMs;
  }

  async #leaveOverdue(): Promise<void> {
    const { cluster, group, pollIntervalMaxMs } = this.#options;
    cluster.logger.warn(
      `Leaving the group "${group.groupId}": the time between two polls was longer than ` +
        `${pollIntervalMaxMs} ms. Process fewer records per poll ("max.poll.records") or allow ` +
        'more time ("max.poll.interval.ms").',
    );
    await this.leave('consumer poll timeout has expired.', cluster.config.requestTimeoutMs);
  }

  #throwIfFailed(): void {
    if (this.#state.type !== 'failed') return;
    const { code } = this.#state;
    const what = `Being a member of the group "${this.#options.group.groupId}"`;
    throw this.#lastError?.code === code ? this.#lastError : namedError(code, what);
  }
}
