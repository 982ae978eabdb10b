import { INT64_MAX } from '@sluice/protocol';
import { FetchRequest } from '@sluice/protocol/gen/fetch-request';
import { FetchResponse } from '@sluice/protocol/gen/fetch-response';
import { NO_TOPIC_ID } from '../../cluster/cluster-metadata.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { Connection } from '../../connection/connection.ts';
import { KafkaError } from '../../errors/kafka-error.ts';
import type { FetchConfig } from '../consumer-config.ts';
import type { FetchSession, FetchWant } from './fetch-session.ts';

const CONSUMER_REPLICA_ID = -1;
/** From this version on, topics go by id. */
const BY_ID_FROM = 13;
const RACK_FROM = 11;
const NO_EPOCH = -1;
/** Followers tell where their log starts; consumers have none. */
const NO_LOG_START = -1;
/** Time for a last request that ends a session, on the way out. */
const GOODBYE_MS = 1000;

/** Sends the session's next Fetch, or, with `wants` null, the one that ends it. The answer may take `fetch.max.wait.ms` besides the request timeout. */
export function sendFetch(
  connection: Connection,
  config: FetchConfig,
  session: FetchSession,
  wants: ReadonlyMap<string, FetchWant> | null,
  limits: { readonly maxBytes: number; readonly maxWaitMs: number; readonly timeoutMs: number },
): Promise<FetchResponse> {
  const fetch = wants === null ? session.end() : session.next(wants);
  if (fetch === null) throw new KafkaError('CLIENT_FAULT', 'There is no fetch session to end');
  const all = [...session.wants.values(), ...fetch.toForget];
  const areIdsKnown = all.every(({ topicId }) => topicId !== '' && topicId !== NO_TOPIC_ID);
  return connection.request(
    FetchRequest,
    FetchResponse,
    (version) => ({
      clusterId: null,
      replicaId: CONSUMER_REPLICA_ID,
      replicaState: { replicaId: CONSUMER_REPLICA_ID, replicaEpoch: NO_EPOCH },
      maxWaitMs: limits.maxWaitMs,
      minBytes: config.minBytes,
      maxBytes: limits.maxBytes,
      isolationLevel: config.isolationLevel,
      sessionId: fetch.sessionId,
      sessionEpoch: fetch.sessionEpoch,
      topics: byTopic(fetch.toSend, version).map(({ wants, ...topic }) => ({
        ...topic,
        partitions: wants.map(partitionOf),
      })),
      forgottenTopicsData: byTopic(fetch.toForget, version).map(({ wants, ...topic }) => ({
        ...topic,
        partitions: wants.map((want) => want.partition),
      })),
      rackId: version >= RACK_FROM ? config.rack : '',
    }),
    {
      timeoutMs: limits.timeoutMs,
      ...(areIdsKnown ? {} : { versionMax: BY_ID_FROM - 1 }),
    },
  );
}

/** Ends a session as far as that is quick. The broker drops idle sessions by itself: this only makes room sooner. */
export async function endSession(
  cluster: Cluster,
  config: FetchConfig,
  brokerId: number,
  session: FetchSession,
): Promise<void> {
  const connection = cluster.readyConnection(brokerId, 'fetch');
  if (session.end() === null || connection === null) return;
  const limits = { maxBytes: 0, maxWaitMs: 0, timeoutMs: GOODBYE_MS };
  await sendFetch(connection, config, session, null, limits).catch(() => undefined);
}

function partitionOf(want: FetchWant): FetchRequest['topics'][number]['partitions'][number] {
  return {
    partition: want.partition,
    currentLeaderEpoch: want.leaderEpoch,
    fetchOffset: want.fetchOffset,
    lastFetchedEpoch: NO_EPOCH,
    logStartOffset: NO_LOG_START,
    partitionMaxBytes: want.partitionMaxBytes,
    replicaDirectoryId: NO_TOPIC_ID,
    highWatermark: INT64_MAX,
  };
}

function byTopic(
  wants: readonly FetchWant[],
  version: number,
): { readonly topic: string; readonly topicId: string; readonly wants: readonly FetchWant[] }[] {
  const isById = version >= BY_ID_FROM;
  const groups = Map.groupBy(wants, (want) => (isById ? want.topicId : want.topic));
  return [...groups].map(([key, each]) => ({
    topic: isById ? '' : key,
    topicId: isById ? key : NO_TOPIC_ID,
    wants: each,
  }));
}
