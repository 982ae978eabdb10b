// A group coordinator in memory, without sockets and without time of its own: classic groups as brokers run them, with faults that
// tests order. It answers in the protocol's own bytes, and checks what a broker could check: whose commits it takes.
import assert from 'node:assert/strict';
import { decodeMessage, encodeMessage, ERROR_CODES, type MessageCodec } from '@sluice/protocol';
import { HeartbeatRequest } from '@sluice/protocol/gen/heartbeat-request';
import { HeartbeatResponse } from '@sluice/protocol/gen/heartbeat-response';
import { JoinGroupRequest } from '@sluice/protocol/gen/join-group-request';
import { JoinGroupResponse } from '@sluice/protocol/gen/join-group-response';
import { LeaveGroupRequest } from '@sluice/protocol/gen/leave-group-request';
import { LeaveGroupResponse } from '@sluice/protocol/gen/leave-group-response';
import { OffsetCommitRequest } from '@sluice/protocol/gen/offset-commit-request';
import { OffsetCommitResponse } from '@sluice/protocol/gen/offset-commit-response';
import { SyncGroupRequest } from '@sluice/protocol/gen/sync-group-request';
import { SyncGroupResponse } from '@sluice/protocol/gen/sync-group-response';
import { KafkaError } from '../src/errors/kafka-error.ts';
import { decodeAssignment } from '../src/group/consumer-protocol.ts';
import type { RequestSender } from '../src/group/group-link.ts';

/** What happens to the next request. */
export type CoordinatorFault =
  | 'request lost'
  | 'response lost'
  | 'NOT_COORDINATOR'
  | 'COORDINATOR_LOAD_IN_PROGRESS';

type ErrorCode = number;

interface SimMember {
  readonly id: string;
  readonly instanceId: string | null;
  protocol: { readonly name: string; readonly metadata: Buffer };
  sessionMs: number;
  rebalanceMs: number;
  seenMs: number;
  joining: ((response: JoinGroupResponse) => void) | null;
  syncing: ((response: SyncGroupResponse) => void) | null;
  assignment: Buffer;
}

const NONE = 0;
const NO_BYTES = Buffer.alloc(0);

