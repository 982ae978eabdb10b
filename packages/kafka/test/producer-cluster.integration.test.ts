import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createAdmin, createProducer, type DeliveryReport, silentLogger } from '@sluice/kafka';
import {
  type KafkaCluster,
  type KafkaNode,
  skipReason,
  startKafka,
  waitUntil,
} from '@sluice/testing';
import { parseAdminConfig } from '../src/admin/admin-config.ts';
import { systemClock } from '../src/clock.ts';
import { Cluster } from '../src/cluster/cluster.ts';
import { Coordinators } from '../src/cluster/coordinators.ts';
import { readTopic } from './producer-read-back.ts';
import { committedValues } from './transaction-reading.ts';

const skip = await skipReason('kafka', 'producer on three brokers');
const PARTITIONS = 3;
const WAIT = { timeoutMs: 60_000 };
/** A broker's death is noticed after its session, and the machine may be busy. */
const WAIT_LONG = { timeout: 180_000 };

/**
 * Leaders and the transaction coordinator move in the middle of things, because their broker dies.
 * That they moved is asserted.
 */
describe('producers on three brokers, one of which dies', { skip }, () => {
  let kafka: KafkaCluster;
  let cluster: Cluster;
  before(async () => {
    kafka = await startKafka({ nodes: 3 });
    const { client: config } = parseAdminConfig(
      { 'bootstrap.servers': kafka.bootstrapServers },
      silentLogger,
    );
    const rest = { clock: systemClock, random: Math.random, isCreatingTopics: false };
    cluster = new Cluster({ config, logger: silentLogger, ...rest });
  });
  after(async () => {
    cluster[Symbol.dispose]();
    await kafka[Symbol.asyncDispose]();
  });

  async function makeTopic(name: string): Promise<void> {
    const properties = { 'bootstrap.servers': kafka.bootstrapServers };
    await using admin = createAdmin(properties, { logger: silentLogger });
    await admin.createTopics([{ name, partitions: PARTITIONS, replicationFactor: 3, configs: {} }]);
    cluster.want([name]);
    await waitUntil(`leaders of ${name}`, async () => (await leaders(name)).every((id) => id >= 0));
  }

  async function leaders(topic: string): Promise<readonly number[]> {
    await cluster.refresh();
    const partitions = cluster.metadata.topics.get(topic)?.partitions ?? [];
    return Array.from({ length: PARTITIONS }, (_, i) => partitions[i]?.leader ?? -1);
  }

  async function coordinatorOf(transactionalId: string): Promise<KafkaNode | undefined> {
    const connection = await new Coordinators(cluster).connection('transaction', transactionalId);
    return kafka.nodes.find((node) => node.port === connection.address.port);
  }

  test('idempotent: 0 lost, 0 doubled, 0 reordered while leaders move', WAIT_LONG, async () => {
    const topic = 'moving';
    await makeTopic(topic);
    const reports: DeliveryReport[] = [];
    await using producer = createProducer(
      { 'bootstrap.servers': kafka.bootstrapServers, 'batch.size': '1000', 'linger.ms': '1' },
      { logger: silentLogger, onDelivery: (report) => reports.push(report) },
    );
    await producer.prepare([topic]);
    let next = 0;
    const add = (count: number): void => {
      for (const end = next + count; next < end; next++) {
        const value = Buffer.from(`${next}`);
        const rest = { partition: next % PARTITIONS, key: null, headers: [], timestamp: null };
        producer.append({ topic, value, token: next, ...rest });
      }
    };
    add(600);
    await producer.flush();
    const first = await leaders(topic);
    const dying = kafka.nodes.find((node) => node.id === first[0]);
    assert.ok(dying !== undefined);
    add(600);
    await dying.kill();
    add(600);
    await producer.flush();
    const second = await leaders(topic);
    assert.notEqual(second[0], first[0], 'the leader moved');
    await kafka.start();
    add(600);
    await producer.flush();
    assert.ok(reports.every(({ error }) => error === null));
    const records = await readTopic(kafka.bootstrapServers, topic);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      assert.deepEqual(
        records.filter((each) => each.partition === partition).map(({ value }) => Number(value)),
        Array.from({ length: 800 }, (_, i) => i * PARTITIONS + partition),
      );
    }
  });

  test('a transaction is committed by the next coordinator, whole', WAIT_LONG, async () => {
    const topic = 'moving-transactions';
    await makeTopic(topic);
    await using producer = createProducer(
      { 'bootstrap.servers': kafka.bootstrapServers, 'transactional.id': topic },
      { logger: silentLogger },
    );
    await producer.initTransactions();
    await producer.prepare([topic]);
    const add = (text: string): void => {
      for (let partition = 0; partition < PARTITIONS; partition++) {
        const value = Buffer.from(text);
        const rest = { key: null, headers: [], timestamp: null, token: 0 };
        producer.append({ topic, partition, value, ...rest });
      }
    };
    producer.beginTransaction();
    add('first');
    await producer.flush();
    const dying = await coordinatorOf(topic);
    assert.ok(dying !== undefined);
    await dying.kill();
    add('second');
    await producer.commitTransaction();
    producer.beginTransaction();
    add('aborted');
    await producer.abortTransaction();
    const next = await waitUntil('the next coordinator', () => coordinatorOf(topic), WAIT);
    assert.notEqual(next.id, dying.id, 'the coordinator moved');
    await kafka.start();
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const values = await committedValues(kafka.bootstrapServers, topic, partition);
      assert.deepEqual(values, ['first', 'second']);
    }
  });
});
