export { Admin } from './admin/admin.ts';
export type { KafkaAdmin, NewTopic, TopicDescription } from './admin/contract.ts';
export { createAdmin, type CreateAdminOptions } from './admin/create-admin.ts';
export type { RecordColumns } from './batch/record-columns.ts';
export type { RecordHeader } from './batch/record-header.ts';
export type { TokenFunction } from './connection/security/sasl-settings.ts';
export type { ConsumerGroupMetadata } from './consumer/consumer-group-metadata.ts';
export type { Consumer } from './consumer/consumer.ts';
export { createConsumer, type CreateConsumerOptions } from './consumer/create-consumer.ts';
export type {
  RebalanceListener,
  RecordConsumer,
  TopicPartition,
  TopicPartitionOffset,
} from './consumer/contract.ts';
export { ConfigError } from './errors/config-error.ts';
export { KafkaError } from './errors/kafka-error.ts';
export type { GroupProtocol, JoinedGroup } from './group/group-membership.ts';
export { WorkerGroup, type WorkerGroupOptions } from './group/worker-group.ts';
export { KafkaBasedLog, type KafkaBasedLogOptions } from './log/kafka-based-log.ts';
export type { LogRecord } from './log/log-reader.ts';
export { type KafkaLogger, silentLogger } from './logger.ts';
export type { ClientMetric } from './metrics/client-metric.ts';
export type {
  ColumnProducer,
  DeliveryReport,
  OutgoingColumns,
  OutgoingRecord,
  RecordProducer,
  TransactionalProducer,
} from './producer/contract.ts';
export { createProducer, Producer, type ProducerOptions } from './producer/producer.ts';
export { TransactionError, type TransactionRemedy } from './transactions/transaction-error.ts';
