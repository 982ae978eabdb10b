export type { RecordColumns } from './batch/record-columns.ts';
export type { RecordHeader } from './batch/record-header.ts';
export { ConfigError } from './errors/config-error.ts';
export { KafkaError } from './errors/kafka-error.ts';
export { type KafkaLogger, silentLogger } from './logger.ts';
export type { DeliveryReport, OutgoingRecord, RecordProducer } from './producer/contract.ts';
export { createProducer, Producer, type ProducerOptions } from './producer/producer.ts';
