import { errorCode } from '@sluice/protocol';
import { LeaveGroupRequest } from '@sluice/protocol/gen/leave-group-request';
import { LeaveGroupResponse } from '@sluice/protocol/gen/leave-group-response';
import { bindHandler } from './api-handler.ts';

/** From this version on, many members leave at once (KIP-345). */
const MANY_SINCE_VERSION = 3;

/** LeaveGroup: members go, and the rest shares their work. */
export const leaveGroup = bindHandler({
  request: LeaveGroupRequest,
  response: LeaveGroupResponse,
  async handle(request, { services, apiVersion }) {
    const isMany = apiVersion >= MANY_SINCE_VERSION;
    const members = isMany
      ? request.members.map(({ memberId, groupInstanceId }) => ({
          memberId,
          instanceId: groupInstanceId,
        }))
      : [{ memberId: request.memberId, instanceId: null }];
    const answer = await services.groups.leave(request.groupId, { type: 'leave', members });
    if (!isMany) {
      const error = answer.members[0]?.error ?? 'UNKNOWN_MEMBER_ID';
      return { throttleTimeMs: 0, errorCode: errorCode(error), members: [] };
    }
    return {
      throttleTimeMs: 0,
      errorCode: errorCode('NONE'),
      members: answer.members.map(({ memberId, instanceId, error }) => ({
        memberId,
        groupInstanceId: instanceId,
        errorCode: errorCode(error),
      })),
    };
  },
});
