import { errorCode } from '@sluice/protocol';
import {
  OffsetFetchRequest,
  type OffsetFetchRequestGroup,
} from '@sluice/protocol/gen/offset-fetch-request';
import {
  OffsetFetchResponse,
  type OffsetFetchResponseGroup,
  type OffsetFetchResponsePartitions,
} from '@sluice/protocol/gen/offset-fetch-response';
import {
  type CommittedOffset,
  type GroupPartition,
  partitionKey,
} from '../groups/committed-offset.ts';
import { ZERO_UUID } from '../storage/kafka-uuid.ts';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';

/** From this version on, many groups are asked for at once. */
const MANY_SINCE_VERSION = 8;
/** From this version on, topics are named by their ids. */
const TOPIC_ID_SINCE_VERSION = 10;

/**
 * OffsetFetch: what groups committed. With `requireStable`, an offset that an open transaction may
 * change is refused, so that the client asks again.
 */
export const offsetFetch = bindHandler({
  request: OffsetFetchRequest,
  response: OffsetFetchResponse,
  async handle(request, { services, apiVersion }) {
    const { requireStable: isStable } = request;
    const mode = { isById: apiVersion >= TOPIC_ID_SINCE_VERSION, isStable };
    if (apiVersion >= MANY_SINCE_VERSION) {
      const groups = request.groups.map((group) => fetchGroup(group, mode, services));
      return { throttleTimeMs: 0, topics: [], errorCode: 0, groups };
    }
    const wanted: OffsetFetchRequestGroup = {
      groupId: request.groupId,
      memberId: null,
      memberEpoch: -1,
      topics: request.topics?.map((topic) => ({ ...topic, topicId: ZERO_UUID })) ?? null,
    };
    const { topics, errorCode: code } = fetchGroup(wanted, mode, services);
    return { throttleTimeMs: 0, topics, errorCode: code, groups: [] };
  },
});

function fetchGroup(
  wanted: OffsetFetchRequestGroup,
  { isById, isStable }: { readonly isById: boolean; readonly isStable: boolean },
  services: BrokerServices,
): OffsetFetchResponseGroup {
  const { groupId } = wanted;
  const offsets = services.groups.stored(groupId)?.offsets;
  const isPending = (place: GroupPartition): boolean =>
    isStable && services.transactions.hasPendingOffset(groupId, place);
  if (wanted.topics === null) {
    const all = [...(offsets?.values() ?? [])];
    return {
      groupId,
      topics: allTopics(all, isById, isPending, services),
      errorCode: errorCode('NONE'),
    };
  }
  const topics = wanted.topics.map(({ name, topicId, partitionIndexes }) => {
    const topic = isById ? services.topics.byId(topicId)?.name : name;
    const partitions = partitionIndexes.map((partition) =>
      topic === undefined
        ? { ...NOTHING, partitionIndex: partition, errorCode: errorCode('UNKNOWN_TOPIC_ID') }
        : describe(
            { topic, partition },
            offsets?.get(partitionKey({ topic, partition })),
            isPending,
          ),
    );
    return { name, topicId, partitions };
  });
  return { groupId, topics, errorCode: errorCode('NONE') };
}

function allTopics(
  offsets: readonly CommittedOffset[],
  isById: boolean,
  isPending: (place: GroupPartition) => boolean,
  services: BrokerServices,
): OffsetFetchResponseGroup['topics'] {
  const byTopic = Map.groupBy(offsets, (offset) => offset.topic);
  return [...byTopic].flatMap(([name, list]) => {
    const topicId = services.topics.get(name)?.id;
    // A topic that is gone has no id to speak of.
    if (topicId === undefined && isById) return [];
    const partitions = list.map((offset) => describe(offset, offset, isPending));
    return [{ name, topicId: topicId ?? ZERO_UUID, partitions }];
  });
}

const NOTHING: OffsetFetchResponsePartitions = {
  partitionIndex: 0,
  committedOffset: -1,
  committedLeaderEpoch: -1,
  metadata: '',
  errorCode: errorCode('NONE'),
};

function describe(
  place: GroupPartition,
  offset: CommittedOffset | undefined,
  isPending: (place: GroupPartition) => boolean,
): OffsetFetchResponsePartitions {
  const partitionIndex = place.partition;
  if (isPending(place)) {
    return { ...NOTHING, partitionIndex, errorCode: errorCode('UNSTABLE_OFFSET_COMMIT') };
  }
  if (offset === undefined) return { ...NOTHING, partitionIndex };
  return {
    ...NOTHING,
    partitionIndex,
    committedOffset: offset.offset,
    committedLeaderEpoch: offset.leaderEpoch,
    metadata: offset.metadata,
  };
}