export class SimGroupCoordinator {
  readonly faults: CoordinatorFault[] = [];
  /** How often each thing happened. */
  readonly counts = new Map<string, number>();
  state: 'Empty' | 'Preparing' | 'Completing' | 'Stable' = 'Empty';
  generation = 0;
  readonly #members = new Map<string, SimMember>();
  readonly #promised = new Set<string>();
  readonly #fenced = new Set<string>();
  readonly #now: () => number;
  #leader = '';
  #deadlineMs = 0;
  #lastId = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get memberIds(): readonly string[] {
    return [...this.#members.keys()];
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** Names of what a member was given in this generation. */
  assignmentOf(memberId: string): readonly string[] {
    const member = this.#members.get(memberId);
    if (member === undefined || this.state !== 'Stable') return [];
    return decodeAssignment(member.assignment).map((each) => `${each.topic}-${each.partition}`);
  }

  /** Puts a member out, as an expired session does. */
  expel(memberId: string): void {
    if (!this.#members.delete(memberId)) return;
    this.count('expelled');
    this.#rebalance();
  }

  /** Lets time pass: sessions and rebalances expire. */
  tick(): void {
    const now = this.#now();
    for (const member of this.#members.values()) {
      const isWaiting = member.joining !== null;
      if (!isWaiting && now - member.seenMs > member.sessionMs) this.expel(member.id);
    }
    if (this.state === 'Preparing' && now >= this.#deadlineMs) this.#complete();
  }

  /** As a client sees it. `isCut`: nothing goes through any more. */
  connect(isCut: () => boolean): RequestSender {
    return {
      request: async (codec, responseCodec, message, { versionMax }) => {
        const version = Math.min(
          codec.latestStableVersion,
          versionMax ?? codec.latestStableVersion,
        );
        const fault = this.faults.shift();
        if (fault !== undefined) this.count(fault);
        if (isCut() || fault === 'request lost') throw lost();
        const bytes = encodeMessage(codec, message(version), version);
        const answer = await this.#handle(codec.name, version, bytes, fault);
        if (isCut() || fault === 'response lost') throw lost();
        return decodeMessage(responseCodec, answer, version);
      },
    };
  }

  async #handle(
    name: string,
    version: number,
    bytes: Buffer,
    fault: CoordinatorFault | undefined,
  ): Promise<Buffer> {
    this.count(name);
    const moved =
      fault === 'NOT_COORDINATOR' || fault === 'COORDINATOR_LOAD_IN_PROGRESS'
        ? ERROR_CODES[fault]
        : null;
    const answer = async <Q, R>(
      request: MessageCodec<Q>,
      response: MessageCodec<R>,
      handle: (request: Q) => R | Promise<R>,
      refuse: (code: ErrorCode) => R,
    ): Promise<Buffer> => {
      const result =
        moved === null ? await handle(decodeMessage(request, bytes, version)) : refuse(moved);
      return encodeMessage(response, result, version);
    };
    switch (name) {
      case JoinGroupRequest.name:
        return answer(JoinGroupRequest, JoinGroupResponse, (r) => this.#join(r), joinRefused);
      case SyncGroupRequest.name:
        return answer(SyncGroupRequest, SyncGroupResponse, (r) => this.#sync(r), syncAnswer);
      case HeartbeatRequest.name:
        return answer(HeartbeatRequest, HeartbeatResponse, (r) => this.#beat(r), plain);
      case LeaveGroupRequest.name:
        return answer(LeaveGroupRequest, LeaveGroupResponse, (r) => this.#leave(r), leaveAnswer);
      case OffsetCommitRequest.name: {
        const refuse = (code: ErrorCode): OffsetCommitResponse => commitAnswer([], code);
        return answer(OffsetCommitRequest, OffsetCommitResponse, (r) => this.#commit(r), refuse);
      }
      default:
        throw new Error(`nobody should ask for ${name}`);
    }
  }

  #join(request: JoinGroupRequest): JoinGroupResponse | Promise<JoinGroupResponse> {
    const { memberId, groupInstanceId: instanceId } = request;
    const [protocol] = request.protocols;
    if (protocol === undefined) return joinRefused(ERROR_CODES.INCONSISTENT_GROUP_PROTOCOL);
    if (this.#fenced.has(memberId)) return joinRefused(ERROR_CODES.FENCED_INSTANCE_ID);
    let id = memberId;
    if (id === '') {
      id = `member-${++this.#lastId}`;
      if (instanceId === null) {
        this.#promised.add(id);
        return { ...joinRefused(ERROR_CODES.MEMBER_ID_REQUIRED), memberId: id };
      }
      this.#replaceStatic(instanceId);
    } else if (!this.#members.has(id) && !this.#promised.delete(id)) {
      return joinRefused(ERROR_CODES.UNKNOWN_MEMBER_ID);
    }
    const { sessionTimeoutMs: sessionMs, rebalanceTimeoutMs: rebalanceMs } = request;
    const known = this.#members.get(id);
    // A join that is repeated takes the place of the one that waits.
    known?.joining?.(joinRefused(ERROR_CODES.UNKNOWN_MEMBER_ID));
    return new Promise((resolve) => {
      this.#members.set(id, {
        id,
        instanceId,
        protocol,
        sessionMs,
        rebalanceMs,
        seenMs: this.#now(),
        joining: resolve,
        syncing: known?.syncing ?? null,
        assignment: NO_BYTES,
      });
      this.#rebalance();
    });
  }

  #replaceStatic(instanceId: string): void {
    for (const member of this.#members.values()) {
      if (member.instanceId !== instanceId) continue;
      this.#fenced.add(member.id);
      this.#members.delete(member.id);
      member.joining?.(joinRefused(ERROR_CODES.FENCED_INSTANCE_ID));
      member.syncing?.(syncAnswer(ERROR_CODES.FENCED_INSTANCE_ID));
      this.count('fenced');
    }
  }

  #rebalance(): void {
    if (this.state !== 'Preparing') {
      const longest = [...this.#members.values()].map(({ rebalanceMs }) => rebalanceMs);
      this.#deadlineMs = this.#now() + Math.max(0, ...longest);
    }
    this.state = 'Preparing';
    for (const member of this.#members.values()) {
      member.syncing?.(syncAnswer(ERROR_CODES.REBALANCE_IN_PROGRESS));
      member.syncing = null;
    }
    if ([...this.#members.values()].every(({ joining }) => joining !== null)) this.#complete();
  }

  #complete(): void {
    for (const member of this.#members.values()) {
      if (member.joining !== null) continue;
      this.count('too late to join');
      this.#members.delete(member.id);
    }
    const all = [...this.#members.values()];
    this.generation++;
    this.state = all.length === 0 ? 'Empty' : 'Completing';
    this.#leader = this.#members.has(this.#leader) ? this.#leader : (all[0]?.id ?? '');
    for (const member of all) {
      member.seenMs = this.#now();
      member.joining?.({
        ...joinRefused(NONE),
        generationId: this.generation,
        protocolType: 'consumer',
        protocolName: member.protocol.name,
        leader: this.#leader,
        memberId: member.id,
        members: member.id === this.#leader ? all.map(forLeader) : [],
      });
      member.joining = null;
    }
  }

  #sync(request: SyncGroupRequest): SyncGroupResponse | Promise<SyncGroupResponse> {
    const code = this.#check(request.memberId, request.generationId);
    const member = this.#members.get(request.memberId);
    if (code !== NONE || member === undefined) return syncAnswer(code);
    if (this.state === 'Preparing') return syncAnswer(ERROR_CODES.REBALANCE_IN_PROGRESS);
    if (this.state === 'Stable') return syncAnswer(NONE, member.assignment);
    return new Promise((resolve) => {
      member.syncing = resolve;
      if (member.id === this.#leader) this.#assign(request.assignments);
    });
  }

  #assign(assignments: SyncGroupRequest['assignments']): void {
    const given = new Map(assignments.map((each) => [each.memberId, each.assignment]));
    this.state = 'Stable';
    this.count('stable generation');
    for (const member of this.#members.values()) {
      member.assignment = given.get(member.id) ?? NO_BYTES;
      member.syncing?.(syncAnswer(NONE, member.assignment));
      member.syncing = null;
    }
  }

  #beat({ memberId, generationId }: HeartbeatRequest): HeartbeatResponse {
    const code = this.#check(memberId, generationId);
    if (code !== NONE) return plain(code);
    return plain(this.state === 'Preparing' ? ERROR_CODES.REBALANCE_IN_PROGRESS : NONE);
  }

  #leave({ members }: LeaveGroupRequest): LeaveGroupResponse {
    for (const { memberId } of members) {
      if (!this.#members.delete(memberId)) return leaveAnswer(ERROR_CODES.UNKNOWN_MEMBER_ID);
      this.#rebalance();
    }
    return leaveAnswer(NONE);
  }

  #commit(request: OffsetCommitRequest): OffsetCommitResponse {
    const { memberId, generationIdOrMemberEpoch: generation, topics } = request;
    const code = this.#check(memberId, generation);
    if (code !== NONE) return commitAnswer(topics, code);
    if (this.state === 'Completing') {
      return commitAnswer(topics, ERROR_CODES.REBALANCE_IN_PROGRESS);
    }
    this.count('commit taken');
    for (const { name, partitions } of topics) {
      for (const { partitionIndex } of partitions) {
        const at = `${name}-${partitionIndex}`;
        const others = this.memberIds.filter((id) => id !== memberId);
        const owner = others.find((id) => this.assignmentOf(id).includes(at));
        assert.equal(owner, undefined, `${memberId} commits ${at}, which ${owner} has`);
      }
    }
    return commitAnswer(topics, NONE);
  }

  #check(memberId: string, generationId: number): ErrorCode {
    if (this.#fenced.has(memberId)) return ERROR_CODES.FENCED_INSTANCE_ID;
    const member = this.#members.get(memberId);
    if (member === undefined) return ERROR_CODES.UNKNOWN_MEMBER_ID;
    if (generationId !== this.generation) return ERROR_CODES.ILLEGAL_GENERATION;
    member.seenMs = this.#now();
    return NONE;
  }
}

function lost(): KafkaError {
  return new KafkaError('NETWORK_EXCEPTION', 'the connection ended', { isRetriable: true });
}

function forLeader({ id, instanceId, protocol }: SimMember): JoinGroupResponse['members'][number] {
  return { memberId: id, groupInstanceId: instanceId, metadata: protocol.metadata };
}

function joinRefused(errorCode: ErrorCode): JoinGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode,
    generationId: -1,
    protocolType: null,
    protocolName: null,
    leader: '',
    skipAssignment: false,
    memberId: '',
    members: [],
  };
}

function syncAnswer(errorCode: ErrorCode, assignment: Buffer = NO_BYTES): SyncGroupResponse {
  return { throttleTimeMs: 0, errorCode, protocolType: null, protocolName: null, assignment };
}

function plain(errorCode: ErrorCode): HeartbeatResponse {
  return { throttleTimeMs: 0, errorCode };
}

function leaveAnswer(errorCode: ErrorCode): LeaveGroupResponse {
  return { throttleTimeMs: 0, errorCode, members: [] };
}

function commitAnswer(
  topics: OffsetCommitRequest['topics'],
  errorCode: ErrorCode,
): OffsetCommitResponse {
  return {
    throttleTimeMs: 0,
    topics: topics.map(({ name, topicId, partitions }) => ({
      name,
      topicId,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
    })),
  };
}
