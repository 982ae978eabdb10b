import type { RecordColumns } from '../batch/record-columns.ts';
import { type Clock, pause } from '../clock.ts';
import { Cluster } from '../cluster/cluster.ts';
import { Coordinators } from '../cluster/coordinators.ts';
import { withinDeadline } from '../cluster/retrying.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import { ConsumerGroup } from '../group/consumer-group.ts';
import { HeartbeatGroup } from '../group/heartbeat-group.ts';
import type { SubscribedGroup } from '../group/subscribed-group.ts';
import { TopicSubscription } from '../group/topic-subscription.ts';
import type { KafkaLogger } from '../logger.ts';
import type { ClientMetric } from '../metrics/client-metric.ts';
import { ConsumerMetrics } from '../metrics/consumer-metrics.ts';
import { AutoCommit } from './auto-commit.ts';
import { Commits } from './commits.ts';
import type { ConsumerConfig } from './consumer-config.ts';
import type { ConsumerGroupMetadata } from './consumer-group-metadata.ts';
import type {
  RebalanceListener,
  RecordConsumer,
  TopicPartition,
  TopicPartitionOffset,
} from './contract.ts';
import { Fetcher } from './fetch/fetcher.ts';
import { MetadataRefresher } from './metadata-refresher.ts';
import { type OffsetAndTimestamp, OffsetLookups, type TimestampQuery } from './offset-lookups.ts';
import { PartitionPositions } from './positions/partition-positions.ts';
import { PartitionTable } from './partition-table.ts';
import { WakeSignal } from './wake-signal.ts';

/** What a consumer is made with, besides its settings. */
export interface ConsumerOptions {
  readonly logger: KafkaLogger;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Java's default. */
const CLOSE_TIMEOUT_MS = 30_000;

/** A Kafka consumer of encoded records; see {@link RecordConsumer} for the calls. */
export class Consumer implements RecordConsumer {
  readonly #config: ConsumerConfig;
  readonly #clock: Clock;
  readonly #cluster: Cluster;
  readonly #coordinators: Coordinators;
  readonly #partitions = new PartitionTable();
  readonly #ending = new AbortController();
  readonly #news = new WakeSignal();
  readonly #metadata: MetadataRefresher;
  readonly #metrics: ConsumerMetrics;
  readonly #positions: PartitionPositions;
  readonly #fetcher: Fetcher;
  readonly #commits: Commits;
  readonly #lookups: OffsetLookups;
  readonly #autoCommit: AutoCommit | null;
  #group: SubscribedGroup | null = null;
  #isWoken = false;
  #polling: Promise<unknown> | null = null;
  #closing: Promise<void> | null = null;

  constructor(config: ConsumerConfig, options: ConsumerOptions) {
    this.#config = config;
    this.#clock = options.clock;
    const { client, isCreatingTopics } = config;
    const size = (): number => this.#partitions.size;
    this.#metrics = new ConsumerMetrics(options.clock, client.clientId, size);
    const { network } = this.#metrics;
    const cluster = new Cluster({ config: client, isCreatingTopics, network, ...options });
    this.#cluster = cluster;
    const { signal } = this.#ending;
    const coordinators = new Coordinators(cluster);
    this.#coordinators = coordinators;
    this.#metadata = new MetadataRefresher(cluster, signal);
    const shared = {
      cluster,
      coordinators,
      partitions: this.#partitions,
      metadata: this.#metadata,
      signal,
      onNews: () => this.#news.set(),
    };
    this.#positions = new PartitionPositions({
      ...shared,
      groupId: config.group?.groupId ?? null,
      offsetReset: config.offsetReset,
      isolationLevel: config.fetch.isolationLevel,
    });
    const { fetch } = config;
    const forFetcher = { config: fetch, positions: this.#positions, metrics: this.#metrics.fetch };
    this.#fetcher = new Fetcher({ ...shared, ...forFetcher });
    const holdOf = (each: TopicPartition): object | null => this.#partitions.get(each);
    const onCommitted = (tookMs: number): void => this.#metrics.assignment.committed(tookMs);
    this.#commits = new Commits({ ...shared, group: config.group, holdOf, onCommitted });
    this.#lookups = new OffsetLookups({ ...shared, config });
    this.#autoCommit = this.#makeAutoCommit(options);
    cluster.onRefresh(() => {
      if (cluster.metadata.topicErrors.size > 0) this.#metadata.request();
      this.#news.set();
      this.#fetcher.kick();
    });
  }

