import type { AdminConfig } from './admin-config.ts';
import { Cluster } from '../cluster/cluster.ts';
import { Coordinators } from '../cluster/coordinators.ts';
import {
  type FoundOffset,
  ISOLATION,
  listOffsets,
  type OffsetQuery,
} from '../cluster/partition-offsets.ts';
import type { Clock } from '../clock.ts';
import type { TopicPartition, TopicPartitionOffset } from '../consumer/contract.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { KafkaLogger } from '../logger.ts';
import type { ClientMetric } from '../metrics/client-metric.ts';
import { MetricsRegistry } from '../metrics/metrics-registry.ts';
import { NetworkMetrics } from '../metrics/network-metrics.ts';
import { AclAdmin } from './acl-admin.ts';
import type { AdminCalls, Retry } from './admin-calls.ts';
import { valueOf } from './admin-calls.ts';
import { ConfigAdmin, type ConfigResource } from './config-admin.ts';
import type { ClusterDescription, KafkaAdmin, NewTopic, TopicDescription } from './contract.ts';
import { describeCluster } from './describe-cluster.ts';
import { FeatureAdmin } from './feature-admin.ts';
import { GroupAdmin } from './group-admin.ts';
import { GroupOffsetAdmin } from './group-offset-admin.ts';
import { PartitionAdmin } from './partition-admin.ts';
import { TopicAdmin } from './topic-admin.ts';
import { TransactionAdmin } from './transaction-admin.ts';
import { UserAdmin } from './user-admin.ts';

/** What an admin client is made of. */
export interface AdminOptions {
  readonly config: AdminConfig;
  readonly logger: KafkaLogger;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** One key to set, or to take back to the broker's default with `null`. */
export interface ConfigChange {
  readonly name: string;
  readonly value: string | null;
}

/**
 * Looks after a cluster. Each call is repeated while its errors are retriable, up to `default.api.timeout.ms`. Mirrors
 * Java's `Admin`: the parts (`topics`, `groups` …) answer with an outcome per item; the calls on this class itself are
 * those of {@link KafkaAdmin}, which throw the first item's error.
 */
export class Admin implements KafkaAdmin {
  readonly topics: TopicAdmin;
  readonly configs: ConfigAdmin;
  readonly partitions: PartitionAdmin;
  readonly groups: GroupAdmin;
  readonly groupOffsets: GroupOffsetAdmin;
  readonly acls: AclAdmin;
  readonly transactions: TransactionAdmin;
  readonly features: FeatureAdmin;
  readonly users: UserAdmin;
  readonly #config: AdminConfig;
  readonly #cluster: Cluster;
  readonly #registry: MetricsRegistry;

