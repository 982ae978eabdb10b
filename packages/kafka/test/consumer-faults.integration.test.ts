// Goal: what breaks under a consumer in life does not lose, double or reorder records. Method: Apache Kafka with one and with
// three nodes, stopped, killed and frozen while a consumer reads what a producer goes on writing; a checker looks at each partition.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type KafkaCluster, kafkaTool, skipReason, startKafka, waitUntil } from '@sluice/testing';
import { createAdmin } from '../src/admin/create-admin.ts';
import type { Consumer } from '../src/consumer/consumer.ts';
import { silentLogger } from '../src/logger.ts';
import {
  makeTopic,
  noListener,
  numbered,
  produce,
  readValues,
  testConsumer,
  valuesOf,
} from './consuming.ts';

const QUICK = { 'retry.backoff.ms': '50', 'reconnect.backoff.ms': '50' };

/** Reads on its own until stopped; each value once, in the order of its partition. */
class Checker {
  readonly seen = new Map<number, (string | null)[]>();
  readonly errors: Error[] = [];
  readonly #consumer: Consumer;
  readonly #running: Promise<void>;
  #isEnding = false;

  constructor(consumer: Consumer) {
    this.#consumer = consumer;
    this.#running = this.#run();
  }

  get count(): number {
    return [...this.seen.values()].reduce((sum, values) => sum + values.length, 0);
  }

  /** `perPartition` values in each partition, in order. */
  check(partitions: number, perPartition: number, prefix: string): void {
    for (let partition = 0; partition < partitions; partition++) {
      const expected = Array.from({ length: perPartition }, (_, i) => `${prefix}${i}`);
      assert.deepEqual(this.seen.get(partition), expected);
    }
    assert.deepEqual(this.errors, []);
  }

  async stop(): Promise<void> {
    this.#isEnding = true;
    this.#consumer.wakeup();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isEnding) {
      try {
        for (const columns of await this.#consumer.poll(200)) {
          const values = this.seen.get(columns.partition) ?? [];
          values.push(...valuesOf(columns));
          this.seen.set(columns.partition, values);
        }
      } catch (error) {
        this.errors.push(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }
}

const PARTITIONS = 4;
const allOf = (topic: string) =>
  Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition }));

async function writeRounds(
  servers: string,
  topic: string,
  from: number,
  to: number,
  perRound = 20,
): Promise<void> {
  for (let round = from; round < to; round++) {
    const records = allOf(topic).flatMap(({ partition }) =>
      Array.from({ length: perRound }, (_, i) => ({
        value: `v${round * perRound + i}`,
        partition,
      })),
    );
    await produce(servers, topic, records, QUICK);
  }
}

const skip = await skipReason('kafka', 'consumer faults');

