import { errorInfo } from '@sluice/protocol';
import { HeartbeatRequest } from '@sluice/protocol/gen/heartbeat-request';
import { HeartbeatResponse } from '@sluice/protocol/gen/heartbeat-response';
import { JoinGroupRequest } from '@sluice/protocol/gen/join-group-request';
import { JoinGroupResponse } from '@sluice/protocol/gen/join-group-response';
import { LeaveGroupRequest } from '@sluice/protocol/gen/leave-group-request';
import { LeaveGroupResponse } from '@sluice/protocol/gen/leave-group-response';
import { SyncGroupRequest } from '@sluice/protocol/gen/sync-group-request';
import { SyncGroupResponse } from '@sluice/protocol/gen/sync-group-response';
import type { RequestSender } from './group-link.ts';
import type { Generation } from './membership-state.ts';

/** Which group, and as whom. */
export interface GroupIdentity {
  readonly groupId: string;
  /** Set for static members (KIP-345). */
  readonly groupInstanceId: string | null;
}

/** One way in which a group may work, as JoinGroup lists them. */
export interface GroupSubprotocol {
  readonly name: string;
  readonly metadata: Buffer;
}

/** A member as the leader sees it. */
export interface GroupMemberInfo {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly metadata: Buffer;
}

/** What a JoinGroup brought. */
export interface JoinAnswer {
  readonly protocolName: string;
  readonly leaderId: string;
  readonly isLeader: boolean;
  /** For the leader. */
  readonly membersToAssign: readonly GroupMemberInfo[];
}

/** First versions with the field. */
const JOIN_REASON_FROM = 8;
const JOIN_INSTANCE_FROM = 5;
const SYNC_PROTOCOL_FROM = 5;
const INSTANCE_FROM = 3;
const LEAVE_MANY_FROM = 3;
const LEAVE_REASON_FROM = 5;
/** The broker cuts longer reasons; Java does so before it sends. */
const REASON_MAX_LENGTH = 255;

/** Asks to be in the next generation. Waits at the broker until everybody is there. */
export function sendJoin(
  connection: RequestSender,
  group: GroupIdentity,
  join: {
    readonly memberId: string;
    readonly sessionTimeoutMs: number;
    readonly rebalanceTimeoutMs: number;
    readonly protocolType: string;
    readonly protocols: readonly GroupSubprotocol[];
    readonly reason: string;
  },
  timeoutMs: number,
): Promise<JoinGroupResponse> {
  return connection.request(
    JoinGroupRequest,
    JoinGroupResponse,
    (version) => ({
      groupId: group.groupId,
      sessionTimeoutMs: join.sessionTimeoutMs,
      rebalanceTimeoutMs: join.rebalanceTimeoutMs,
      memberId: join.memberId,
      groupInstanceId: version >= JOIN_INSTANCE_FROM ? group.groupInstanceId : null,
      protocolType: join.protocolType,
      protocols: join.protocols,
      reason: version >= JOIN_REASON_FROM ? cut(join.reason) : null,
    }),
    { timeoutMs },
  );
}

/** Fetches this member's part; the leader brings everybody's. */
export function sendSync(
  connection: RequestSender,
  group: GroupIdentity,
  sync: Generation & {
    readonly protocolType: string;
    readonly protocolName: string;
    readonly assignments: ReadonlyMap<string, Buffer>;
  },
  timeoutMs: number,
): Promise<SyncGroupResponse> {
  return connection.request(
    SyncGroupRequest,
    SyncGroupResponse,
    (version) => ({
      groupId: group.groupId,
      generationId: sync.generationId,
      memberId: sync.memberId,
      groupInstanceId: version >= INSTANCE_FROM ? group.groupInstanceId : null,
      protocolType: version >= SYNC_PROTOCOL_FROM ? sync.protocolType : null,
      protocolName: version >= SYNC_PROTOCOL_FROM ? sync.protocolName : null,
      assignments: [...sync.assignments].map(([memberId, assignment]) => ({
        memberId,
        assignment,
      })),
    }),
    { timeoutMs },
  );
}

/** Says that the member lives; answers the error's name, `NONE` when all is well. */
export async function sendHeartbeat(
  connection: RequestSender,
  group: GroupIdentity,
  { generationId, memberId }: Generation,
  timeoutMs: number,
): Promise<string> {
  const response = await connection.request(
    HeartbeatRequest,
    HeartbeatResponse,
    (version) => ({
      groupId: group.groupId,
      generationId,
      memberId,
      groupInstanceId: version >= INSTANCE_FROM ? group.groupInstanceId : null,
    }),
    { timeoutMs },
  );
  return errorInfo(response.errorCode).name;
}

/** Gives up the membership; answers the error's name. */
export async function sendLeave(
  connection: RequestSender,
  group: GroupIdentity,
  memberId: string,
  reason: string,
  timeoutMs: number,
): Promise<string> {
  const response = await connection.request(
    LeaveGroupRequest,
    LeaveGroupResponse,
    (version) => ({
      groupId: group.groupId,
      memberId: version < LEAVE_MANY_FROM ? memberId : '',
      members:
        version < LEAVE_MANY_FROM
          ? []
          : [
              {
                memberId,
                groupInstanceId: group.groupInstanceId,
                reason: version >= LEAVE_REASON_FROM ? cut(reason) : null,
              },
            ],
    }),
    { timeoutMs },
  );
  const code = response.members.find((each) => each.errorCode !== 0)?.errorCode;
  return errorInfo(response.errorCode === 0 ? (code ?? 0) : response.errorCode).name;
}

function cut(reason: string): string {
  return reason.slice(0, REASON_MAX_LENGTH);
}