  constructor(options: AdminOptions) {
    const { config, logger, clock, random } = options;
    this.#config = config;
    this.#registry = new MetricsRegistry(clock);
    const cluster = new Cluster({
      config: config.client,
      logger,
      clock,
      random,
      isCreatingTopics: false,
      network: new NetworkMetrics(this.#registry, 'admin-client', config.client.clientId),
    });
    this.#cluster = cluster;
    const coordinators = new Coordinators(cluster);
    const calls: AdminCalls = { cluster, coordinators, retry: (what) => this.#retry(what) };
    this.topics = new TopicAdmin(calls);
    this.configs = new ConfigAdmin(calls);
    this.partitions = new PartitionAdmin(calls);
    this.groups = new GroupAdmin(calls);
    this.groupOffsets = new GroupOffsetAdmin(calls);
    this.acls = new AclAdmin(calls);
    this.transactions = new TransactionAdmin(calls);
    this.features = new FeatureAdmin(calls);
    this.users = new UserAdmin(calls);
  }

  /** What its connections counted: `admin-client-metrics` and `admin-client-node-metrics`. */
  metrics(): readonly ClientMetric[] {
    return this.#registry.snapshot();
  }

  /** Who the brokers are. @throws KafkaError `TIMEOUT` when none answers in time */
  describeCluster(signal?: AbortSignal): Promise<ClusterDescription> {
    return describeCluster(this.#cluster, this.#retry('Describing the cluster', signal));
  }

  async createTopics(topics: readonly NewTopic[]): Promise<ReadonlySet<string>> {
    const created = new Set<string>();
    let failure: KafkaError | null = null;
    for (const [name, outcome] of await this.topics.create(topics)) {
      if (!(outcome instanceof KafkaError)) created.add(name);
      else if (outcome.code !== 'TOPIC_ALREADY_EXISTS') failure ??= outcome;
    }
    if (failure !== null) throw failure;
    return created;
  }

  async deleteTopics(names: readonly string[]): Promise<void> {
    throwFirst(await this.topics.delete(names));
  }

  /** Grows a topic to `partitions` partitions. */
  async createPartitions(topic: string, partitions: number): Promise<void> {
    throwFirst(await this.topics.createPartitions(new Map([[topic, partitions]])));
  }

  async describeTopics(names: readonly string[]): Promise<ReadonlyMap<string, TopicDescription>> {
    const found = new Map<string, TopicDescription>();
    for (const [name, outcome] of await this.topics.describe(names)) {
      if (!(outcome instanceof KafkaError)) found.set(name, outcome);
      else if (outcome.code !== 'UNKNOWN_TOPIC_OR_PARTITION') throw outcome;
    }
    return found;
  }

  async listTopics(): Promise<readonly string[]> {
    return (await this.topics.list()).map(({ name }) => name);
  }

  async describeTopicConfigs(
    names: readonly string[],
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, string | null>>> {
    const outcomes = await this.configs.describe(names.map(topicResource));
    return new Map(
      Array.from(outcomes, ([{ name: topic }, outcome]) => {
        const entries = valueOf(outcome, topic);
        return [topic, new Map(entries.map(({ name, value }) => [name, value]))];
      }),
    );
  }

  /** Sets keys of a topic, or removes those whose value is `null`; others stay as they are. */
  async alterTopicConfigs(topic: string, changes: readonly ConfigChange[]): Promise<void> {
    const alterations = changes.map(({ name, value }) => {
      const operation = value === null ? ('DELETE' as const) : ('SET' as const);
      return { name, value, operation };
    });
    const changed = new Map([[topicResource(topic), alterations]]);
    throwFirst(await this.configs.incrementalAlter(changed));
  }

  /** Offsets in partitions: earliest, latest, or the first not older than a time. */
  listOffsets(queries: readonly OffsetQuery[]): Promise<readonly FoundOffset[]> {
    const retry = this.#retry('Listing offsets');
    return listOffsets(this.#cluster, queries, ISOLATION.readUncommitted, retry);
  }

  listGroupOffsets(group: string): Promise<readonly TopicPartitionOffset[]> {
    return this.groupOffsets.list(group);
  }

  async alterGroupOffsets(group: string, offsets: readonly TopicPartitionOffset[]): Promise<void> {
    throwFirst(await this.groupOffsets.alter(group, offsets));
  }

  async deleteGroupOffsets(group: string, partitions: readonly TopicPartition[]): Promise<void> {
    throwFirst(await this.groupOffsets.delete(group, partitions));
  }

  async deleteGroup(group: string): Promise<void> {
    throwFirst(await this.groups.delete([group]));
  }

  close(): Promise<void> {
    this.#cluster[Symbol.dispose]();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #retry(what: string, signal?: AbortSignal): Retry {
    const deadlineMs = this.#cluster.clock.now() + this.#config.apiTimeoutMs;
    return { what, deadlineMs, signal };
  }
}

function topicResource(name: string): ConfigResource {
  return { type: 'TOPIC', name };
}

function throwFirst(outcomes: ReadonlyMap<unknown, KafkaError | null>): void {
  for (const outcome of outcomes.values()) if (outcome !== null) throw outcome;
}
