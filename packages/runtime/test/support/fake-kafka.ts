import type { Props } from '@sluice/api';
import type { KafkaAdmin, NewTopic, TopicDescription } from '@sluice/kafka';
import type { KafkaClients } from '../../src/data-plane/kafka-clients.ts';
import { FakeConsumer } from './fake-consumer.ts';
import { FakeProducer } from './fake-producer.ts';

/** Clients in memory; the test finds each of them in the order they were made. */
export class FakeKafka implements KafkaClients {
  readonly producers: FakeProducer[] = [];
  readonly consumers: FakeConsumer[] = [];
  readonly topics = new Map<string, NewTopic | null>();
  createError: Error | null = null;
  /** Called with each producer before anybody uses it. */
  onProducer: (producer: FakeProducer) => void = () => undefined;
  onConsumer: (consumer: FakeConsumer) => void = () => undefined;

  createProducer(
    config: Props,
    options: Parameters<KafkaClients['createProducer']>[1],
  ): FakeProducer {
    const producer = new FakeProducer(config, options.onDelivery);
    this.producers.push(producer);
    this.onProducer(producer);
    return producer;
  }

  createConsumer(_config: Props): FakeConsumer {
    const consumer = new FakeConsumer();
    this.consumers.push(consumer);
    this.onConsumer(consumer);
    return consumer;
  }

  createAdmin(_config: Props): KafkaAdmin {
    const { topics } = this;
    const fail = async (): Promise<never> => {
      throw new Error('not a call of the data plane');
    };
    return {
      describeTopics: async (names) => {
        const found = new Map<string, TopicDescription>();
        for (const name of names) {
          if (topics.has(name)) found.set(name, { name, topicId: name, partitions: [] });
        }
        return found;
      },
      createTopics: async (created) => {
        if (this.createError !== null) throw this.createError;
        for (const each of created) topics.set(each.name, each);
        return new Set(created.map((each) => each.name));
      },
      describeCluster: fail,
      deleteTopics: fail,
      listTopics: fail,
      describeTopicConfigs: fail,
      listGroupOffsets: fail,
      alterGroupOffsets: fail,
      deleteGroupOffsets: fail,
      deleteGroup: fail,
      close: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
}
