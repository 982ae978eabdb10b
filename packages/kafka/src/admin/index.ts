/** The admin client alone: a worker's main thread asks who the brokers are and needs no more of the client. */
export type { AclBinding, AclFilter, NewAcl } from './acl-admin.ts';
export type { Outcome, Outcomes } from './admin-calls.ts';
export { Admin } from './admin.ts';
export type { ConfigAlteration, ConfigEntry, ConfigResource } from './config-admin.ts';
export type { ClusterDescription, KafkaAdmin, NewTopic, TopicDescription } from './contract.ts';
export { createAdmin } from './create-admin.ts';
export type { ClusterFeatures, FeatureUpdate } from './feature-admin.ts';
export type { GroupFilter, GroupListing, MemberToRemove } from './group-admin.ts';
export type { GroupDescription, MemberDescription } from './group-description.ts';
export type {
  ActiveProducer,
  ListedOffset,
  OffsetQuestion,
  OffsetSpec,
} from './partition-admin.ts';
export type { CreatedTopic } from './topic-admin.ts';
export type {
  FencedProducer,
  TransactionDescription,
  TransactionFilter,
  TransactionListing,
} from './transaction-admin.ts';
export type { ScramChange, ScramCredential } from './user-admin.ts';
export { silentLogger } from '../logger.ts';
