import { API_INFOS, type ApiInfo, type ApiName } from '@sluice/protocol';
import type { BoundHandler } from './api-handler.ts';
import type { AdvertisedApi } from './broker-services.ts';

/** Handlers and their codecs are loaded when an API is first asked for: a broker that idles has few. */
export type LoadHandler = () => Promise<BoundHandler>;

/** What this broker serves. */
const API_TABLE: Readonly<Partial<Record<ApiName, LoadHandler>>> = {
  Produce: async () => (await import('./produce.ts')).produce,
  Fetch: async () => (await import('./fetch.ts')).fetch,
  ListOffsets: async () => (await import('./list-offsets.ts')).listOffsets,
  Metadata: async () => (await import('./metadata.ts')).metadata,
  OffsetCommit: async () => (await import('./offset-commit.ts')).offsetCommit,
  OffsetFetch: async () => (await import('./offset-fetch.ts')).offsetFetch,
  FindCoordinator: async () => (await import('./find-coordinator.ts')).findCoordinator,
  JoinGroup: async () => (await import('./join-group.ts')).joinGroup,
  Heartbeat: async () => (await import('./heartbeat.ts')).heartbeat,
  LeaveGroup: async () => (await import('./leave-group.ts')).leaveGroup,
  SyncGroup: async () => (await import('./sync-group.ts')).syncGroup,
  DescribeGroups: async () => (await import('./describe-groups.ts')).describeGroups,
  ListGroups: async () => (await import('./list-groups.ts')).listGroups,
  ApiVersions: async () => (await import('./api-versions.ts')).apiVersions,
  CreateTopics: async () => (await import('./create-topics.ts')).createTopics,
  DeleteTopics: async () => (await import('./delete-topics.ts')).deleteTopics,
  DeleteRecords: async () => (await import('./delete-records.ts')).deleteRecords,
  InitProducerId: async () => (await import('./init-producer-id.ts')).initProducerId,
  OffsetForLeaderEpoch: async () =>
    (await import('./offset-for-leader-epoch.ts')).offsetForLeaderEpoch,
  AddPartitionsToTxn: async () => (await import('./add-partitions-to-txn.ts')).addPartitionsToTxn,
  AddOffsetsToTxn: async () => (await import('./add-offsets-to-txn.ts')).addOffsetsToTxn,
  EndTxn: async () => (await import('./end-txn.ts')).endTxn,
  TxnOffsetCommit: async () => (await import('./txn-offset-commit.ts')).txnOffsetCommit,
  DescribeAcls: async () => (await import('./describe-acls.ts')).describeAcls,
  CreateAcls: async () => (await import('./create-acls.ts')).createAcls,
  DeleteAcls: async () => (await import('./delete-acls.ts')).deleteAcls,
  AlterConfigs: async () => (await import('./alter-configs.ts')).alterConfigs,
  DescribeConfigs: async () => (await import('./describe-configs.ts')).describeConfigs,
  CreatePartitions: async () => (await import('./create-partitions.ts')).createPartitions,
  DeleteGroups: async () => (await import('./delete-groups.ts')).deleteGroups,
  IncrementalAlterConfigs: async () =>
    (await import('./incremental-alter-configs.ts')).incrementalAlterConfigs,
  OffsetDelete: async () => (await import('./offset-delete.ts')).offsetDelete,
  DescribeCluster: async () => (await import('./describe-cluster.ts')).describeCluster,
  DescribeProducers: async () => (await import('./describe-producers.ts')).describeProducers,
  DescribeTransactions: async () =>
    (await import('./describe-transactions.ts')).describeTransactions,
  ListTransactions: async () => (await import('./list-transactions.ts')).listTransactions,
  DescribeTopicPartitions: async () =>
    (await import('./describe-topic-partitions.ts')).describeTopicPartitions,
};

/**
 * The APIs in the order of their keys. Produce is advertised from version 0 although 0 to 2 are
 * refused when they come: librdkafka takes a range that begins later for a broker from before
 * Kafka 0.11, and falls back to message formats that nobody reads any more (KAFKA-18659).
 */
export function advertisedApis(): readonly AdvertisedApi[] {
  return Object.values(API_INFOS)
    .filter(isServed)
    .sort((a, b) => a.key - b.key)
    .map((info) => ({
      apiKey: info.key,
      minVersion: info.name === 'Produce' ? 0 : info.minVersion,
      maxVersion: maxVersionOf(info),
    }));
}

/**
 * Transactions are spoken in their first version: the newer versions of these belong to the second
 * (KIP-890), or are for brokers among themselves.
 */
const MAX_VERSIONS: Readonly<Partial<Record<ApiName, number>>> = {
  AddPartitionsToTxn: 3,
  EndTxn: 4,
  TxnOffsetCommit: 4,
};

/** The newest version of an API that is served. */
export function maxVersionOf(info: ApiInfo): number {
  return MAX_VERSIONS[info.name] ?? info.latestStableVersion;
}

/** The API of that key, if this broker serves it. */
export function servedApi(apiKey: number): { info: ApiInfo; load: LoadHandler } | null {
  const info = API_INFOS[apiKey];
  const load = info === undefined ? undefined : API_TABLE[info.name];
  return info === undefined || load === undefined ? null : { info, load };
}

function isServed(info: ApiInfo): boolean {
  return API_TABLE[info.name] !== undefined;
}