  subscribe(topics: readonly string[] | RegExp, listener: RebalanceListener): void {
    const { group, isExcludingInternalTopics, fetch } = this.#config;
    this.#throwIfClosed('Subscribing');
    if (group === null) {
      throw new KafkaError('INVALID_GROUP_ID', 'Subscribing needs a group: set "group.id".');
    }
    if (this.#group !== null || this.#partitions.size > 0) {
      throw new KafkaError(
        'ALREADY_SUBSCRIBED',
        'Subscribing: this consumer has a subscription or assigned partitions already. Use another consumer.',
      );
    }
    const subscription = new TopicSubscription(topics, isExcludingInternalTopics);
    if (subscription.names === null) this.#cluster.wantAll();
    else this.#cluster.want(subscription.names);
    this.#metadata.request();
    const Group = group.protocol === 'consumer' ? HeartbeatGroup : ConsumerGroup;
    this.#group = new Group({
      cluster: this.#cluster,
      coordinators: this.#coordinators,
      config: group,
      rack: fetch.rack,
      partitions: this.#partitions,
      subscription,
      listener,
      metrics: this.#metrics,
      beforeRevocation: async () => this.#autoCommit?.now(),
      onAssignment: () => this.#fetcher.dropStale(),
      onNews: () => this.#news.set(),
    });
  }

  assign(partitions: readonly TopicPartition[]): void {
    this.#throwIfClosed('Assigning partitions');
    if (this.#group !== null) {
      throw new KafkaError(
        'ALREADY_SUBSCRIBED',
        'Assigning partitions: this consumer has a subscription. Use another consumer.',
      );
    }
    this.#partitions.assign(partitions);
    this.#fetcher.dropStale();
    this.#cluster.wantOnly(this.#partitions.topics());
    this.#metadata.request();
    this.#positions.update();
    this.#news.set();
  }

  poll(timeoutMs: number): Promise<readonly RecordColumns[]> {
    this.#throwIfClosed('Polling');
    if (this.#polling !== null) {
      const text = 'Polling: another poll of this consumer has not ended yet. Await it first.';
      return Promise.reject(new KafkaError('CONCURRENT_POLL', text));
    }
    if (this.#group === null && this.#partitions.size === 0) {
      const text =
        'Polling: this consumer is not subscribed to topics and has no partitions assigned.';
      return Promise.reject(new KafkaError('NOT_SUBSCRIBED', text));
    }
    const polling = this.#pollOrRest(timeoutMs).finally(() => {
      this.#polling = null;
    });
    this.#polling = polling;
    return polling;
  }

  wakeup(): void {
    this.#isWoken = true;
    this.#news.set();
  }

  async commit(offsets: readonly TopicPartitionOffset[]): Promise<void> {
    this.#throwIfEnded('Committing offsets');
    const startMs = this.#clock.now();
    await this.#commits.commit(offsets, this.#group, startMs + this.#config.apiTimeoutMs);
    this.#metrics.poll.committed(startMs);
  }

  async committed(
    partitions: readonly TopicPartition[],
  ): Promise<readonly (TopicPartitionOffset | null)[]> {
    const startMs = this.#clock.now();
    const found = await this.#lookups.committed(partitions);
    this.#metrics.poll.askedForCommitted(startMs);
    return found;
  }

  seek(position: TopicPartitionOffset): void {
    const { offset, leaderEpoch } = position;
    const state = this.#partitions.require(position, 'Seeking in');
    if (!Number.isSafeInteger(offset) || offset < 0) {
      const text = `Seeking to the offset ${offset} of ${state.name}: offsets are not negative`;
      throw new KafkaError('INVALID_OFFSET', text);
    }
    state.moveTo(offset, leaderEpoch ?? -1);
    this.#moved();
  }

  /** Goes to the first offset that is there, when next polled or asked for the position. */
  seekToBeginning(partitions: readonly TopicPartition[]): void {
    this.#seekBy(partitions, 'earliest');
  }

  /** Goes behind the last record; under `read_committed`, behind the last that is decided. */
  seekToEnd(partitions: readonly TopicPartition[]): void {
    this.#seekBy(partitions, 'latest');
  }

  async position(partition: TopicPartition): Promise<number> {
    this.#throwIfEnded('Asking for a position');
    const state = this.#partitions.require(partition, 'Asking for the position of');
    const clock = this.#clock;
    const deadlineMs = clock.now() + this.#config.apiTimeoutMs;
    const what = `Finding the position of ${state.name}`;
    while (state.position < 0) {
      const failure = this.#partitions.takeFailureOf(state);
      if (failure !== null) throw failure;
      const waiting = this.#positions.changed();
      this.#positions.update();
      await withinDeadline({ clock, deadlineMs, signal: this.#ending.signal, what }, waiting);
      this.#partitions.require(partition, 'Asking for the position of');
    }
    return state.position;
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const each of partitions) {
      const state = this.#partitions.require(each, 'Pausing');
      state.isPaused = true;
      this.#fetcher.detach(state);
    }
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const each of partitions) {
      this.#partitions.require(each, 'Resuming').isPaused = false;
    }
    this.#fetcher.kick();
    this.#news.set();
  }

  /** What was fetched and not polled yet. */
  get bufferedBytes(): number {
    return this.#fetcher.bufferedBytes;
  }

  assignment(): readonly TopicPartition[] {
    return this.#partitions.partitions();
  }

  beginningOffsets(
    partitions: readonly TopicPartition[],
  ): Promise<readonly TopicPartitionOffset[]> {
    return this.#lookups.beginnings(partitions);
  }

  endOffsets(partitions: readonly TopicPartition[]): Promise<readonly TopicPartitionOffset[]> {
    return this.#lookups.ends(partitions);
  }

  /** The first records that are not older than the times given; `null` where all are. */
  offsetsForTimes(
    queries: readonly TimestampQuery[],
  ): Promise<readonly (OffsetAndTimestamp | null)[]> {
    return this.#lookups.forTimes(queries);
  }

  /** `null` without a `group.id`. */
  groupMetadata(): ConsumerGroupMetadata | null {
    const { group } = this.#config;
    if (group === null) return null;
    const { generationId, memberId } = this.#group?.generation ?? {
      generationId: -1,
      memberId: '',
    };
    const { groupId, instanceId } = group;
    return { groupId, generationId, memberId, groupInstanceId: instanceId };
  }

  /** What this consumer counted, under the names of Java's JMX attributes. Costs only when asked for. */
  metrics(): readonly ClientMetric[] {
    return this.#metrics.snapshot();
  }

  close(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.timeoutMs ?? CLOSE_TIMEOUT_MS);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Whoever polls on after an error that stays must not keep everything else from running. */
  async #pollOrRest(timeoutMs: number): Promise<readonly RecordColumns[]> {
    try {
      return await this.#poll(timeoutMs);
    } catch (error) {
      await pause(this.#config.client.retryBackoff.initialMs, this.#ending.signal);
      throw error;
    }
  }

  async #poll(timeoutMs: number): Promise<readonly RecordColumns[]> {
    const deadlineMs = this.#clock.now() + timeoutMs;
    this.#group?.enterPoll();
    this.#metrics.tick();
    this.#metrics.poll.pollBegan();
    try {
      this.#autoCommit?.onPoll();
      for (;;) {
        if (this.#isWoken || this.#closing !== null) {
          this.#isWoken = false;
          return [];
        }
        await this.#group?.update();
        this.#positions.update();
        const records = this.#fetcher.take(this.#config.pollRecordsMax);
        this.#fetcher.kick();
        if (records.length > 0) return records;
        const failure = this.#partitions.takeFailure();
        if (failure !== null) throw failure;
        const leftMs = deadlineMs - this.#clock.now();
        if (leftMs <= 0) return [];
        await this.#news.wait(leftMs);
      }
    } finally {
      this.#metrics.poll.pollEnded();
      this.#group?.leavePoll();
    }
  }

  #seekBy(partitions: readonly TopicPartition[], type: 'earliest' | 'latest'): void {
    const states = partitions.map((each) => this.#partitions.require(each, 'Seeking in'));
    for (const state of states) state.resetBy({ type });
    this.#moved();
  }

  #moved(): void {
    this.#fetcher.dropStale();
    this.#positions.update();
    this.#fetcher.kick();
    this.#news.set();
  }

  #makeAutoCommit({ clock, logger }: ConsumerOptions): AutoCommit | null {
    const { autoCommitIntervalMs: intervalMs, apiTimeoutMs } = this.#config;
    if (intervalMs === null) return null;
    const commit = (offsets: readonly TopicPartitionOffset[]): Promise<void> =>
      this.#commits.commit(offsets, this.#group, clock.now() + apiTimeoutMs);
    return new AutoCommit({ intervalMs, clock, logger, partitions: this.#partitions, commit });
  }

  async #close(timeoutMs: number): Promise<void> {
    this.#news.set();
    const clock = this.#clock;
    const deadlineMs = clock.now() + timeoutMs;
    const deadline = { clock, deadlineMs, what: 'Closing the consumer' };
    try {
      await withinDeadline(deadline, this.#sayGoodbye(timeoutMs));
    } finally {
      this.#ending.abort();
      this.#cluster[Symbol.dispose]();
      await Promise.all(
        [this.#fetcher, this.#positions, this.#metadata].map((each) => each.idle()),
      );
    }
  }

  async #sayGoodbye(timeoutMs: number): Promise<void> {
    await this.#polling?.catch(() => undefined);
    // Without a group to leave, auto-commit has nobody else to be told by.
    if (this.#group === null) await this.#autoCommit?.now();
    try {
      await this.#group?.close(timeoutMs);
    } finally {
      await this.#commits.idle();
      await this.#fetcher.goodbye();
    }
  }

  #throwIfClosed(what: string): void {
    if (this.#closing !== null) throw closed(what);
  }

  /** For calls that listeners make from inside `close`. */
  #throwIfEnded(what: string): void {
    if (this.#ending.signal.aborted) throw closed(what);
  }
}

function closed(what: string): KafkaError {
  return new KafkaError('CLIENT_CLOSED', `${what}: this consumer is closed`);
}
