export { Admin } from './admin/admin.ts';
export type { KafkaAdmin, NewTopic, TopicDescription } from './admin/contract.ts';
export { createAdmin } from './admin/create-admin.ts';
export type { RecordColumns } from './batch/record-columns.ts';
export type { RecordHeader } from './batch/record-header.ts';
export { createConsumer } from './consumer/create-consumer.ts';
export type {
  RebalanceListener,
  RecordConsumer,
  TopicPartition,
  TopicPartitionOffset,
} from './consumer/contract.ts';
export { ConfigError } from './errors/config-error.ts';
export { KafkaError } from './errors/kafka-error.ts';
export { type KafkaLogger, silentLogger } from './logger.ts';
export type { DeliveryReport, OutgoingRecord, RecordProducer } from './producer/contract.ts';
export { createProducer, Producer, type ProducerOptions } from './producer/producer.ts';
