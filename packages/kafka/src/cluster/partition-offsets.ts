import { ListOffsetsRequest } from '@sluice/protocol/gen/list-offsets-request';
import { ListOffsetsResponse } from '@sluice/protocol/gen/list-offsets-response';
import { brokerError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { Cluster } from './cluster.ts';
import { type Retrying, retrying } from './retrying.ts';

/** What to look for in a partition's log, as ListOffsets writes it. */
export const OFFSET_SPEC = { latest: -1, earliest: -2, maxTimestamp: -3 } as const;

/** A partition and what is asked about it: an {@link OFFSET_SPEC}, or a time in milliseconds. */
export interface OffsetQuery {
  readonly topic: string;
  readonly partition: number;
  readonly timestamp: number;
}

/** The answer: offset -1 when no record is that young. */
export interface FoundOffset extends OffsetQuery {
  readonly offset: number;
  readonly leaderEpoch: number;
  /** Of the record found, -1 for earliest and latest. */
  readonly foundTimestamp: number;
}

/** Isolation levels as the wire writes them. */
export const ISOLATION = { readUncommitted: 0, readCommitted: 1 } as const;

const CONSUMER_REPLICA_ID = -1;
const NO_EPOCH = -1;

/**
 * Asks each partition's leader for offsets, again for those whose leader has moved, until all are
 * answered. Answers stand in the order asked.
 */
export async function listOffsets(
  cluster: Cluster,
  queries: readonly OffsetQuery[],
  isolationLevel: number,
  retry: Pick<Retrying, 'deadlineMs' | 'signal' | 'what'>,
): Promise<readonly FoundOffset[]> {
  const found = new Map<OffsetQuery, FoundOffset>();
  await retrying(cluster.retry(retry), async () => {
    const open = queries.filter((query) => !found.has(query));
    if (open.length === 0) return;
    if (cluster.want(open.map((query) => query.topic)) || open.some(isLeaderless)) {
      await cluster.refresh();
    }
    const byLeader = Map.groupBy(open, leaderOf);
    const failures: KafkaError[] = [];
    await Promise.all(
      [...byLeader].map(async ([leader, asked]) => {
        for (const answer of await askLeader(cluster, leader, asked, isolationLevel, retry.what)) {
          if (answer instanceof KafkaError) failures.push(answer);
          else found.set(answer.query, answer.found);
        }
      }),
    );
    const worst = failures.find((failure) => !failure.isRetriable) ?? failures[0];
    if (worst === undefined) return;
    await cluster.refresh();
    throw worst;
  });
  return queries.flatMap((query) => found.get(query) ?? []);

  function leaderOf(query: OffsetQuery): number {
    const leader = cluster.metadata.partition(query.topic, query.partition)?.leader ?? NO_EPOCH;
    if (leader >= 0) return leader;
    const text = `${retry.what}: ${query.topic}-${query.partition} has no leader now`;
    throw new KafkaError('LEADER_NOT_AVAILABLE', text, { isRetriable: true });
  }

  function isLeaderless(query: OffsetQuery): boolean {
    return (cluster.metadata.partition(query.topic, query.partition)?.leader ?? -1) < 0;
  }
}

async function askLeader(
  cluster: Cluster,
  leader: number,
  queries: readonly OffsetQuery[],
  isolationLevel: number,
  what: string,
): Promise<readonly (KafkaError | { readonly query: OffsetQuery; readonly found: FoundOffset })[]> {
  const connection = await cluster.connection(leader);
  const topics = [...Map.groupBy(queries, (query) => query.topic)].map(([name, asked]) => ({
    name,
    partitions: asked.map((query) => ({
      partitionIndex: query.partition,
      currentLeaderEpoch: NO_EPOCH,
      timestamp: query.timestamp,
    })),
  }));
  const { requestTimeoutMs } = cluster.config;
  const response = await connection.request(
    ListOffsetsRequest,
    ListOffsetsResponse,
    () => ({
      replicaId: CONSUMER_REPLICA_ID,
      isolationLevel,
      topics,
      timeoutMs: requestTimeoutMs,
    }),
    { timeoutMs: requestTimeoutMs },
  );
  return response.topics.flatMap((topic) =>
    topic.partitions.flatMap((answer) => {
      const partition = answer.partitionIndex;
      const query = queries.find((q) => q.topic === topic.name && q.partition === partition);
      if (query === undefined) return [];
      if (answer.errorCode !== 0) {
        return brokerError(answer.errorCode, `${what} of ${topic.name}-${partition}`);
      }
      const { offset, leaderEpoch, timestamp: foundTimestamp } = answer;
      return { query, found: { ...query, offset, leaderEpoch, foundTimestamp } };
    }),
  );
}
