import { errorCode } from '@sluice/protocol';
import { MetadataRequest, type MetadataRequestTopic } from '@sluice/protocol/gen/metadata-request';
import {
  MetadataResponse,
  type MetadataResponseTopic,
} from '@sluice/protocol/gen/metadata-response';
import { ZERO_UUID } from '../storage/kafka-uuid.ts';
import type { Topic } from '../topics/topic.ts';
import { isInternalTopic } from '../topics/topic-name.ts';
import { NODE_ID } from '../topics/topic-plan.ts';
import { bindHandler } from './api-handler.ts';
import type { BrokerServices } from './broker-services.ts';
import { refusalOf, requireTopic } from './partition-answer.ts';

/** "Not asked for", and what a broker without an authorizer says. */
const NO_OPERATIONS = -2_147_483_648;
const NULL_NAME_SINCE_VERSION = 12;

/** Metadata: the brokers and topics there are; makes topics that a client is the first to ask for. */
export const metadata = bindHandler({
  request: MetadataRequest,
  response: MetadataResponse,
  async handle(request, { services, apiVersion }) {
    // Version 0 has no way to say "none": there an empty list means all.
    const isAll = request.topics === null || (apiVersion === 0 && request.topics.length === 0);
    const topics = isAll
      ? services.topics.list().map(describe)
      : await Promise.all(
          (request.topics ?? []).map((topic) =>
            lookUp(topic, request.allowAutoTopicCreation, services, apiVersion),
          ),
        );
    return {
      throttleTimeMs: 0,
      brokers: [{ nodeId: NODE_ID, ...services.endpoint, rack: null }],
      clusterId: services.clusterId,
      controllerId: NODE_ID,
      topics,
      clusterAuthorizedOperations: NO_OPERATIONS,
      errorCode: errorCode('NONE'),
    };
  },
});

async function lookUp(
  wanted: MetadataRequestTopic,
  mayCreate: boolean,
  services: BrokerServices,
  apiVersion: number,
): Promise<MetadataResponseTopic> {
  const name = wanted.name ?? '';
  const isById = wanted.topicId !== ZERO_UUID;
  try {
    const isCreated = mayCreate && !isById && services.config.isTrue('auto.create.topics.enable');
    const topic = isCreated
      ? await services.topics.getOrCreate(name)
      : requireTopic(services, name, wanted.topicId);
    return describe(topic);
  } catch (error) {
    return {
      errorCode: refusalOf(error, services).errorCode,
      name: isById && apiVersion >= NULL_NAME_SINCE_VERSION ? null : name,
      topicId: wanted.topicId,
      isInternal: false,
      partitions: [],
      topicAuthorizedOperations: NO_OPERATIONS,
    };
  }
}

function describe(topic: Topic): MetadataResponseTopic {
  return {
    errorCode: errorCode('NONE'),
    name: topic.name,
    topicId: topic.id,
    isInternal: isInternalTopic(topic.name),
    partitions: topic.partitions.map((partition) => ({
      errorCode: errorCode('NONE'),
      partitionIndex: partition.index,
      leaderId: NODE_ID,
      leaderEpoch: partition.leaderEpoch,
      replicaNodes: [NODE_ID],
      isrNodes: [NODE_ID],
      offlineReplicas: [],
    })),
    topicAuthorizedOperations: NO_OPERATIONS,
  };
}
