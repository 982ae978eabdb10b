import { errorInfo } from '@sluice/protocol';
import type {
  FetchResponse,
  FetchResponsePartitionData,
} from '@sluice/protocol/gen/fetch-response';
import { Compressions } from '../../batch/compression/compressions.ts';
import type { RecordColumns } from '../../batch/record-columns.ts';
import { NO_TOPIC_ID } from '../../cluster/cluster-metadata.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { ISOLATION } from '../../cluster/partition-offsets.ts';
import { backoffMs } from '../../connection/backoff.ts';
import { asKafkaError, brokerError } from '../../errors/broker-error.ts';
import { KafkaError } from '../../errors/kafka-error.ts';
import type { FetchConfig } from '../consumer-config.ts';
import { type FetchMetrics, FetchTally } from '../../metrics/fetch-metrics.ts';
import type { MetadataRefresher } from '../metadata-refresher.ts';
import type { PartitionPositions } from '../positions/partition-positions.ts';
import type { PartitionState } from '../partition-state.ts';
import type { PartitionTable } from '../partition-table.ts';
import { noWholeBatch, scanBatches } from './batch-scan.ts';
import { ChunkQueue } from './chunk-queue.ts';
import { endSession, sendFetch } from './fetch-request.ts';
import { FetchSession, type FetchWant } from './fetch-session.ts';
import { fetchVerdict } from './fetch-verdict.ts';
import { FetchedChunk } from './fetched-chunk.ts';
import { RetryTimer } from './retry-timer.ts';

/** What a fetcher works with. */
export interface FetcherOptions {
  readonly cluster: Cluster;
  readonly config: FetchConfig;
  readonly partitions: PartitionTable;
  readonly positions: PartitionPositions;
  readonly metadata: MetadataRefresher;
  readonly metrics: FetchMetrics;
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
  /** Brokers in the order they were asked, the last one at the end. */
  readonly #asked = new Set<number>();
  #reservedBytes = 0;
  readonly #retry = new RetryTimer(() => this.kick());

  constructor(options: FetcherOptions) {
    this.#options = options;
    const { metrics, partitions } = options;
    this.#queue = new ChunkQueue(partitions, (state) => metrics.polled(state));
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
    this.#options.metrics.keepOnly(this.#options.partitions);
  }

  /** To be called when a partition was paused: it may keep what it has for long. */
  detach(state: PartitionState): void {
    if (this.#queue.detach(state)) return;
    state.rewindFetch();
    this.#queue.dropStale();
  }

  /** Sends what can be sent now. Cheap when nothing can. */
  kick(): void {
    if (this.#options.signal.aborted) return;
    const plan = this.#plan();
    if (plan.size === 0) return;
    this.#makeRoom();
    let waiting = plan.size;
    for (const [brokerId, states] of this.#inTurn(plan)) {
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
    const quiet = [...this.#sessions].filter(([brokerId]) => !this.#inFlight.has(brokerId));
    const { cluster, config } = this.#options;
    const ends = quiet.map(([id, session]) => endSession(cluster, config, id, session));
    await Promise.all(ends);
  }

  /** Settles when nothing is on its way any more; connections must have been closed to make that soon. */
  async idle(): Promise<void> {
    await Promise.all(this.#inFlight.values());
    this.#retry.clear();
  }

  /** Whoever was asked longest ago comes first: where there is room for one request only, each gets it in turn. */
  #inTurn(plan: ReadonlyMap<number, PartitionState[]>): readonly [number, PartitionState[]][] {
    if (plan.size <= 1) return [...plan];
    const places = new Map(Array.from(this.#asked, (brokerId, place) => [brokerId, place]));
    return [...plan].toSorted(([a], [b]) => (places.get(a) ?? -1) - (places.get(b) ?? -1));
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
        this.#retry.at(state.retryAtMs, now);
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
    if (!isThere) {
      // The leader would recommend it again at once.
      metadata.request();
      this.#backOff(state);
    }
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
    this.#asked.delete(brokerId);
    this.#asked.add(brokerId);
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
    const { cluster, config, signal, metadata, metrics } = this.#options;
    const session = this.#sessions.get(brokerId) ?? new FetchSession();
    this.#sessions.set(brokerId, session);
    try {
      const connection = await cluster.connection(brokerId, 'fetch');
      const wants = new Map(Array.from(asked, ([key, { want }]) => [key, want]));
      const { maxWaitMs } = config;
      const timeoutMs = maxWaitMs + cluster.config.requestTimeoutMs;
      const limits = { maxBytes, maxWaitMs, timeoutMs };
      const sentMs = cluster.clock.now();
      const response = await sendFetch(connection, config, session, wants, limits);
      metrics.answered(cluster.clock.now() - sentMs, response.throttleTimeMs);
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
    const tally = new FetchTally(this.#options.metrics);
    const names = new Map(Array.from(asked.values(), ({ want }) => [want.topicId, want.topic]));
    for (const topic of response.responses) {
      const name = topic.topic === '' ? names.get(topic.topicId) : topic.topic;
      for (const data of topic.partitions) {
        const known = asked.get(`${name}-${data.partitionIndex}`);
        // A partition that the session should not hold: begin a new one.
        if (known === undefined) session.refused('');
        else await this.#onPartition(known, data, tally);
      }
    }
    tally.close();
  }

  async #onPartition(
    asked: Asked,
    data: FetchResponsePartitionData,
    tally: FetchTally,
  ): Promise<void> {
    const { state, version, want } = asked;
    const { partitions, config } = this.#options;
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
    const isCommitted = config.isolationLevel === ISOLATION.readCommitted;
    state.noteEnds(data.logStartOffset, isCommitted ? data.lastStableOffset : data.highWatermark);
    const { records } = data;
    if (records === null || records.length === 0) return;
    const scan = scanBatches(records);
    try {
      if (scan.nextOffset < 0) throw noWholeBatch(records, state.name);
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
    this.#queue.add(state, this.#chunk(state, records, { data, scan, tally }));
    state.fetchOffset = Math.max(scan.nextOffset, state.fetchOffset);
    state.fetchEpoch = scan.leaderEpoch;
    state.attempts = 0;
  }

  #chunk(
    state: PartitionState,
    records: Buffer,
    {
      data,
      scan,
      tally,
    }: {
      readonly data: FetchResponsePartitionData;
      readonly scan: ReturnType<typeof scanBatches>;
      readonly tally: FetchTally;
    },
  ): FetchedChunk {
    const { config } = this.#options;
    tally.expect();
    return new FetchedChunk({
      topic: state.topic,
      partition: state.partition,
      records,
      scan,
      fromOffset: state.fetchOffset,
      aborted: data.abortedTransactions,
      tally,
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
        if (wasPreferred || state.bufferedBytes > 0) this.#backOff(state);
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
}
