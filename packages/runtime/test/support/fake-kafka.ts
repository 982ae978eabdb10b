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
  describeError: Error | null = null;
  /** Topics that somebody else creates between the look and the creation. */
  readonly racing = new Set<string>();
  /** What admins were asked for, in order. */
  readonly adminCalls: string[] = [];
  readonly adminConfigs: Props[] = [];
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

  createAdmin(config: Props): KafkaAdmin {
    const { topics, racing, adminCalls } = this;
    this.adminConfigs.push(config);
    const fail = async (): Promise<never> => {
      throw new Error('not a call of the data plane');
    };
    return {
      describeTopics: async (names) => {
        adminCalls.push(`describe ${[...names].join(' ')}`);
        if (this.describeError !== null) throw this.describeError;
        const found = new Map<string, TopicDescription>();
        for (const name of names) {
          if (topics.has(name)) found.set(name, { name, topicId: name, partitions: [] });
        }
        return found;
      },
      createTopics: async (created) => {
        adminCalls.push(`create ${created.map(({ name }) => name).join(' ')}`);
        if (this.createError !== null) throw this.createError;
        const ours = created.filter(({ name }) => !racing.has(name));
        for (const each of ours) topics.set(each.name, each);
        return new Set(ours.map(({ name }) => name));
      },
      describeCluster: fail,
      deleteTopics: fail,
      listTopics: fail,
      describeTopicConfigs: fail,
      listGroupOffsets: fail,
      alterGroupOffsets: fail,
      deleteGroupOffsets: fail,
      deleteGroup: fail,
      close: async () => {
        adminCalls.push('close');
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
}
