import { errorCode } from '@sluice/protocol';
import { SyncGroupRequest } from '@sluice/protocol/gen/sync-group-request';
import { SyncGroupResponse } from '@sluice/protocol/gen/sync-group-response';
import { bindHandler } from './api-handler.ts';

/** SyncGroup: what a member has to do in this generation; the leader brings it. */
export const syncGroup = bindHandler({
  request: SyncGroupRequest,
  response: SyncGroupResponse,
  async handle(request, { services }) {
    const answer = await services.groups.sync(request.groupId, {
      type: 'sync',
      memberId: request.memberId,
      instanceId: request.groupInstanceId,
      generation: request.generationId,
      protocolType: request.protocolType,
      protocolName: request.protocolName,
      // Copied: the request's buffer would live as long as the group.
      assignments: new Map(
        request.assignments.map(({ memberId, assignment }) => [memberId, Buffer.from(assignment)]),
      ),
    });
    return {
      throttleTimeMs: 0,
      errorCode: errorCode(answer.error),
      protocolType: answer.protocolType,
      protocolName: answer.protocolName,
      assignment: answer.assignment,
    };
  },
});