describe('a consumer on one node', { skip }, () => {
  let kafka: KafkaCluster;
  let servers = '';
  before(async () => {
    kafka = await startKafka();
    servers = kafka.bootstrapServers;
  });
  after(() => kafka[Symbol.asyncDispose]());

  for (const how of ['stop', 'kill'] as const) {
    test(`goes on after the broker was ${how === 'stop' ? 'restarted' : 'killed and started'}, with its group`, async () => {
      const topic = await makeTopic(servers, `after-${how}`, PARTITIONS);
      await using consumer = testConsumer(servers, { 'group.id': topic, ...QUICK });
      consumer.subscribe([topic], noListener);
      const checker = new Checker(consumer);
      await writeRounds(servers, topic, 0, 5);
      await waitUntil('the first records', () => checker.count === 5 * 20 * PARTITIONS);
      await consumer.commit(allOf(topic).map((each) => ({ ...each, offset: 100 })));
      await kafka[how]();
      await new Promise((resolve) => setTimeout(resolve, 500));
      await kafka.start();
      await writeRounds(servers, topic, 5, 10);
      await waitUntil('all records', () => checker.count >= 10 * 20 * PARTITIONS);
      await checker.stop();
      checker.check(PARTITIONS, 200, 'v');
      await consumer.commit(allOf(topic).map((each) => ({ ...each, offset: 200 })));
    });
  }

  test('reads a topic from its start after it was deleted and created again', async () => {
    const topic = await makeTopic(servers, 'recreated');
    await produce(servers, topic, numbered(10, 'old'));
    // Or the consumer's own questions would create it again.
    const properties = { 'allow.auto.create.topics': 'false', ...QUICK };
    await using consumer = testConsumer(servers, properties);
    consumer.assign([{ topic, partition: 0 }]);
    await readValues(consumer, 10);
    await using admin = createAdmin({ 'bootstrap.servers': servers }, { logger: silentLogger });
    await admin.deleteTopics([topic]);
    await waitUntil('the topic to be gone', async () => {
      await consumer.poll(50);
      return !(await admin.listTopics()).includes(topic);
    });
    await makeTopic(servers, topic);
    await produce(servers, topic, numbered(30, 'new'));
    assert.deepEqual(
      await readValues(consumer, 30),
      numbered(30, 'new').map(({ value }) => value),
    );
  });

  test('reads what Java’s console producer wrote, in every compression, with 1 MB records', async () => {
    for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
      const topic = await makeTopic(servers, `java-${codec}`);
      const lines = [...numbered(500, codec).map(({ value }) => value), 'x'.repeat(1_000_000)];
      const args = ['--bootstrap-server', servers, '--topic', topic, '--compression-codec', codec];
      const size = ['--command-property', 'max.request.size=2000000'];
      const { code, stderr } = await kafkaTool('ConsoleProducer', [...args, ...size], {
        input: `${lines.join('\n')}\n`,
      });
      assert.equal(code, 0, stderr);
      await using consumer = testConsumer(servers);
      consumer.assign([{ topic, partition: 0 }]);
      assert.deepEqual(await readValues(consumer, 501), lines);
    }
  });
});

describe('a consumer on three nodes', { skip }, () => {
  test('follows leaders and its coordinator while brokers are killed and frozen one after the other', async () => {
    await using kafka: KafkaCluster = await startKafka({
      nodes: 3,
      properties: {
        'default.replication.factor': '3',
        'min.insync.replicas': '2',
        'offsets.topic.replication.factor': '3',
        'broker.session.timeout.ms': '3000',
        'broker.heartbeat.interval.ms': '500',
        'replica.lag.time.max.ms': '4000',
      },
    });
    const servers = kafka.bootstrapServers;
    const topic = await makeTopic(servers, 'failover', PARTITIONS);
    await using consumer = testConsumer(servers, {
      'group.id': 'failover',
      'request.timeout.ms': '3000',
      ...QUICK,
    });
    consumer.subscribe([topic], noListener);
    const checker = new Checker(consumer);
    let round = 0;
    const faults = { killed: 0, frozen: 0 };
    // One of each kind: the third node stays.
    for (const node of kafka.nodes.slice(0, 2)) {
      await writeRounds(servers, topic, round, (round += 3));
      if (node.id % 2 === 1) {
        await node.kill();
        faults.killed++;
        await writeRounds(servers, topic, round, (round += 3));
        await node.start();
        await kafka.ready();
      } else {
        process.kill(node.pid ?? 0, 'SIGSTOP');
        faults.frozen++;
        await writeRounds(servers, topic, round, (round += 3));
        await new Promise((resolve) => setTimeout(resolve, 5000));
        process.kill(node.pid ?? 0, 'SIGCONT');
      }
      await waitUntil(
        'what was written to be read',
        () => checker.count >= round * 20 * PARTITIONS,
        {
          timeoutMs: 60_000,
        },
      );
    }
    await checker.stop();
    checker.check(PARTITIONS, round * 20, 'v');
    assert.ok(faults.killed > 0 && faults.frozen > 0);
    const offsets = allOf(topic).map((each) => ({ ...each, offset: round * 20 }));
    await consumer.commit(offsets);
    assert.deepEqual(
      (await consumer.committed(offsets)).map((each) => each?.offset),
      offsets.map(({ offset }) => offset),
    );
  });
});
