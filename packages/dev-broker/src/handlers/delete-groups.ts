import { errorCode } from '@sluice/protocol';
import { DeleteGroupsRequest } from '@sluice/protocol/gen/delete-groups-request';
import { DeleteGroupsResponse } from '@sluice/protocol/gen/delete-groups-response';
import { BrokerError } from '../storage/broker-error.ts';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';
import { refusalOf } from './partition-answer.ts';

/** DeleteGroups: forgets groups without members, and their offsets. */
export const deleteGroups = bindHandler({
  request: DeleteGroupsRequest,
  response: DeleteGroupsResponse,
  async handle(request, { services }) {
    const results = await Promise.all(
      request.groupsNames.map(async (groupId) => ({
        groupId,
        errorCode: await deleteGroup(groupId, services),
      })),
    );
    return { throttleTimeMs: 0, results };
  },
});

async function deleteGroup(groupId: string, services: BrokerServices): Promise<number> {
  try {
    const group = services.groups.get(groupId);
    if (group === undefined) throw new BrokerError('GROUP_ID_NOT_FOUND', `No group ${groupId}`);
    if (group.phase !== 'Empty') {
      throw new BrokerError('NON_EMPTY_GROUP', `Group ${groupId} has members`);
    }
    await services.groups.delete(groupId);
    return errorCode('NONE');
  } catch (error) {
    return refusalOf(error, services).errorCode;
  }
}
