import { CreatePartitionsRequest } from '@sluice/protocol/gen/create-partitions-request';
import { CreatePartitionsResponse } from '@sluice/protocol/gen/create-partitions-response';
import { CreateTopicsRequest } from '@sluice/protocol/gen/create-topics-request';
import { CreateTopicsResponse } from '@sluice/protocol/gen/create-topics-response';
import { DeleteTopicsRequest } from '@sluice/protocol/gen/delete-topics-request';
import { DeleteTopicsResponse } from '@sluice/protocol/gen/delete-topics-response';
import { MetadataRequest } from '@sluice/protocol/gen/metadata-request';
import {
  MetadataResponse,
  type MetadataResponseTopic,
} from '@sluice/protocol/gen/metadata-response';
import type { Cluster } from '../cluster/cluster.ts';
import { NO_TOPIC_ID } from '../cluster/cluster-metadata.ts';
import { type Retrying, retrying } from '../cluster/retrying.ts';
import { brokerError } from '../errors/broker-error.ts';
import { CODE } from '../errors/error-codes.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { NewTopic, TopicDescription } from './contract.ts';

type Retry = Pick<Retrying, 'deadlineMs' | 'signal' | 'what'>;

/** From this version on topics are deleted by name or id; before, by name in a list of its own. */
const DELETE_BY_STATE_FROM = 6;

/** Creates topics; answers the names of those that were not there before. */
export async function createTopics(
  cluster: Cluster,
  topics: readonly NewTopic[],
  retry: Retry,
): Promise<ReadonlySet<string>> {
  const created = new Set<string>();
  const open = new Map(topics.map((topic) => [topic.name, topic]));
  await retrying(cluster.retry(retry), async () => {
    if (open.size === 0) return;
    const connection = await cluster.controller();
    const { requestTimeoutMs } = cluster.config;
    const response = await connection.request(
      CreateTopicsRequest,
      CreateTopicsResponse,
      () => ({
        topics: [...open.values()].map(toCreatable),
        timeoutMs: requestTimeoutMs,
        validateOnly: false,
      }),
      { timeoutMs: requestTimeoutMs },
    );
    for (const { name, errorCode, errorMessage } of response.topics) {
      if (errorCode !== 0 && errorCode !== CODE.TOPIC_ALREADY_EXISTS) {
        throw topicError(errorCode, `Creating the topic "${name}"`, errorMessage);
      }
      open.delete(name);
      if (errorCode === 0) created.add(name);
    }
  });
  return created;
}

function toCreatable(topic: NewTopic): CreateTopicsRequest['topics'][number] {
  return {
    name: topic.name,
    numPartitions: topic.partitions,
    replicationFactor: topic.replicationFactor,
    assignments: [],
    configs: Object.entries(topic.configs).map(([name, value]) => ({ name, value })),
  };
}

/** Deletes topics. @throws KafkaError the first error of a topic, one that is not there included */
export async function deleteTopics(
  cluster: Cluster,
  names: readonly string[],
  retry: Retry,
): Promise<void> {
  const open = new Set(names);
  await retrying(cluster.retry(retry), async () => {
    const connection = await cluster.controller();
    const { requestTimeoutMs } = cluster.config;
    const response = await connection.request(
      DeleteTopicsRequest,
      DeleteTopicsResponse,
      (version) => ({
        topics:
          version < DELETE_BY_STATE_FROM
            ? []
            : [...open].map((name) => ({ name, topicId: NO_TOPIC_ID })),
        topicNames: version < DELETE_BY_STATE_FROM ? [...open] : [],
        timeoutMs: requestTimeoutMs,
      }),
      { timeoutMs: requestTimeoutMs },
    );
    for (const { name, errorCode, errorMessage } of response.responses) {
      if (errorCode !== 0) {
        throw topicError(errorCode, `Deleting the topic "${name ?? ''}"`, errorMessage);
      }
      if (name !== null) open.delete(name);
    }
  });
}

/**
 * A topic's own error ends the call, as in Java, even one that is retriable elsewhere: a topic to be deleted that is
 * not there will not come. Only a controller that has moved is asked again.
 */
function topicError(code: number, what: string, detail: string | null): KafkaError {
  const error = brokerError(code, what, detail);
  if (code === CODE.NOT_CONTROLLER) return error;
  return new KafkaError(error.code, error.message, { isRetriable: false });
}

/** Grows one topic to so many partitions. */
export async function growTopic(
  cluster: Cluster,
  name: string,
  count: number,
  retry: Retry,
): Promise<void> {
  await retrying(cluster.retry(retry), async () => {
    const connection = await cluster.controller();
    const { requestTimeoutMs } = cluster.config;
    const response = await connection.request(
      CreatePartitionsRequest,
      CreatePartitionsResponse,
      () => ({
        topics: [{ name, count, assignments: null }],
        timeoutMs: requestTimeoutMs,
        validateOnly: false,
      }),
      { timeoutMs: requestTimeoutMs },
    );
    for (const { errorCode, errorMessage } of response.results) {
      if (errorCode !== 0) throw topicError(errorCode, retry.what, errorMessage);
    }
  });
}

/** The topics of these names, or all when `names` is null, by name; those that are not there are left out. */
export function describeTopics(
  cluster: Cluster,
  names: readonly string[] | null,
  retry: Retry,
): Promise<ReadonlyMap<string, TopicDescription>> {
  return retrying(cluster.retry(retry), async () => {
    const connection = await cluster.anyBroker();
    const response = await connection.request(
      MetadataRequest,
      MetadataResponse,
      () => ({
        topics: names?.map((name) => ({ name, topicId: NO_TOPIC_ID })) ?? null,
        allowAutoTopicCreation: false,
        includeClusterAuthorizedOperations: false,
        includeTopicAuthorizedOperations: false,
      }),
      { timeoutMs: cluster.config.requestTimeoutMs },
    );
    const found = new Map<string, TopicDescription>();
    for (const topic of response.topics) {
      if (topic.errorCode === CODE.UNKNOWN_TOPIC_OR_PARTITION || topic.name === null) continue;
      if (topic.errorCode !== 0) {
        throw brokerError(topic.errorCode, `Describing the topic "${topic.name}"`);
      }
      found.set(topic.name, toDescription(topic, topic.name));
    }
    return found;
  });
}

function toDescription(topic: MetadataResponseTopic, name: string): TopicDescription {
  return {
    name,
    topicId: topic.topicId,
    partitions: topic.partitions
      .map((partition) => ({
        partition: partition.partitionIndex,
        leader: partition.leaderId,
        replicas: partition.replicaNodes,
        isr: partition.isrNodes,
      }))
      .toSorted((a, b) => a.partition - b.partition),
  };
}
