import { randomUUID } from 'node:crypto';
import { errorCode, type ErrorName } from '@sluice/protocol';
import { JoinGroupRequest } from '@sluice/protocol/gen/join-group-request';
import { JoinGroupResponse } from '@sluice/protocol/gen/join-group-response';
import { bindHandler, type RequestContext } from './api-handler.ts';

/** Clients join in two steps from this version on (KIP-394). */
const KNOWN_ID_SINCE_VERSION = 4;
const SKIP_ASSIGNMENT_SINCE_VERSION = 9;
/** Before, "no protocol" was an empty text. */
const NULL_PROTOCOL_SINCE_VERSION = 7;

/** JoinGroup: answered when the group is complete. */
export const joinGroup = bindHandler({
  request: JoinGroupRequest,
  response: JoinGroupResponse,
  async handle(request, context) {
    const { groupId, memberId, groupInstanceId: instanceId, sessionTimeoutMs } = request;
    const problem = requestProblem(request, context);
    if (problem !== null) return refused(problem, memberId, context.apiVersion);
    const answer = await context.services.groups.join(groupId, {
      type: 'join',
      memberId,
      instanceId,
      newMemberId: `${instanceId ?? context.clientId}-${randomUUID()}`,
      clientId: context.clientId,
      clientHost: context.clientHost,
      sessionTimeoutMs,
      rebalanceTimeoutMs:
        request.rebalanceTimeoutMs < 0 ? sessionTimeoutMs : request.rebalanceTimeoutMs,
      protocolType: request.protocolType,
      // Copied: the request's buffer would live as long as the group.
      protocols: request.protocols.map(({ name, metadata }) => ({
        name,
        metadata: Buffer.from(metadata),
      })),
      needsKnownId: context.apiVersion >= KNOWN_ID_SINCE_VERSION,
      canSkipAssignment: context.apiVersion >= SKIP_ASSIGNMENT_SINCE_VERSION,
    });
    return {
      throttleTimeMs: 0,
      errorCode: errorCode(answer.error),
      generationId: answer.generation,
      protocolType: answer.protocolType,
      protocolName: answer.protocolName ?? noProtocol(context.apiVersion),
      leader: answer.leaderId,
      skipAssignment: answer.skipAssignment,
      memberId: answer.memberId,
      members: answer.members.map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.instanceId,
        metadata: member.metadata,
      })),
    };
  },
});

function requestProblem(request: JoinGroupRequest, { services }: RequestContext): ErrorName | null {
  if (request.groupId === '') return 'INVALID_GROUP_ID';
  const { config } = services;
  const isTooShort = request.sessionTimeoutMs < config.number('group.min.session.timeout.ms');
  const isTooLong = request.sessionTimeoutMs > config.number('group.max.session.timeout.ms');
  return isTooShort || isTooLong ? 'INVALID_SESSION_TIMEOUT' : null;
}

function refused(error: ErrorName, memberId: string, apiVersion: number): JoinGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode: errorCode(error),
    generationId: -1,
    protocolType: null,
    protocolName: noProtocol(apiVersion),
    leader: '',
    skipAssignment: false,
    memberId,
    members: [],
  };
}

function noProtocol(apiVersion: number): string | null {
  return apiVersion >= NULL_PROTOCOL_SINCE_VERSION ? null : '';
}
