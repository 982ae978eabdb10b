import type { TopicPartition, TopicPartitionOffset } from '../consumer/contract.ts';

/** A topic to create; -1 takes the broker's default. */
export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, string>>;
}

/** What a topic looks like. */
export interface TopicDescription {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: readonly {
    readonly partition: number;
    readonly leader: number;
    readonly replicas: readonly number[];
    readonly isr: readonly number[];
  }[];
}

/** Who the brokers are. */
export interface ClusterDescription {
  readonly clusterId: string;
  readonly controllerId: number;
  readonly nodes: readonly { readonly id: number; readonly host: string; readonly port: number }[];
}

/** What the worker needs of an admin client. `Admin` implements it. Errors of one topic are data, not exceptions, where many are asked. */
export interface KafkaAdmin extends AsyncDisposable {
  describeCluster(signal?: AbortSignal): Promise<ClusterDescription>;
  /** Resolves to the names really created; a topic that exists is not an error and not in the answer. */
  createTopics(topics: readonly NewTopic[]): Promise<ReadonlySet<string>>;
  deleteTopics(names: readonly string[]): Promise<void>;
  /** Topics that do not exist are missing from the answer. */
  describeTopics(names: readonly string[]): Promise<ReadonlyMap<string, TopicDescription>>;
  listTopics(): Promise<readonly string[]>;
  describeTopicConfigs(
    names: readonly string[],
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, string | null>>>;
  listGroupOffsets(group: string): Promise<readonly TopicPartitionOffset[]>;
  alterGroupOffsets(group: string, offsets: readonly TopicPartitionOffset[]): Promise<void>;
  deleteGroupOffsets(group: string, partitions: readonly TopicPartition[]): Promise<void>;
  deleteGroup(group: string): Promise<void>;
  close(): Promise<void>;
}
