import { errorCode } from '@sluice/protocol';
import { ListGroupsRequest } from '@sluice/protocol/gen/list-groups-request';
import { ListGroupsResponse } from '@sluice/protocol/gen/list-groups-response';
import { bindHandler } from './api-handler.ts';

const GROUP_TYPE = 'classic';

/** ListGroups: every group, or those in certain states. */
export const listGroups = bindHandler({
  request: ListGroupsRequest,
  response: ListGroupsResponse,
  async handle(request, { services }) {
    const isWanted = (filter: readonly string[], value: string): boolean =>
      filter.length === 0 || filter.some((one) => one.toLowerCase() === value.toLowerCase());
    const groups = services.groups
      .list()
      .filter((group) => isWanted(request.statesFilter, group.phase))
      .filter(() => isWanted(request.typesFilter, GROUP_TYPE))
      .map((group) => ({
        groupId: group.groupId,
        protocolType: group.protocolType ?? '',
        groupState: group.phase,
        groupType: GROUP_TYPE,
      }));
    return { throttleTimeMs: 0, errorCode: errorCode('NONE'), groups };
  },
});
