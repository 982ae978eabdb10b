import { MetadataRequest } from '@sluice/protocol/gen/metadata-request';
import { MetadataResponse } from '@sluice/protocol/gen/metadata-response';
import type { ClientConfig } from '../config/client-config.ts';
import { type Clock, TIMER_MAX_MS } from '../clock.ts';
import { type Address, addressText } from '../connection/address.ts';
import { BrokerLink } from '../connection/broker-link.ts';
import type { Connection } from '../connection/connection.ts';
import { ConnectionLog } from '../connection/connection-log.ts';
import { canonicalAddresses } from '../connection/resolve-host.ts';
import { asKafkaError, brokerError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { KafkaLogger } from '../logger.ts';
import type { NetworkMetrics } from '../metrics/network-metrics.ts';
import { ClusterMetadata, NO_TOPIC_ID } from './cluster-metadata.ts';
import { retrying, type Retrying } from './retrying.ts';

/** What a client is made of, besides its own settings. */
export interface ClusterOptions {
  readonly config: ClientConfig;
  readonly logger: KafkaLogger;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Whether asking for a topic may create it (`auto.create.topics.enable` on the broker decides too). */
  readonly isCreatingTopics: boolean;
  /** Counts what goes over the connections. */
  readonly network?: NetworkMetrics;
}

/**
 * Connections of one purpose do not wait for those of another: a fetch may rest at the broker for `fetch.max.wait.ms`,
 * a JoinGroup for minutes.
 */
export type Lane = 'main' | 'fetch' | 'group';

/** The brokers as one client sees them: metadata, and a connection to each when it is needed. */
export class Cluster implements Disposable {
  readonly config: ClientConfig;
  readonly logger: KafkaLogger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly network: NetworkMetrics | null;
  readonly #isCreatingTopics: boolean;
  readonly #links = new Map<string, BrokerLink>();
  readonly #wanted = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #wantsAll = false;
  #metadata = ClusterMetadata.empty;
  #running: Promise<void> | null = null;
  #queued: Promise<void> | null = null;
  #ageTimer: NodeJS.Timeout | null = null;
  #isClosed = false;
  readonly #connectionLog: ConnectionLog;
  /** Since when no metadata could be fetched; `null`: it can be. */
  #failingSinceMs: number | null = null;
  #isRebootstrapRequired = false;

  constructor(options: ClusterOptions) {
    this.config = options.config;
    this.logger = options.logger;
    this.clock = options.clock;
    this.random = options.random;
    this.network = options.network ?? null;
    this.#isCreatingTopics = options.isCreatingTopics;
    this.#connectionLog = new ConnectionLog(this.logger, () => this.clock.now());
  }

  get metadata(): ClusterMetadata {
    return this.#metadata;
  }
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Adds topics to those that every refresh asks for; true when one is new. */
  want(topics: Iterable<string>): boolean {
    const before = this.#wanted.size;
    for (const topic of topics) this.#wanted.add(topic);
    return this.#wanted.size > before;
  }
  /** Asks for these topics only from now on. */
  wantOnly(topics: Iterable<string>): void {
    this.#wanted.clear();
    this.#wantsAll = false;
    this.want(topics);
  }
  /** Asks for all topics from now on. */
  wantAll(): void {
    this.#wantsAll = true;
  }

  /** Called after every refresh. Returns what ends the calls. */
  onRefresh(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Fetches metadata anew. Calls that come together share one request, but never one that was already on its way when
   * they came: it may not know yet what they want to know.
   */
  refresh(): Promise<void> {
    if (this.#queued !== null) return this.#queued;
    if (this.#running === null) return this.#start();
    this.#queued = this.#running
      .catch(() => undefined)
      .then(() => {
        this.#queued = null;
        return this.#start();
      });
    return this.#queued;
  }

  /** Takes over who leads a partition now, told by a broker in an answer about data. */
  learnLeader(topic: string, partition: number, leader: number, leaderEpoch: number): void {
    this.#metadata = this.#metadata.withLeader(topic, partition, leader, leaderEpoch);
  }

  /** Metadata fetched at least once. */
  async ready(options: Pick<Retrying, 'deadlineMs' | 'signal' | 'what'>): Promise<void> {
    if (this.#metadata.brokers.size > 0) return;
    await retrying(this.retry(options), () => this.refresh());
  }

  /** Fills in what {@link retrying} needs. */
  retry(options: Pick<Retrying, 'deadlineMs' | 'signal' | 'what'>): Retrying {
    const { clock, random } = this;
    return { clock, random, backoff: this.config.retryBackoff, ...options };
  }

  /** A connection to this broker. @throws KafkaError retriable, when it can't be reached or is not known */
  async connection(brokerId: number, lane: Lane = 'main'): Promise<Connection> {
    return this.#link(brokerId, lane).get();
  }

  /** The open connection to this broker, if there is one. */
  readyConnection(brokerId: number, lane: Lane = 'main'): Connection | null {
    return this.#links.get(`${lane}:${brokerId}`)?.ready ?? null;
  }

  /** A connection to the broker that leads the cluster's controllers, as far as known. */
  async controller(): Promise<Connection> {
    const id = this.#metadata.controllerId;
    return id >= 0 && this.#metadata.brokers.has(id) ? this.connection(id) : this.anyBroker();
  }

  /** A connection to whichever broker can be reached: open ones first, known ones next, the bootstrap list last. */
  async anyBroker(): Promise<Connection> {
    const failures: string[] = [];
    for await (const link of this.#candidates()) {
      try {
        return await link.get();
      } catch (error) {
        if (this.#isClosed) throw closed();
        const reason = asKafkaError(error);
        // A wrong password or certificate is wrong everywhere, and trying on may lock the user out.
        if (!reason.isRetriable) throw reason;
        failures.push(reason.message);
      }
    }
    const tried = failures.length === 0 ? 'there is none' : failures.join(' | ');
    const text = `No broker could be reached: ${tried}. Check "bootstrap.servers".`;
    throw new KafkaError('NETWORK_EXCEPTION', text, { isRetriable: true });
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    if (this.#ageTimer !== null) clearTimeout(this.#ageTimer);
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
    this.#listeners.clear();
  }

  #link(brokerId: number, lane: Lane): BrokerLink {
    if (this.#isClosed) throw closed();
    const broker = this.#metadata.brokers.get(brokerId);
    if (broker === undefined) {
      const text = `Broker ${brokerId} is not known in the cluster's metadata`;
      throw new KafkaError('BROKER_NOT_AVAILABLE', text, { isRetriable: true });
    }
    const key = `${lane}:${brokerId}`;
    const known = this.#links.get(key);
    if (known !== undefined && addressText(known.address) === addressText(broker)) return known;
    // The broker moved: what waits on the old address fails and is retried on the new one.
    known?.close();
    const link = new BrokerLink(broker, this, this.#connectionLog, `node-${brokerId}`);
    this.#links.set(key, link);
    return link;
  }

  /** Known brokers, the least busy first; then those of the bootstrap list, as KIP-899 and KIP-1102 say. */
  async *#candidates(): AsyncGenerator<BrokerLink> {
    if (this.#isClosed) throw closed();
    const isRebootstrapping = this.#isRebootstrapping();
    const known = isRebootstrapping ? [] : this.#knownLinks();
    yield* known;
    if (known.length > 0 && !this.config.isRebootstrapping) return;
    const addresses = await this.#bootstrapAddresses();
    // Named as Java does: the list counts down from -1.
    const candidates = addresses.map((address, i) => ({ address, nodeId: `node-${-1 - i}` }));
    shuffle(candidates, this.random);
    for (const { address, nodeId } of candidates) {
      if (this.#isClosed) throw closed();
      const key = `bootstrap:${addressText(address)}`;
      const link =
        this.#links.get(key) ?? new BrokerLink(address, this, this.#connectionLog, nodeId);
      this.#links.set(key, link);
      yield link;
    }
  }

  #knownLinks(): readonly BrokerLink[] {
    const known = [...this.#metadata.brokers.keys()].map((id) => this.#link(id, 'main'));
    const inFlight = (link: BrokerLink): number => link.ready?.inFlight ?? Number.MAX_SAFE_INTEGER;
    const rank = (link: BrokerLink): number => inFlight(link) + (link.isBackingOff ? 1 : 0);
    shuffle(known, this.random);
    return known.sort((a, b) => rank(a) - rank(b));
  }

  /** Whether what is known of the cluster is not to be believed any more. */
  #isRebootstrapping(): boolean {
    if (!this.config.isRebootstrapping || this.#metadata.brokers.size === 0) return false;
    if (this.#isRebootstrapRequired) return true;
    const failingSinceMs = this.#failingSinceMs ?? Number.POSITIVE_INFINITY;
    return this.clock.now() - failingSinceMs >= this.config.rebootstrapTriggerMs;
  }

  async #bootstrapAddresses(): Promise<Address[]> {
    const { bootstrap, isUsingCanonicalNames } = this.config;
    if (!isUsingCanonicalNames) return [...bootstrap];
    const found = await Promise.allSettled(bootstrap.map((each) => canonicalAddresses(each)));
    const byText = new Map<string, Address>();
    for (const [i, result] of found.entries()) {
      const own = bootstrap[i];
      // A name that is not known now is tried as it is, which says what is wrong with it.
      const addresses =
        result.status === 'fulfilled' ? result.value : own === undefined ? [] : [own];
      for (const address of addresses) byText.set(addressText(address), address);
    }
    return [...byText.values()];
  }

  #start(): Promise<void> {
    this.#running = this.#fetchMetadata()
      .catch((error: unknown) => {
        this.#failingSinceMs ??= this.clock.now();
        if (asKafkaError(error).code === 'REBOOTSTRAP_REQUIRED') this.#isRebootstrapRequired = true;
        throw error;
      })
      .finally(() => {
        this.#running = null;
        this.#scheduleRefresh();
      });
    return this.#running;
  }

  async #fetchMetadata(): Promise<void> {
    const connection = await this.anyBroker();
    const topics = this.#wantsAll
      ? null
      : [...this.#wanted].map((name) => ({ name, topicId: NO_TOPIC_ID }));
    const response = await connection.request(
      MetadataRequest,
      MetadataResponse,
      () => ({
        topics,
        allowAutoTopicCreation: this.#isCreatingTopics,
        includeClusterAuthorizedOperations: false,
        includeTopicAuthorizedOperations: false,
      }),
      { timeoutMs: this.config.requestTimeoutMs },
    );
    if (response.errorCode !== 0) throw brokerError(response.errorCode, 'Fetching metadata');
    if (response.brokers.length === 0) {
      const text = `The broker at ${addressText(connection.address)} knows of no broker yet`;
      throw new KafkaError('BROKER_NOT_AVAILABLE', text, { isRetriable: true });
    }
    this.#metadata = this.#metadata.next(response);
    this.#failingSinceMs = null;
    this.#isRebootstrapRequired = false;
    this.#dropBootstrap();
    for (const listener of this.#listeners) listener();
  }

  /** The bootstrap list only served to find the brokers. */
  #dropBootstrap(): void {
    for (const [key, link] of this.#links) {
      if (!key.startsWith('bootstrap:')) continue;
      if ((link.ready?.inFlight ?? 0) > 0) continue;
      link.close();
      this.#links.delete(key);
    }
  }

  #scheduleRefresh(): void {
    if (this.#ageTimer !== null) clearTimeout(this.#ageTimer);
    if (this.#isClosed) return;
    this.#ageTimer = setTimeout(
      () => {
        this.refresh().catch((error: unknown) => {
          if (!this.#isClosed) this.logger.warn(asKafkaError(error).message);
        });
      },
      Math.min(
        Math.max(this.config.metadataMaxAgeMs, this.config.retryBackoff.initialMs),
        TIMER_MAX_MS,
      ),
    );
    this.#ageTimer.unref();
  }
}

function shuffle<T>(list: T[], random: () => number): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const [a, b] = [list[i], list[j]];
    if (a === undefined || b === undefined) continue;
    list[i] = b;
    list[j] = a;
  }
}

function closed(): KafkaError {
  return new KafkaError('CLIENT_CLOSED', 'The client is closed');
}
