import { errorCode } from '@sluice/protocol';
import {
  FetchRequest,
  type FetchRequestFetchPartition,
  type FetchRequestFetchTopic,
} from '@sluice/protocol/gen/fetch-request';
import {
  defaultFetchResponseEpochEndOffset,
  defaultFetchResponseLeaderIdAndEpoch,
  defaultFetchResponseSnapshotId,
  FetchResponse,
  type FetchResponseFetchableTopicResponse,
  type FetchResponsePartitionData,
} from '@sluice/protocol/gen/fetch-response';
import { endOffsetOf } from '../log/batch-header.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import { BrokerError } from '../storage/broker-error.ts';
import { bindHandler, type RequestContext } from './api-handler.ts';
import { AppendWatch } from './append-watch.ts';
import { checkLeaderEpoch, refusalOf, requirePartition, requireTopic } from './partition-answer.ts';

const READ_COMMITTED = 1;

/**
 * Fetch: batches as they lie in the log. Waits for `minBytes` up to `maxWaitMs`; errors and diverging
 * logs are answered at once. Every fetch names all its partitions (sessions are offered, by id 0, but
 * never made).
 */
export const fetch = bindHandler({
  request: FetchRequest,
  response: FetchResponse,
  async handle(request, context) {
    if (request.sessionId !== 0) return answer([], 'FETCH_SESSION_ID_NOT_FOUND');
    const deadlineMs = performance.now() + request.maxWaitMs;
    const watch = new AppendWatch();
    try {
      for (;;) {
        const round = new FetchRound(request, context, watch);
        const responses = await round.read();
        const missing = request.minBytes - round.bytes;
        const leftMs = deadlineMs - performance.now();
        const isDone = round.isUrgent || missing <= 0 || leftMs <= 0 || watch.isEmpty;
        if (isDone || !(await watch.waitFor(missing, leftMs, context.signal))) {
          return answer(responses, 'NONE');
        }
      }
    } finally {
      watch.close();
    }
  },
});

/** One pass over the partitions of a fetch. */
class FetchRound {
  readonly #request: FetchRequest;
  readonly #context: RequestContext;
  readonly #watch: AppendWatch;
  #bytesLeft: number;
  #bytes = 0;
  #isUrgent = false;

  constructor(request: FetchRequest, context: RequestContext, watch: AppendWatch) {
    this.#request = request;
    this.#context = context;
    this.#watch = watch;
    const bound = context.services.config.number('fetch.max.bytes');
    this.#bytesLeft = Math.min(request.maxBytes, bound);
  }

  /** Bytes of records read. */
  get bytes(): number {
    return this.#bytes;
  }
  /** The client should hear of something now. */
  get isUrgent(): boolean {
    return this.#isUrgent;
  }

  get #isCommitted(): boolean {
    return this.#request.isolationLevel === READ_COMMITTED;
  }

  async read(): Promise<readonly FetchResponseFetchableTopicResponse[]> {
    const responses: FetchResponseFetchableTopicResponse[] = [];
    for (const topic of this.#request.topics) responses.push(await this.#readTopic(topic));
    return responses;
  }

  async #readTopic(wanted: FetchRequestFetchTopic): Promise<FetchResponseFetchableTopicResponse> {
    const partitions: FetchResponsePartitionData[] = [];
    // One after the other: what the first ones bring is no longer free for the rest.
    for (const partition of wanted.partitions) {
      try {
        partitions.push(await this.#readPartition(wanted, partition));
      } catch (error) {
        this.#isUrgent = true;
        const refusal = refusalOf(error, this.#context.services);
        partitions.push({ ...NO_DATA, partitionIndex: partition.partition, ...withCode(refusal) });
      }
    }
    return { topic: wanted.topic, topicId: wanted.topicId, partitions };
  }

  async #readPartition(
    { topic: name, topicId }: FetchRequestFetchTopic,
    wanted: FetchRequestFetchPartition,
  ): Promise<FetchResponsePartitionData> {
    const topic = requireTopic(this.#context.services, name, topicId);
    const partition = requirePartition(topic, wanted.partition);
    checkLeaderEpoch(partition, wanted.currentLeaderEpoch);
    const log = await partition.log();
    const divergingEpoch = divergence(log, wanted);
    if (divergingEpoch !== null) {
      this.#isUrgent = true;
      return { ...this.#position(log, wanted), divergingEpoch, records: NO_BYTES };
    }
    this.#watch.add(log);
    const maxBytes = Math.min(wanted.partitionMaxBytes, this.#bytesLeft);
    const isFirst = this.#bytes === 0;
    const records = await log.read(wanted.fetchOffset, maxBytes, isFirst, this.#isCommitted);
    this.#bytes += records.length;
    this.#bytesLeft = Math.max(0, this.#bytesLeft - records.length);
    const abortedTransactions = this.#isCommitted
      ? aborted(log, wanted.fetchOffset, records)
      : null;
    return { ...this.#position(log, wanted), abortedTransactions, records };
  }

  #position(log: PartitionLog, wanted: FetchRequestFetchPartition): FetchResponsePartitionData {
    return {
      ...NO_DATA,
      partitionIndex: wanted.partition,
      highWatermark: log.endOffset,
      lastStableOffset: log.lastStableOffset,
      logStartOffset: log.logStartOffset,
    };
  }
}

const NO_BYTES = Buffer.alloc(0);
const NO_DATA: FetchResponsePartitionData = {
  partitionIndex: 0,
  errorCode: errorCode('NONE'),
  highWatermark: -1,
  lastStableOffset: -1,
  logStartOffset: -1,
  divergingEpoch: defaultFetchResponseEpochEndOffset,
  currentLeader: defaultFetchResponseLeaderIdAndEpoch,
  snapshotId: defaultFetchResponseSnapshotId,
  abortedTransactions: null,
  preferredReadReplica: -1,
  records: NO_BYTES,
};

function withCode(refusal: { readonly errorCode: number }): { readonly errorCode: number } {
  return { errorCode: refusal.errorCode };
}

function answer(
  responses: readonly FetchResponseFetchableTopicResponse[],
  error: 'NONE' | 'FETCH_SESSION_ID_NOT_FOUND',
): FetchResponse {
  return {
    throttleTimeMs: 0,
    errorCode: errorCode(error),
    sessionId: 0,
    responses,
    nodeEndpoints: [],
  };
}

/** The aborted transactions that a reader of these batches has to leave out. */
function aborted(
  log: PartitionLog,
  fetchOffset: number,
  records: Buffer,
): readonly { readonly producerId: number; readonly firstOffset: number }[] {
  const to = endOffsetOf(records);
  return to === -1 ? [] : log.abortedWithin(fetchOffset, to);
}

/** Where the client's log and this one part, if it says what it fetched last (KIP-595). */
function divergence(
  log: PartitionLog,
  { lastFetchedEpoch, fetchOffset }: FetchRequestFetchPartition,
): { readonly epoch: number; readonly endOffset: number } | null {
  if (lastFetchedEpoch < 0) return null;
  const end = log.endOfEpoch(lastFetchedEpoch);
  if (end.endOffset < 0) {
    const text = `The end of leader epoch ${lastFetchedEpoch} is not known here`;
    throw new BrokerError('OFFSET_OUT_OF_RANGE', text);
  }
  return end.epoch < lastFetchedEpoch || end.endOffset < fetchOffset ? end : null;
}
