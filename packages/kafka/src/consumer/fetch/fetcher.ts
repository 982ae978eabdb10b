import { errorInfo } from '@sluice/protocol';
import type {
  FetchResponse,
  FetchResponsePartitionData,
} from '@sluice/protocol/gen/fetch-response';
import { readBatchHeader } from '../../batch/batch-header.ts';
import { Compressions } from '../../batch/compression/compressions.ts';
import type { RecordColumns } from '../../batch/record-columns.ts';
import { NO_TOPIC_ID } from '../../cluster/cluster-metadata.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { ISOLATION } from '../../cluster/partition-offsets.ts';
import { backoffMs } from '../../connection/backoff.ts';
import { asKafkaError, brokerError } from '../../errors/broker-error.ts';
import { KafkaError } from '../../errors/kafka-error.ts';
import type { FetchConfig } from '../consumer-config.ts';
import type { MetadataRefresher } from '../metadata-refresher.ts';
import type { PartitionPositions } from '../positions/partition-positions.ts';
import type { PartitionState } from '../partition-state.ts';
import type { PartitionTable } from '../partition-table.ts';
import { scanBatches } from './batch-scan.ts';
import { ChunkQueue } from './chunk-queue.ts';
import { sendFetch } from './fetch-request.ts';
import { FetchSession, type FetchWant } from './fetch-session.ts';
import { fetchVerdict } from './fetch-verdict.ts';
import { FetchedChunk } from './fetched-chunk.ts';

/** What a fetcher works with. */
export interface FetcherOptions {
  readonly cluster: Cluster;
  readonly config: FetchConfig;
  readonly partitions: PartitionTable;
  readonly positions: PartitionPositions;
  readonly metadata: MetadataRefresher;
  readonly signal: AbortSignal;
  /** Something came: records, or an error for the next poll. */
  readonly onNews: () => void;
}

/** One partition as it was when the request left: an answer for another state of it is stale. */
interface Asked {
  readonly state: PartitionState;
  readonly version: number;
  readonly want: FetchWant;
}

/** Time for a last request that ends a session, on the way out. */
const GOODBYE_MS = 1000;

