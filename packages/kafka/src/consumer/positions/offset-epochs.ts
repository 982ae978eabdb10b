import { OffsetForLeaderEpochRequest } from '@sluice/protocol/gen/offset-for-leader-epoch-request';
import { OffsetForLeaderEpochResponse } from '@sluice/protocol/gen/offset-for-leader-epoch-response';
import type { Connection } from '../../connection/connection.ts';

/** Asks where an epoch ends in a partition's log. */
export interface EpochQuery {
  readonly topic: string;
  readonly partition: number;
  readonly currentLeaderEpoch: number;
  readonly leaderEpoch: number;
}

/** What the leader says; both numbers are -1 when it does not know the epoch. */
export interface EpochEnd {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  /** The largest epoch not above the asked one. */
  readonly leaderEpoch: number;
  readonly endOffset: number;
}

const CONSUMER_REPLICA_ID = -1;
/** The default of the field, for versions without it. */
const DEBUGGING_REPLICA_ID = -2;
const REPLICA_ID_FROM = 3;

/** KIP-320: the question by which a consumer finds out that the log it read was cut. */
export async function askEpochEnds(
  connection: Connection,
  queries: readonly EpochQuery[],
  timeoutMs: number,
): Promise<readonly EpochEnd[]> {
  const topics = [...Map.groupBy(queries, (query) => query.topic)].map(([topic, asked]) => ({
    topic,
    partitions: asked.map(({ partition, currentLeaderEpoch, leaderEpoch }) => ({
      partition,
      currentLeaderEpoch,
      leaderEpoch,
    })),
  }));
  const response = await connection.request(
    OffsetForLeaderEpochRequest,
    OffsetForLeaderEpochResponse,
    (version) => ({
      replicaId: version >= REPLICA_ID_FROM ? CONSUMER_REPLICA_ID : DEBUGGING_REPLICA_ID,
      topics,
    }),
    { timeoutMs },
  );
  return response.topics.flatMap(({ topic, partitions }) =>
    partitions.map((each) => ({ topic, ...each })),
  );
}
