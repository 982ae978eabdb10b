import { errorCode } from '@sluice/protocol';
import { HeartbeatRequest } from '@sluice/protocol/gen/heartbeat-request';
import { HeartbeatResponse } from '@sluice/protocol/gen/heartbeat-response';
import { bindHandler } from './api-handler.ts';

/** Heartbeat: the member is alive, and hears whether a rebalance is on. */
export const heartbeat = bindHandler({
  request: HeartbeatRequest,
  response: HeartbeatResponse,
  async handle(request, { services }) {
    const answer = await services.groups.heartbeat(request.groupId, {
      type: 'heartbeat',
      memberId: request.memberId,
      instanceId: request.groupInstanceId,
      generation: request.generationId,
    });
    return { throttleTimeMs: 0, errorCode: errorCode(answer.error) };
  },
});