/**
 * Fetches ahead of the application: one request on its way per broker, and another for a partition when it has less
 * than `max.partition.fetch.bytes` left. `fetch.max.bytes` bounds what is buffered and asked for, over all partitions.
 */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #queue: ChunkQueue;
  readonly #compressions = new Compressions();
  readonly #sessions = new Map<number, FetchSession>();
  /** Requests on their way, by broker. */
  readonly #inFlight = new Map<number, Promise<void>>();
  #reservedBytes = 0;
  #retryTimer: NodeJS.Timeout | null = null;

  constructor(options: FetcherOptions) {
    this.#options = options;
    this.#queue = new ChunkQueue(options.partitions);
  }

  get bufferedBytes(): number {
    return this.#queue.bytes;
  }

  /** As {@link ChunkQueue.take}. */
  take(recordsMax: number): readonly RecordColumns[] {
    return this.#queue.take(recordsMax);
  }

  /** To be called after a seek or a change of the assignment. */
  dropStale(): void {
    this.#queue.dropStale();
  }

  /** To be called when a partition was paused: it may keep what it has for long. */
  detach(state: PartitionState): void {
    this.#queue.detach(state);
  }

  /** Sends what can be sent now. Cheap when nothing can. */
  kick(): void {
    if (this.#options.signal.aborted) return;
    const plan = this.#plan();
    if (plan.size === 0) return;
    this.#makeRoom();
    let waiting = plan.size;
    for (const [brokerId, states] of plan) {
      const room = this.#options.config.maxBytes - this.#queue.bytes - this.#reservedBytes;
      const { partitionMaxBytes } = this.#options.config;
      const share = Math.max(Math.floor(room / waiting--), Math.min(partitionMaxBytes, room));
      const maxBytes = Math.min(share, states.length * partitionMaxBytes);
      // Less than one partition's part: the application has to catch up first.
      if (maxBytes < partitionMaxBytes && this.#queue.bytes + this.#reservedBytes > 0) continue;
      this.#start(brokerId, states, Math.max(maxBytes, 1));
    }
  }

  /** Ends the sessions with brokers that owe no answer, as far as that is quick; the others forget theirs in time. */
  async goodbye(): Promise<void> {
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    const quiet = [...this.#sessions].filter(([brokerId]) => !this.#inFlight.has(brokerId));
    await Promise.all(quiet.map(([brokerId, session]) => this.#end(brokerId, session)));
  }

  /** Settles when nothing is on its way any more; connections must have been closed to make that soon. */
  async idle(): Promise<void> {
    await Promise.all(this.#inFlight.values());
  }

  /** Which brokers to ask for which partitions. */
  #plan(): Map<number, PartitionState[]> {
    const { partitions, cluster, config } = this.#options;
    const now = cluster.clock.now();
    const plan = new Map<number, PartitionState[]>();
    const full = new Set<number>();
    for (const state of partitions) {
      if (state.phase !== 'fetching' || state.isPaused || state.inFlightAt >= 0) continue;
      const brokerId = this.#brokerFor(state, now);
      if (brokerId < 0 || this.#inFlight.has(brokerId)) continue;
      if (state.retryAtMs > now) {
        this.#retryAt(state.retryAtMs);
        continue;
      }
      // A request without it would rest at the broker while it runs dry: the others wait too.
      if (state.bufferedBytes >= config.partitionMaxBytes) full.add(brokerId);
      const states = plan.get(brokerId);
      if (states === undefined) plan.set(brokerId, [state]);
      else states.push(state);
    }
    for (const brokerId of full) plan.delete(brokerId);
    return plan;
  }

  /**
   * What is kept for paused partitions must not starve the others: when only that is left and fills the room, it is
   * dropped, and fetched again when they are resumed.
   */
  #makeRoom(): void {
    const { config, partitions } = this.#options;
    const room = config.maxBytes - this.#queue.bytes - this.#reservedBytes;
    if (room >= config.partitionMaxBytes || this.#queue.bytes === 0) return;
    if (this.#inFlight.size > 0 || this.#queue.readableBytes > 0) return;
    for (const state of partitions)
      if (state.isPaused && state.bufferedBytes > 0) state.rewindFetch();
    this.#queue.dropStale();
  }

  /** The leader, or the replica that the leader recommended; -1 when there is none or the position must be checked first. */
  #brokerFor(state: PartitionState, now: number): number {
    const { cluster, metadata, positions } = this.#options;
    const topic = cluster.metadata.topics.get(state.topic);
    const info = topic?.partitions[state.partition];
    if (topic === undefined || info === undefined || info.leader < 0) {
      metadata.request();
      return -1;
    }
    if (!positions.isStillValid(state, topic.topicId, info.leaderEpoch)) return -1;
    if (state.preferredReplica < 0) return info.leader;
    const isThere = cluster.metadata.brokers.has(state.preferredReplica);
    if (isThere && now < state.preferredUntilMs) return state.preferredReplica;
    state.preferredReplica = -1;
    return info.leader;
  }

  #start(brokerId: number, states: readonly PartitionState[], maxBytes: number): void {
    const { cluster, config } = this.#options;
    const asked = new Map<string, Asked>();
    for (const state of states) {
      const info = cluster.metadata.topics.get(state.topic);
      const want: FetchWant = {
        topicId: info?.topicId ?? NO_TOPIC_ID,
        topic: state.topic,
        partition: state.partition,
        fetchOffset: state.fetchOffset,
        leaderEpoch: info?.partitions[state.partition]?.leaderEpoch ?? -1,
        partitionMaxBytes: config.partitionMaxBytes,
      };
      state.inFlightAt = brokerId;
      asked.set(state.name, { state, version: state.version, want });
    }
    this.#reservedBytes += maxBytes;
    const done = this.#fetch(brokerId, asked, maxBytes).finally(() => {
      this.#reservedBytes -= maxBytes;
      this.#inFlight.delete(brokerId);
      for (const state of states) state.inFlightAt = -1;
      this.#options.onNews();
      this.kick();
    });
    this.#inFlight.set(brokerId, done);
  }

  async #fetch(
    brokerId: number,
    asked: ReadonlyMap<string, Asked>,
    maxBytes: number,
  ): Promise<void> {
    const { cluster, config, signal, metadata } = this.#options;
    const session = this.#sessions.get(brokerId) ?? new FetchSession();
    this.#sessions.set(brokerId, session);
    try {
      const connection = await cluster.connection(brokerId, 'fetch');
      const wants = new Map(Array.from(asked, ([key, { want }]) => [key, want]));
      const { maxWaitMs } = config;
      const timeoutMs = maxWaitMs + cluster.config.requestTimeoutMs;
      const limits = { maxBytes, maxWaitMs, timeoutMs };
      const response = await sendFetch(connection, config, session, wants, limits);
      if (signal.aborted) return;
      if (response.errorCode === 0) session.answered(response.sessionId);
      else {
        this.#onRefused(brokerId, session, response.errorCode, asked);
        return;
      }
      await this.#onResponse(response, session, asked);
    } catch (thrown) {
      session.refused('');
      if (signal.aborted) return;
      const error = asKafkaError(thrown);
      cluster.logger.debug(`Fetching from broker ${brokerId}: ${error.message}`);
      metadata.request();
      for (const { state } of asked.values()) {
        state.preferredReplica = -1;
        this.#backOff(state);
        if (!error.isRetriable) state.fail(error);
      }
    }
  }

  /** An error of the request as a whole. */
  #onRefused(
    brokerId: number,
    session: FetchSession,
    errorCode: number,
    asked: ReadonlyMap<string, Asked>,
  ): void {
    const { name } = errorInfo(errorCode);
    this.#options.cluster.logger.debug(`Fetching from broker ${brokerId}: ${name}`);
    session.refused(name);
    if (name.includes('SESSION')) return;
    if (name === 'UNKNOWN_TOPIC_ID') this.#options.metadata.request();
    for (const { state } of asked.values()) this.#backOff(state);
  }

  async #onResponse(
    response: FetchResponse,
    session: FetchSession,
    asked: ReadonlyMap<string, Asked>,
  ): Promise<void> {
    const names = new Map(Array.from(asked.values(), ({ want }) => [want.topicId, want.topic]));
    for (const topic of response.responses) {
      const name = topic.topic === '' ? names.get(topic.topicId) : topic.topic;
      for (const data of topic.partitions) {
        const known = asked.get(`${name}-${data.partitionIndex}`);
        // A partition that the session should not hold: begin a new one.
        if (known === undefined) session.refused('');
        else await this.#onPartition(known, data);
      }
    }
  }

  async #onPartition(asked: Asked, data: FetchResponsePartitionData): Promise<void> {
    const { state, version, want } = asked;
    const { partitions } = this.#options;
    const isStale = (): boolean =>
      !partitions.isCurrent(state) ||
      state.version !== version ||
      state.fetchOffset !== want.fetchOffset ||
      state.phase !== 'fetching';
    if (isStale()) return;
    if (data.errorCode !== 0) {
      this.#onError(state, data);
      return;
    }
    if (data.preferredReadReplica >= 0) this.#prefer(state, data.preferredReadReplica);
    const { records } = data;
    if (records === null || records.length === 0) return;
    const scan = scanBatches(records);
    try {
      if (scan.nextOffset < 0) throw unreadable(records, state);
      for (const type of scan.compressions) {
        if (!this.#compressions.isLoaded(type)) await this.#compressions.load(type);
      }
    } catch (thrown) {
      const error = asKafkaError(thrown);
      const text = `Fetching ${state.name} at offset ${want.fetchOffset}: ${error.message}`;
      if (!isStale()) state.fail(new KafkaError(error.code, text, { cause: error }));
      return;
    }
    if (isStale()) return;
    this.#queue.add(state, this.#chunk(state, records, data, scan));
    state.fetchOffset = Math.max(scan.nextOffset, state.fetchOffset);
    state.fetchEpoch = scan.leaderEpoch;
    state.attempts = 0;
  }

  #chunk(
    state: PartitionState,
    records: Buffer,
    data: FetchResponsePartitionData,
    scan: ReturnType<typeof scanBatches>,
  ): FetchedChunk {
    const { config } = this.#options;
    return new FetchedChunk({
      topic: state.topic,
      partition: state.partition,
      records,
      scan,
      fromOffset: state.fetchOffset,
      aborted: data.abortedTransactions,
      isReadCommitted: config.isolationLevel === ISOLATION.readCommitted,
      isCheckingCrcs: config.isCheckingCrcs,
      compressions: this.#compressions,
    });
  }

  #prefer(state: PartitionState, replica: number): void {
    const { cluster } = this.#options;
    state.preferredReplica = replica;
    state.preferredUntilMs = cluster.clock.now() + cluster.config.metadataMaxAgeMs;
  }

  #onError(state: PartitionState, data: FetchResponsePartitionData): void {
    const { cluster, metadata, positions } = this.#options;
    const { name } = errorInfo(data.errorCode);
    const what = `Fetching ${state.name} at offset ${state.fetchOffset}`;
    cluster.logger.debug(`${what}: ${name}`);
    const wasPreferred = state.preferredReplica >= 0;
    state.preferredReplica = -1;
    switch (fetchVerdict(name)) {
      case 'refresh': {
        const { leaderId, leaderEpoch } = data.currentLeader;
        if (leaderId >= 0) cluster.learnLeader(state.topic, state.partition, leaderId, leaderEpoch);
        else this.#backOff(state);
        metadata.request();
        return;
      }
      case 'retry':
        this.#backOff(state);
        return;
      case 'out-of-range':
        // A follower may not have it yet: the leader knows. What is buffered is still good: hand it out first.
        if (wasPreferred) return;
        if (state.bufferedBytes > 0) this.#backOff(state);
        else positions.onOutOfRange(state, data.logStartOffset);
        return;
      case 'fail':
        state.fail(brokerError(data.errorCode, what));
    }
  }

  #backOff(state: PartitionState): void {
    const { clock, config, random } = this.#options.cluster;
    state.retryAtMs = clock.now() + backoffMs(config.retryBackoff, state.attempts++, random);
  }

  #retryAt(atMs: number): void {
    if (this.#retryTimer !== null) return;
    const waitMs = Math.max(atMs - this.#options.cluster.clock.now(), 1);
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = null;
      this.kick();
    }, waitMs);
  }

  async #end(brokerId: number, session: FetchSession): Promise<void> {
    const { cluster, config } = this.#options;
    const connection = cluster.readyConnection(brokerId, 'fetch');
    if (session.end() === null || connection === null) return;
    const limits = { maxBytes: 0, maxWaitMs: 0, timeoutMs: GOODBYE_MS };
    // The broker drops idle sessions by itself: this only makes room sooner.
    await sendFetch(connection, config, session, null, limits).catch(() => undefined);
  }
}

function unreadable(records: Buffer, state: PartitionState): KafkaError {
  // Says what is wrong with the batch, if anything is.
  readBatchHeader(records, 0);
  return new KafkaError(
    'RECORD_TOO_LARGE',
    `the broker sent ${records.length} bytes of ${state.name} that hold no whole batch. ` +
      'Raise "max.partition.fetch.bytes" above the largest batch of the topic.',
  );
}
