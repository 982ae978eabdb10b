import { errorCode, Reader } from '@sluice/protocol';
import { ConsumerProtocolSubscription } from '@sluice/protocol/gen/consumer-protocol-subscription';
import { OffsetDeleteRequest } from '@sluice/protocol/gen/offset-delete-request';
import { OffsetDeleteResponse } from '@sluice/protocol/gen/offset-delete-response';
import type { GroupPartition } from '../groups/committed-offset.ts';
import { type GroupMember, type GroupState, metadataFor } from '../groups/group-state.ts';
import { BrokerError } from '../storage/broker-error.ts';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';
import { refusalOf, requirePartition, requireTopic } from './partition-answer.ts';

const CONSUMER_TYPE = 'consumer';

/** OffsetDelete: forgets what a group committed for partitions that nobody of it reads. */
export const offsetDelete = bindHandler({
  request: OffsetDeleteRequest,
  response: OffsetDeleteResponse,
  async handle(request, { services }) {
    try {
      const group = deletableGroup(request.groupId, services);
      const doomed: GroupPartition[] = [];
      const topics = request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => {
          const code = partitionCode(group, { topic: name, partition: partitionIndex }, services);
          if (code === 0) doomed.push({ topic: name, partition: partitionIndex });
          return { partitionIndex, errorCode: code };
        }),
      }));
      if (doomed.length > 0) await services.groups.forget(request.groupId, doomed);
      return { errorCode: errorCode('NONE'), throttleTimeMs: 0, topics };
    } catch (error) {
      return { errorCode: refusalOf(error, services).errorCode, throttleTimeMs: 0, topics: [] };
    }
  },
});

function deletableGroup(groupId: string, services: BrokerServices): GroupState {
  const group = services.groups.get(groupId);
  if (group === undefined) throw new BrokerError('GROUP_ID_NOT_FOUND', `No group ${groupId}`);
  if (group.phase !== 'Empty' && group.protocolType !== CONSUMER_TYPE) {
    throw new BrokerError('NON_EMPTY_GROUP', `Group ${groupId} has members`);
  }
  return group;
}

function partitionCode(
  group: GroupState,
  { topic, partition }: GroupPartition,
  services: BrokerServices,
): number {
  try {
    requirePartition(requireTopic(services, topic), partition);
    if ([...group.members.values()].some((member) => isSubscribed(member, group, topic))) {
      throw new BrokerError('GROUP_SUBSCRIBED_TO_TOPIC', `The group reads ${topic}`);
    }
    return errorCode('NONE');
  } catch (error) {
    return refusalOf(error, services).errorCode;
  }
}

/** In doubt (a subscription that can't be read), the member counts as subscribed. */
function isSubscribed(member: GroupMember, group: GroupState, topic: string): boolean {
  const name = group.protocolName ?? member.protocols[0]?.name ?? '';
  const reader = new Reader(metadataFor(member, name));
  try {
    const version = Math.min(reader.int16(), ConsumerProtocolSubscription.maxVersion);
    return ConsumerProtocolSubscription.decode(reader, version).topics.includes(topic);
  } catch {
    return true;
  }
}
