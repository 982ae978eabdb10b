import { FetchRequest } from '@sluice/protocol/gen/fetch-request';
import {
  FetchResponse,
  type FetchResponsePartitionData,
} from '@sluice/protocol/gen/fetch-response';
import { MetadataRequest } from '@sluice/protocol/gen/metadata-request';
import { MetadataResponse } from '@sluice/protocol/gen/metadata-response';
import { ProduceRequest } from '@sluice/protocol/gen/produce-request';
import {
  ProduceResponse,
  type ProduceResponsePartitionProduceResponse,
} from '@sluice/protocol/gen/produce-response';
import { ZERO_UUID } from '../src/storage/kafka-uuid.ts';
import { aBatch } from './a-batch.ts';
import type { BrokerClient } from './broker-client.ts';

/** The last versions that name topics by their names. */
export const PRODUCE_BY_NAME = 12;
export const FETCH_BY_NAME = 12;

export const METADATA = { request: MetadataRequest, response: MetadataResponse };
export const PRODUCE = { request: ProduceRequest, response: ProduceResponse };
export const FETCH = { request: FetchRequest, response: FetchResponse };

export function metadataRequest(...names: readonly string[]): MetadataRequest {
  return {
    topics: names.map((name) => ({ topicId: ZERO_UUID, name })),
    allowAutoTopicCreation: true,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  };
}

/** Makes the topic if it is not there, and tells its id. */
export async function ensureTopic(client: BrokerClient, name: string): Promise<string> {
  const { topics } = await client.ask(METADATA, metadataRequest(name));
  return topics[0]?.topicId ?? '';
}

export interface ProduceWish {
  readonly topic?: string;
  readonly topicId?: string;
  readonly partition?: number;
  readonly records?: Buffer | null;
  readonly acks?: number;
  readonly transactionalId?: string;
}

export function produceRequest(wish: ProduceWish = {}): ProduceRequest {
  const { topic = 't', topicId = ZERO_UUID, partition = 0, records = aBatch(), acks = -1 } = wish;
  return {
    transactionalId: wish.transactionalId ?? null,
    acks,
    timeoutMs: 1000,
    topicData: [{ name: topic, topicId, partitionData: [{ index: partition, records }] }],
  };
}

/** Produces one batch and hands back what its partition was told. */
export async function produceTo(
  client: BrokerClient,
  wish: ProduceWish = {},
): Promise<ProduceResponsePartitionProduceResponse> {
  const version = wish.topicId === undefined ? PRODUCE_BY_NAME : PRODUCE.request.maxVersion;
  const { responses } = await client.ask(PRODUCE, produceRequest(wish), version);
  const partition = responses[0]?.partitionResponses[0];
  if (partition === undefined) throw new Error('the produce response has no partition');
  return partition;
}

export interface FetchWish {
  readonly topic?: string;
  readonly topicId?: string;
  readonly partitions?: readonly number[];
  readonly offset?: number;
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly partitionMaxBytes?: number;
  readonly maxWaitMs?: number;
  readonly isolationLevel?: number;
  readonly sessionId?: number;
  readonly currentLeaderEpoch?: number;
  readonly lastFetchedEpoch?: number;
}

export function fetchRequest(wish: FetchWish = {}): FetchRequest {
  const { topic = 't', topicId = ZERO_UUID, partitions = [0] } = wish;
  return {
    clusterId: null,
    replicaId: -1,
    replicaState: { replicaId: -1, replicaEpoch: -1 },
    maxWaitMs: wish.maxWaitMs ?? 0,
    minBytes: wish.minBytes ?? 1,
    maxBytes: wish.maxBytes ?? 0x7fff_ffff,
    isolationLevel: wish.isolationLevel ?? 0,
    sessionId: wish.sessionId ?? 0,
    sessionEpoch: -1,
    topics: [
      {
        topic,
        topicId,
        partitions: partitions.map((partition) => ({
          partition,
          currentLeaderEpoch: wish.currentLeaderEpoch ?? -1,
          fetchOffset: wish.offset ?? 0,
          lastFetchedEpoch: wish.lastFetchedEpoch ?? -1,
          logStartOffset: -1,
          partitionMaxBytes: wish.partitionMaxBytes ?? 1_048_576,
          replicaDirectoryId: ZERO_UUID,
          highWatermark: Infinity,
        })),
      },
    ],
    forgottenTopicsData: [],
    rackId: '',
  };
}

/** Fetches and hands back the partitions, in the order in which they were asked for. */
export async function fetchFrom(
  client: BrokerClient,
  wish: FetchWish = {},
): Promise<readonly FetchResponsePartitionData[]> {
  const version = wish.topicId === undefined ? FETCH_BY_NAME : FETCH.request.maxVersion;
  const { responses } = await client.ask(FETCH, fetchRequest(wish), version);
  return responses[0]?.partitions ?? [];
}
