import { errorCode } from '@sluice/protocol';
import { DescribeTopicPartitionsRequest } from '@sluice/protocol/gen/describe-topic-partitions-request';
import {
  DescribeTopicPartitionsResponse,
  type DescribeTopicPartitionsResponseCursor,
  type DescribeTopicPartitionsResponseTopic,
} from '@sluice/protocol/gen/describe-topic-partitions-response';
import { ZERO_UUID } from '../storage/kafka-uuid.ts';
import type { Partition } from '../topics/partition.ts';
import type { Topic } from '../topics/topic.ts';
import { isInternalTopic } from '../topics/topic-name.ts';
import { NODE_ID } from '../topics/topic-plan.ts';
import { bindHandler } from './api-handler.ts';

const NO_OPERATIONS = -2_147_483_648;
/** Kafka's `max.request.partition.size.limit`. */
const PARTITIONS_MAX = 2000;

type TopicAnswer = DescribeTopicPartitionsResponseTopic;

/** DescribeTopicPartitions: topics in pages (KIP-966). */
export const describeTopicPartitions = bindHandler({
  request: DescribeTopicPartitionsRequest,
  response: DescribeTopicPartitionsResponse,
  async handle(request, { services }) {
    const { cursor } = request;
    const asked = new Set(request.topics.map((topic) => topic.name));
    const names = asked.size > 0 ? [...asked] : services.topics.list().map((topic) => topic.name);
    const sorted = names.filter((name) => name >= (cursor?.topicName ?? '')).sort();
    let room = Math.min(Math.max(request.responsePartitionLimit, 1), PARTITIONS_MAX);
    let nextCursor: DescribeTopicPartitionsResponseCursor | null = null;
    const topics: TopicAnswer[] = [];
    for (const topicName of sorted) {
      const first = topicName === cursor?.topicName ? Math.max(cursor.partitionIndex, 0) : 0;
      if (room === 0) {
        nextCursor = { topicName, partitionIndex: first };
        break;
      }
      const topic = services.topics.get(topicName);
      topics.push(describe(topicName, topic, first, room));
      const left = (topic?.partitions.length ?? 0) - first;
      if (left > room) {
        nextCursor = { topicName, partitionIndex: first + room };
        break;
      }
      room -= Math.max(left, 0);
    }
    return { throttleTimeMs: 0, topics, nextCursor };
  },
});

function describe(
  name: string,
  topic: Topic | undefined,
  first: number,
  room: number,
): TopicAnswer {
  return {
    errorCode: errorCode(topic === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NONE'),
    name,
    topicId: topic?.id ?? ZERO_UUID,
    isInternal: isInternalTopic(name),
    partitions: topic?.partitions.slice(first, first + room).map(describePartition) ?? [],
    topicAuthorizedOperations: NO_OPERATIONS,
  };
}

function describePartition(partition: Partition): TopicAnswer['partitions'][number] {
  return {
    errorCode: errorCode('NONE'),
    partitionIndex: partition.index,
    leaderId: NODE_ID,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: [NODE_ID],
    isrNodes: [NODE_ID],
    eligibleLeaderReplicas: [],
    lastKnownElr: [],
    offlineReplicas: [],
  };
}
