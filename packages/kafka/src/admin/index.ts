/** The admin client alone: a worker's main thread asks who the brokers are and needs no more of the client. */
export { Admin } from './admin.ts';
export type { ClusterDescription, KafkaAdmin, NewTopic, TopicDescription } from './contract.ts';
export { createAdmin } from './create-admin.ts';
export { silentLogger } from '../logger.ts';
