import { errorCode } from '@sluice/protocol';
import { DescribeGroupsRequest } from '@sluice/protocol/gen/describe-groups-request';
import {
  DescribeGroupsResponse,
  type DescribeGroupsResponseDescribedGroup,
} from '@sluice/protocol/gen/describe-groups-response';
import { type GroupState, metadataFor, NO_BYTES } from '../groups/group-state.ts';
import { bindHandler } from './api-handler.ts';

/** Before, a group that is not there was described as dead, without an error (KIP-1043). */
const NOT_FOUND_SINCE_VERSION = 6;
const NO_OPERATIONS = -2_147_483_648;

/** DescribeGroups: phase and members of groups; what the members do once the group is stable. */
export const describeGroups = bindHandler({
  request: DescribeGroupsRequest,
  response: DescribeGroupsResponse,
  async handle(request, { services, apiVersion }) {
    const groups = request.groups.map((groupId) => {
      const group = services.groups.get(groupId);
      return group === undefined ? describeMissing(groupId, apiVersion) : describe(group);
    });
    return { throttleTimeMs: 0, groups };
  },
});

function describe(group: GroupState): DescribeGroupsResponseDescribedGroup {
  const isStable = group.phase === 'Stable';
  const protocol = isStable ? (group.protocolName ?? '') : '';
  return {
    errorCode: errorCode('NONE'),
    errorMessage: null,
    groupId: group.groupId,
    groupState: group.phase,
    protocolType: group.protocolType ?? '',
    protocolData: protocol,
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      memberMetadata: isStable ? metadataFor(member, protocol) : NO_BYTES,
      memberAssignment: isStable ? member.assignment : NO_BYTES,
    })),
    authorizedOperations: NO_OPERATIONS,
  };
}

function describeMissing(
  groupId: string,
  apiVersion: number,
): DescribeGroupsResponseDescribedGroup {
  const isSaid = apiVersion >= NOT_FOUND_SINCE_VERSION;
  return {
    errorCode: errorCode(isSaid ? 'GROUP_ID_NOT_FOUND' : 'NONE'),
    errorMessage: isSaid ? `Group ${groupId} not found.` : null,
    groupId,
    groupState: 'Dead',
    protocolType: '',
    protocolData: '',
    members: [],
    authorizedOperations: NO_OPERATIONS,
  };
}
