import type { Cluster } from '../cluster/cluster.ts';
import type { Coordinators } from '../cluster/coordinators.ts';
import {
  type FoundOffset,
  ISOLATION,
  listOffsets,
  OFFSET_SPEC,
} from '../cluster/partition-offsets.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import { fetchGroupOffsets } from '../group/group-offsets.ts';
import type { ConsumerConfig } from './consumer-config.ts';
import type { TopicPartition, TopicPartitionOffset } from './contract.ts';

/** A partition and a time in milliseconds since the epoch. */
export interface TimestampQuery extends TopicPartition {
  readonly timestamp: number;
}

/** A record's place and time. */
export interface OffsetAndTimestamp extends TopicPartition {
  readonly offset: number;
  readonly timestamp: number;
  readonly leaderEpoch: number | null;
}

/** What questions are asked with. */
export interface LookupOptions {
  readonly cluster: Cluster;
  readonly coordinators: Coordinators;
  readonly config: ConsumerConfig;
  readonly signal: AbortSignal;
}

/** A consumer's questions about offsets that leave its own positions alone. Answers stand in the order asked. */
export class OffsetLookups {
  readonly #options: LookupOptions;

  constructor(options: LookupOptions) {
    this.#options = options;
  }

  /** @throws KafkaError `INVALID_GROUP_ID` without a group */
  async committed(
    partitions: readonly TopicPartition[],
  ): Promise<readonly (TopicPartitionOffset | null)[]> {
    const { config, coordinators, cluster } = this.#options;
    if (config.group === null) {
      const text = 'Asking for committed offsets: this consumer has no group; set "group.id"';
      throw new KafkaError('INVALID_GROUP_ID', text);
    }
    if (partitions.length === 0) return [];
    const { groupId } = config.group;
    const what = `Fetching the committed offsets of the group "${groupId}"`;
    const timeoutMs = cluster.config.requestTimeoutMs;
    const found = await coordinators.call('group', groupId, this.#retry(what), (connection) =>
      fetchGroupOffsets(connection, groupId, partitions, { isStable: true, timeoutMs }),
    );
    const byName = new Map(found.map((each) => [nameOf(each), each]));
    return partitions.map((partition) => byName.get(nameOf(partition)) ?? null);
  }

  async beginnings(
    partitions: readonly TopicPartition[],
  ): Promise<readonly TopicPartitionOffset[]> {
    const found = await this.#list(partitions, OFFSET_SPEC.earliest, ISOLATION.readUncommitted);
    return found.map(offsetOf);
  }

  /** Under `read_committed`, where the first transaction that is still open begins. */
  async ends(partitions: readonly TopicPartition[]): Promise<readonly TopicPartitionOffset[]> {
    const { isolationLevel } = this.#options.config.fetch;
    return (await this.#list(partitions, OFFSET_SPEC.latest, isolationLevel)).map(offsetOf);
  }

  async forTimes(
    queries: readonly TimestampQuery[],
  ): Promise<readonly (OffsetAndTimestamp | null)[]> {
    const negative = queries.find(({ timestamp }) => !(timestamp >= 0));
    if (negative !== undefined) {
      const text = `Looking for offsets by time: ${negative.timestamp} for ${nameOf(negative)} is no time`;
      throw new KafkaError('INVALID_TIMESTAMP', text);
    }
    const { cluster } = this.#options;
    const { isolationLevel } = this.#options.config.fetch;
    const retry = this.#retry('Looking for offsets by time');
    const found = await listOffsets(cluster, queries, isolationLevel, retry);
    return found.map(({ topic, partition, offset, foundTimestamp: timestamp, leaderEpoch }) =>
      offset < 0
        ? null
        : {
            topic,
            partition,
            offset,
            timestamp,
            leaderEpoch: leaderEpoch < 0 ? null : leaderEpoch,
          },
    );
  }

  async #list(
    partitions: readonly TopicPartition[],
    timestamp: number,
    isolationLevel: number,
  ): Promise<readonly FoundOffset[]> {
    const queries = partitions.map(({ topic, partition }) => ({ topic, partition, timestamp }));
    const retry = this.#retry('Looking up where the log begins or ends');
    return listOffsets(this.#options.cluster, queries, isolationLevel, retry);
  }

  #retry(what: string): {
    readonly what: string;
    readonly deadlineMs: number;
    signal: AbortSignal;
  } {
    const { cluster, config, signal } = this.#options;
    return { what, signal, deadlineMs: cluster.clock.now() + config.apiTimeoutMs };
  }
}

function offsetOf({ topic, partition, offset, leaderEpoch }: FoundOffset): TopicPartitionOffset {
  return { topic, partition, offset, leaderEpoch: leaderEpoch < 0 ? null : leaderEpoch };
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
