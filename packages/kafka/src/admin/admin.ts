import type { AdminConfig } from './admin-config.ts';
import { Cluster } from '../cluster/cluster.ts';
import { Coordinators } from '../cluster/coordinators.ts';
import {
  type FoundOffset,
  ISOLATION,
  listOffsets,
  type OffsetQuery,
} from '../cluster/partition-offsets.ts';
import type { Retrying } from '../cluster/retrying.ts';
import type { Clock } from '../clock.ts';
import type { TopicPartition, TopicPartitionOffset } from '../consumer/contract.ts';
import type { KafkaLogger } from '../logger.ts';
import { commitGroupOffsets, fetchGroupOffsets, outsider } from '../group/group-offsets.ts';
import type { ClusterDescription, KafkaAdmin, NewTopic, TopicDescription } from './contract.ts';
import { describeCluster } from './describe-cluster.ts';
import { deleteGroup, deleteGroupOffsets } from './group-deletion.ts';
import { type ConfigChange, alterTopicConfigs, describeTopicConfigs } from './topic-configs.ts';
import { createTopics, deleteTopics, describeTopics, growTopic } from './topics.ts';

/** What an admin client is made of. */
export interface AdminOptions {
  readonly config: AdminConfig;
  readonly logger: KafkaLogger;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * Looks after topics, groups and their offsets. Each call is repeated while its errors are retriable, up
 * to `default.api.timeout.ms`. Mirrors the part of Java's `Admin` that Connect uses.
 */
export class Admin implements KafkaAdmin {
  readonly #config: AdminConfig;
  readonly #cluster: Cluster;
  readonly #coordinators: Coordinators;

  constructor(options: AdminOptions) {
    const { config, logger, clock, random } = options;
    this.#config = config;
    const isCreatingTopics = false;
    this.#cluster = new Cluster({ config: config.client, logger, clock, random, isCreatingTopics });
    this.#coordinators = new Coordinators(this.#cluster);
  }

  /** Who the brokers are. @throws KafkaError `TIMEOUT` when none answers in time */
  describeCluster(signal?: AbortSignal): Promise<ClusterDescription> {
    return describeCluster(this.#cluster, this.#retry('Describing the cluster', signal));
  }

  createTopics(topics: readonly NewTopic[]): Promise<ReadonlySet<string>> {
    const names = topics.map((topic) => topic.name).join(', ');
    return createTopics(this.#cluster, topics, this.#retry(`Creating the topics ${names}`));
  }

  deleteTopics(names: readonly string[]): Promise<void> {
    return deleteTopics(
      this.#cluster,
      names,
      this.#retry(`Deleting the topics ${names.join(', ')}`),
    );
  }

  /** Grows a topic to `partitions` partitions. */
  createPartitions(topic: string, partitions: number): Promise<void> {
    const what = `Growing the topic "${topic}" to ${partitions} partitions`;
    return growTopic(this.#cluster, topic, partitions, this.#retry(what));
  }

  describeTopics(names: readonly string[]): Promise<ReadonlyMap<string, TopicDescription>> {
    const what = `Describing the topics ${names.join(', ')}`;
    return describeTopics(this.#cluster, names, this.#retry(what));
  }

  async listTopics(): Promise<readonly string[]> {
    const found = await describeTopics(this.#cluster, null, this.#retry('Listing topics'));
    return [...found.keys()];
  }

  describeTopicConfigs(
    names: readonly string[],
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, string | null>>> {
    const what = `Describing the configs of the topics ${names.join(', ')}`;
    return describeTopicConfigs(this.#cluster, names, this.#retry(what));
  }

  /** Sets keys of a topic, or removes those whose value is `null`; others stay as they are. */
  alterTopicConfigs(topic: string, changes: readonly ConfigChange[]): Promise<void> {
    const what = `Changing the configs of the topic "${topic}"`;
    return alterTopicConfigs(this.#cluster, topic, changes, this.#retry(what));
  }

  /** Offsets in partitions: earliest, latest, or the first not older than a time. */
  listOffsets(queries: readonly OffsetQuery[]): Promise<readonly FoundOffset[]> {
    const retry = this.#retry('Listing offsets');
    return listOffsets(this.#cluster, queries, ISOLATION.readUncommitted, retry);
  }

  listGroupOffsets(group: string): Promise<readonly TopicPartitionOffset[]> {
    const timeoutMs = this.#config.client.requestTimeoutMs;
    const what = `Listing the offsets of the group "${group}"`;
    return this.#coordinators.call('group', group, this.#retry(what), (connection) =>
      fetchGroupOffsets(connection, group, null, { isStable: false, timeoutMs }),
    );
  }

  alterGroupOffsets(group: string, offsets: readonly TopicPartitionOffset[]): Promise<void> {
    const timeoutMs = this.#config.client.requestTimeoutMs;
    const what = `Altering the offsets of the group "${group}"`;
    return this.#coordinators.call('group', group, this.#retry(what), (connection) =>
      commitGroupOffsets(connection, outsider(group), offsets, timeoutMs),
    );
  }

  deleteGroupOffsets(group: string, partitions: readonly TopicPartition[]): Promise<void> {
    const timeoutMs = this.#config.client.requestTimeoutMs;
    const what = `Deleting offsets of the group "${group}"`;
    return this.#coordinators.call('group', group, this.#retry(what), (connection) =>
      deleteGroupOffsets(connection, group, partitions, { timeoutMs, what }),
    );
  }

  deleteGroup(group: string): Promise<void> {
    const timeoutMs = this.#config.client.requestTimeoutMs;
    const what = `Deleting the group "${group}"`;
    return this.#coordinators.call('group', group, this.#retry(what), (connection) =>
      deleteGroup(connection, group, { timeoutMs, what }),
    );
  }

  close(): Promise<void> {
    this.#cluster[Symbol.dispose]();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #retry(what: string, signal?: AbortSignal): Pick<Retrying, 'deadlineMs' | 'signal' | 'what'> {
    const deadlineMs = this.#cluster.clock.now() + this.#config.apiTimeoutMs;
    return { what, deadlineMs, signal };
  }
}
