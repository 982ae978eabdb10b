import type {
  MetadataResponse,
  MetadataResponseTopic,
} from '@sluice/protocol/gen/metadata-response';
import type { Address } from '../connection/address.ts';

/** A broker of the cluster. */
export interface BrokerInfo extends Address {
  readonly id: number;
  readonly rack: string | null;
}

/** What is known of a partition. */
export interface PartitionInfo {
  readonly partition: number;
  /** -1 when there is none at the moment. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

/** What is known of a topic. Partitions are at the index of their number. */
export interface TopicInfo {
  readonly name: string;
  readonly topicId: string;
  readonly isInternal: boolean;
  readonly partitions: readonly PartitionInfo[];
}

/** How brokers write "no id". */
export const NO_TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAA';

/** A picture of the cluster at one moment; replaced, never changed. */
export class ClusterMetadata {
  readonly clusterId: string | null;
  readonly controllerId: number;
  readonly brokers: ReadonlyMap<number, BrokerInfo>;
  readonly topics: ReadonlyMap<string, TopicInfo>;
  /** Topics that were asked for and are not there, with Kafka's code of the reason. */
  readonly topicErrors: ReadonlyMap<string, number>;
  readonly #namesById: ReadonlyMap<string, string>;

  constructor(parts: {
    readonly clusterId: string | null;
    readonly controllerId: number;
    readonly brokers: ReadonlyMap<number, BrokerInfo>;
    readonly topics: ReadonlyMap<string, TopicInfo>;
    readonly topicErrors: ReadonlyMap<string, number>;
  }) {
    this.clusterId = parts.clusterId;
    this.controllerId = parts.controllerId;
    this.brokers = parts.brokers;
    this.topics = parts.topics;
    this.topicErrors = parts.topicErrors;
    this.#namesById = new Map(
      [...parts.topics.values()].map((topic) => [topic.topicId, topic.name]),
    );
  }

  static readonly empty: ClusterMetadata = new ClusterMetadata({
    clusterId: null,
    controllerId: -1,
    brokers: new Map(),
    topics: new Map(),
    topicErrors: new Map(),
  });

  partition(topic: string, partition: number): PartitionInfo | null {
    return this.topics.get(topic)?.partitions[partition] ?? null;
  }

  topicNameOf(topicId: string): string | null {
    return this.#namesById.get(topicId) ?? null;
  }

  /**
   * The next picture. Brokers may answer with older news than is known already: a partition whose leader epoch would
   * go back keeps what it has (KIP-320), unless the topic was made anew.
   */
  next(response: MetadataResponse): ClusterMetadata {
    const topics = new Map<string, TopicInfo>();
    const topicErrors = new Map<string, number>();
    for (const topic of response.topics) {
      if (topic.name === null) continue;
      if (topic.errorCode !== 0) topicErrors.set(topic.name, topic.errorCode);
      else topics.set(topic.name, topicOf(topic.name, topic, this.topics.get(topic.name)));
    }
    return new ClusterMetadata({
      clusterId: response.clusterId,
      controllerId: response.controllerId,
      brokers: new Map(
        response.brokers.map(({ nodeId, host, port, rack }) => [
          nodeId,
          { id: nodeId, host, port, rack },
        ]),
      ),
      topics,
      topicErrors,
    });
  }

  /** The next picture after a broker told, in an answer about data, who leads a partition now. */
  withLeader(
    topic: string,
    partition: number,
    leader: number,
    leaderEpoch: number,
  ): ClusterMetadata {
    const info = this.topics.get(topic);
    const known = info?.partitions[partition];
    if (info === undefined || known === undefined || leaderEpoch <= known.leaderEpoch) return this;
    if (!this.brokers.has(leader)) return this;
    const partitions = info.partitions.map((each) =>
      each === known ? { ...known, leader, leaderEpoch } : each,
    );
    return new ClusterMetadata({
      clusterId: this.clusterId,
      controllerId: this.controllerId,
      brokers: this.brokers,
      topics: new Map(this.topics).set(topic, { ...info, partitions }),
      topicErrors: this.topicErrors,
    });
  }
}

function topicOf(
  name: string,
  topic: MetadataResponseTopic,
  known: TopicInfo | undefined,
): TopicInfo {
  const isSame = known !== undefined && known.topicId === topic.topicId;
  const partitions: PartitionInfo[] = [];
  const inOrder = [...topic.partitions].sort((a, b) => a.partitionIndex - b.partitionIndex);
  for (const { partitionIndex, leaderId, leaderEpoch, replicaNodes, isrNodes } of inOrder) {
    // Numbers without a gap, or the list would not be an index.
    if (partitionIndex !== partitions.length) break;
    const before = isSame ? known.partitions[partitionIndex] : undefined;
    const isNews = before === undefined || leaderEpoch < 0 || leaderEpoch >= before.leaderEpoch;
    partitions.push(
      isNews
        ? {
            partition: partitionIndex,
            leader: leaderId,
            leaderEpoch,
            replicas: replicaNodes,
            isr: isrNodes,
          }
        : before,
    );
  }
  return { name, topicId: topic.topicId, isInternal: topic.isInternal, partitions };
}
