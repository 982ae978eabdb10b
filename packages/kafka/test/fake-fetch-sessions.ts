// The fetch side of one node of the fake cluster: incremental sessions as KIP-227 has them, strict about what a client may say.
import { ERROR_CODES } from '@sluice/protocol';
import type { FetchRequest } from '@sluice/protocol/gen/fetch-request';
import type {
  FetchResponse,
  FetchResponsePartitionData,
} from '@sluice/protocol/gen/fetch-response';
import type { FakeCluster, FakePartition } from './fake-cluster.ts';

/** What goes wrong with a fetch: the connection ends, or the whole request gets this error. */
export type FetchFault =
  | 'cut'
  | 'FETCH_SESSION_ID_NOT_FOUND'
  | 'INVALID_FETCH_SESSION_EPOCH'
  | 'UNKNOWN_SERVER_ERROR';

type Wanted = FetchRequest['topics'][number]['partitions'][number] & { readonly topicId: string };

interface Session {
  readonly id: number;
  epoch: number;
  readonly wanted: Map<string, Wanted>;
}

/** Empty fetches rest no longer than that, whatever the client allows. */
const REST_MS = 5;

export class FakeFetchSessions {
  readonly #cluster: FakeCluster;
  readonly #nodeId: number;
  readonly #sessions = new Map<number, Session>();
  #lastId = 0;

  constructor(cluster: FakeCluster, nodeId: number) {
    this.#cluster = cluster;
    this.#nodeId = nodeId;
  }

  /** `null`: cut the connection. */
  async fetch(request: FetchRequest): Promise<FetchResponse | null> {
    const fault = this.#cluster.fetchFaults.shift();
    if (fault !== undefined) this.#cluster.count(`fault ${fault}`);
    if (fault === 'cut') return null;
    if (fault !== undefined) {
      if (fault === 'FETCH_SESSION_ID_NOT_FOUND') this.#sessions.delete(request.sessionId);
      return refused(ERROR_CODES[fault]);
    }
    const session = this.#enter(request);
    if (typeof session === 'number') return refused(session);
    const isFull = request.sessionEpoch <= 0;
    let answer = this.#read(session, request, isFull);
    if (answer.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(request.maxWaitMs, REST_MS)));
      answer = this.#read(session, request, isFull);
    }
    return {
      throttleTimeMs: 0,
      errorCode: 0,
      sessionId: session.id,
      responses: answer,
      nodeEndpoints: [],
    };
  }

  /** The session that the request belongs to, or an error's code. */
  #enter(request: FetchRequest): Session | number {
    const { sessionId, sessionEpoch, topics, forgottenTopicsData } = request;
    if (sessionEpoch === -1) {
      this.#sessions.delete(sessionId);
      this.#cluster.count('session ended');
      return { id: 0, epoch: -1, wanted: new Map() };
    }
    if (sessionEpoch === 0) {
      this.#sessions.delete(sessionId);
      const fresh: Session = { id: ++this.#lastId, epoch: 1, wanted: new Map() };
      this.#sessions.set(fresh.id, fresh);
      this.#cluster.count('full fetch');
      take(fresh, topics);
      return fresh;
    }
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return ERROR_CODES.FETCH_SESSION_ID_NOT_FOUND;
    if (session.epoch !== sessionEpoch) return ERROR_CODES.INVALID_FETCH_SESSION_EPOCH;
    session.epoch++;
    this.#cluster.count('incremental fetch');
    for (const { topicId, partitions } of forgottenTopicsData) {
      for (const partition of partitions) session.wanted.delete(`${topicId} ${partition}`);
    }
    take(session, topics);
    return session;
  }

  #read(session: Session, request: FetchRequest, isFull: boolean): FetchResponse['responses'] {
    const byTopic = new Map<string, FetchResponsePartitionData[]>();
    let left = request.maxBytes;
    for (const wanted of session.wanted.values()) {
      const data = this.#readPartition(wanted, request, left);
      const isNews = data.errorCode !== 0 || data.preferredReadReplica >= 0;
      const size = data.records?.length ?? 0;
      left -= size;
      if (!isFull && !isNews && size === 0) continue;
      byTopic.set(wanted.topicId, [...(byTopic.get(wanted.topicId) ?? []), data]);
    }
    return [...byTopic].map(([topicId, partitions]) => ({ topic: '', topicId, partitions }));
  }

  #readPartition(wanted: Wanted, request: FetchRequest, left: number): FetchResponsePartitionData {
    const { partition: partitionIndex, fetchOffset, currentLeaderEpoch, topicId } = wanted;
    const topic = [...this.#cluster.topics.values()].find((each) => each.topicId === topicId);
    const partition = topic?.partitions[partitionIndex];
    const errorCode = this.#errorOf(partition, fetchOffset, currentLeaderEpoch);
    if (errorCode !== 0 || partition === undefined) {
      if (errorCode !== 0) this.#cluster.count(`fetch error ${errorCode}`);
      return { ...EMPTY, partitionIndex, errorCode };
    }
    const { log, leader, preferredReplica } = partition;
    if (leader === this.#nodeId && preferredReplica >= 0 && request.rackId !== '') {
      this.#cluster.count('sent to replica');
      return { ...EMPTY, partitionIndex, preferredReadReplica: preferredReplica };
    }
    if (leader !== this.#nodeId) this.#cluster.count('read from replica');
    const isCommitted = request.isolationLevel === 1;
    const { records, aborted } =
      left > 0
        ? log.read(fetchOffset, Math.min(wanted.partitionMaxBytes, left), isCommitted)
        : { records: Buffer.alloc(0), aborted: [] };
    return {
      ...EMPTY,
      partitionIndex,
      highWatermark: log.endOffset,
      lastStableOffset: log.lastStableOffset,
      logStartOffset: log.startOffset,
      abortedTransactions: isCommitted ? aborted : null,
      records,
    };
  }

  #errorOf(partition: FakePartition | undefined, fetchOffset: number, epoch: number): number {
    if (partition === undefined) return ERROR_CODES.UNKNOWN_TOPIC_ID;
    const { log, leader, preferredReplica } = partition;
    if (leader !== this.#nodeId && preferredReplica !== this.#nodeId) {
      return ERROR_CODES.NOT_LEADER_OR_FOLLOWER;
    }
    if (epoch < log.leaderEpoch) return ERROR_CODES.FENCED_LEADER_EPOCH;
    if (epoch > log.leaderEpoch) return ERROR_CODES.UNKNOWN_LEADER_EPOCH;
    const isInLog = fetchOffset >= log.startOffset && fetchOffset <= log.endOffset;
    return isInLog ? 0 : ERROR_CODES.OFFSET_OUT_OF_RANGE;
  }
}

const EMPTY: FetchResponsePartitionData = {
  partitionIndex: 0,
  errorCode: 0,
  highWatermark: -1,
  lastStableOffset: -1,
  logStartOffset: -1,
  divergingEpoch: { epoch: -1, endOffset: -1 },
  currentLeader: { leaderId: -1, leaderEpoch: -1 },
  snapshotId: { endOffset: -1, epoch: -1 },
  abortedTransactions: null,
  preferredReadReplica: -1,
  records: Buffer.alloc(0),
};

function take(session: Session, topics: FetchRequest['topics']): void {
  for (const { topicId, partitions } of topics) {
    for (const partition of partitions) {
      session.wanted.set(`${topicId} ${partition.partition}`, { ...partition, topicId });
    }
  }
}

function refused(errorCode: number): FetchResponse {
  return { throttleTimeMs: 0, errorCode, sessionId: 0, responses: [], nodeEndpoints: [] };
}
