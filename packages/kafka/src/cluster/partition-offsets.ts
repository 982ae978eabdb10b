import { ListOffsetsRequest } from '@sluice/protocol/gen/list-offsets-request';
import { ListOffsetsResponse } from '@sluice/protocol/gen/list-offsets-response';
import type { Connection } from '../connection/connection.ts';
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
        const connection = await cluster.connection(leader);
        const { requestTimeoutMs } = cluster.config;
        const context = { isolationLevel, requestTimeoutMs, what: retry.what };
        const answers = await askLeaderForOffsets(connection, asked, context);
        asked.forEach((query, i) => {
          const answer = answers[i];
          if (answer instanceof KafkaError) failures.push(answer);
          else if (answer !== undefined) found.set(query, answer);
        });
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

/** How a leader is asked. */
interface OffsetContext {
  /** See {@link ISOLATION}. */
  readonly isolationLevel: number;
  readonly requestTimeoutMs: number;
  /** What is attempted, for errors: `Listing the offset`. */
  readonly what: string;
}

/**
 * Asks one leader; answers stand in the order asked, errors among them. `since`: the first version of the request that
 * knows what is asked. A broker that is too old for one question is not asked that one.
 */
export async function askLeaderForOffsets(
  connection: Connection,
  queries: readonly (OffsetQuery & { readonly since?: number })[],
  { isolationLevel, requestTimeoutMs: timeoutMs, what }: OffsetContext,
): Promise<readonly (FoundOffset | KafkaError)[]> {
  const spoken = connection.versionOf(ListOffsetsRequest);
  const asked = queries.filter(({ since = 0 }) => since <= spoken);
  const topics = [...Map.groupBy(asked, (query) => query.topic)].map(([name, each]) => ({
    name,
    partitions: each.map((query) => ({
      partitionIndex: query.partition,
      currentLeaderEpoch: NO_EPOCH,
      timestamp: query.timestamp,
    })),
  }));
  const replicaId = CONSUMER_REPLICA_ID;
  const response = await connection.request(
    ListOffsetsRequest,
    ListOffsetsResponse,
    () => ({ replicaId, isolationLevel, topics, timeoutMs }),
    { timeoutMs },
  );
  const answers = new Map(
    response.topics.flatMap(({ name, partitions }) =>
      partitions.map((each): [string, typeof each] => [`${name}-${each.partitionIndex}`, each]),
    ),
  );
  return queries.map((query) => {
    const name = `${query.topic}-${query.partition}`;
    const answer = answers.get(name);
    if (!asked.includes(query)) {
      return new KafkaError('UNSUPPORTED_VERSION', `${what} of ${name}: the broker is too old.`);
    }
    if (answer === undefined) {
      const text = `${what} of ${name}: the broker's answer leaves it out.`;
      return new KafkaError('INVALID_RESPONSE', text, { isRetriable: true });
    }
    if (answer.errorCode !== 0) return brokerError(answer.errorCode, `${what} of ${name}`);
    const { offset, leaderEpoch, timestamp: foundTimestamp } = answer;
    const { topic, partition, timestamp } = query;
    return { topic, partition, timestamp, offset, leaderEpoch, foundTimestamp };
  });
}
