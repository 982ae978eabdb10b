import { createAdmin, silentLogger, type KafkaAdmin } from '@sluice/kafka';
import { kcat, startKafka, type KafkaCluster, type KafkaOptions } from '@sluice/testing';

/**
 * Apache Kafka for the tests of one file, with what they do to topics:
 *
 * ```ts
 * const title = 'BlockingConnectorTest';
 * describe(title, { skip: await skipReason('kafka', title) }, () => {
 *   let broker: SharedBroker;
 *   before(async () => { broker = await SharedBroker.start(); });
 *   after(() => broker[Symbol.asyncDispose]());
 * ```
 */
export class SharedBroker implements AsyncDisposable {
  readonly kafka: KafkaCluster;
  readonly admin: KafkaAdmin;

  private constructor(kafka: KafkaCluster) {
    this.kafka = kafka;
    this.admin = createAdmin(
      { 'bootstrap.servers': kafka.bootstrapServers },
      { logger: silentLogger },
    );
  }

  /** As the Java tests do, topics are not created on first use unless asked for. */
  static async start(options: KafkaOptions = {}): Promise<SharedBroker> {
    const properties = { 'auto.create.topics.enable': 'false', ...options.properties };
    return new SharedBroker(await startKafka({ ...options, properties }));
  }

  get bootstrapServers(): string {
    return this.kafka.bootstrapServers;
  }

  async createTopic(name: string, partitions = 1): Promise<void> {
    await this.admin.createTopics([{ name, partitions, replicationFactor: 1, configs: {} }]);
  }

  /** The same on any other cluster. */
  static async createTopicOn(servers: string, name: string, partitions = 1): Promise<void> {
    await using admin = createAdmin({ 'bootstrap.servers': servers }, { logger: silentLogger });
    await admin.createTopics([{ name, partitions, replicationFactor: 1, configs: {} }]);
  }

  /** One record a text, by a client that is not ours; without keys. */
  async produce(topic: string, values: readonly string[], partition = 0): Promise<void> {
    const args = ['-b', this.bootstrapServers, '-P', '-t', topic, '-p', String(partition)];
    await kcat(args, values.map((value) => `${value}\n`).join(''));
  }

  /**
   * The values of all records that partition 0 holds when it is asked, read by a client that is not
   * ours; the topic may grow meanwhile.
   *
   * @throws Error when there is no such topic
   */
  async values(topic: string): Promise<readonly string[]> {
    const size = await this.endOffset(topic);
    if (size === 0) return [];
    const args = ['-b', this.bootstrapServers, '-C', '-q', '-t', topic, '-p', '0'];
    const text = await kcat([...args, '-o', 'beginning', '-c', String(size)]);
    return text.split('\n').slice(0, -1);
  }

  /** The offset of the next record of partition 0. @throws Error when there is no such topic */
  async endOffset(topic: string): Promise<number> {
    const text = await kcat(['-b', this.bootstrapServers, '-Q', '-t', `${topic}:0:-1`]);
    const found = /offset (\d+)/.exec(text);
    if (found === null) throw new Error(`kcat tells no end of ${topic}: ${text}`);
    return Number(found[1]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.admin.close();
    await this.kafka[Symbol.asyncDispose]();
  }
}
