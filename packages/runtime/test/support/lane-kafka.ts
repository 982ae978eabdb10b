/**
 * Kafka clients for lanes under test: a producer that acknowledges everything in the next turn, a
 * consumer with one partition of numbered records. Loaded inside worker threads.
 */
import type { Props } from '@sluice/api';
import type { KafkaClients } from '../../src/data-plane/kafka-clients.ts';
import { FakeConsumer } from './fake-consumer.ts';
import { FakeKafka } from './fake-kafka.ts';

const kafka = new FakeKafka();

export function createProducer(
  config: Props,
  options: Parameters<KafkaClients['createProducer']>[1],
): ReturnType<KafkaClients['createProducer']> {
  return kafka.createProducer(config, options);
}

export function createConsumer(config: Props): FakeConsumer {
  const consumer = new FakeConsumer();
  const count = Number(config['records'] ?? '3');
  const topic = config['topic'] ?? 'orders';
  consumer.log(
    topic,
    0,
    Array.from({ length: count }, (_, index) => ({ value: `record ${index}` })),
  );
  consumer.assignLater([{ topic, partition: 0 }]);
  return consumer;
}

export function createAdmin(config: Props): ReturnType<KafkaClients['createAdmin']> {
  return kafka.createAdmin(config);
}
