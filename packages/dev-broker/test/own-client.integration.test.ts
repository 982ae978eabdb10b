import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createAdmin,
  createConsumer,
  createProducer,
  type RebalanceListener,
  silentLogger,
} from '@sluice/kafka';
import { withBroker } from './with-broker.ts';

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
const RECORDS = 500;
const TOPIC = 'own';

type Consumer = ReturnType<typeof createConsumer>;
type Props = Readonly<Record<string, string>>;

const NO_LISTENER: RebalanceListener = {
  onPartitionsAssigned: () => undefined,
  onPartitionsRevoked: () => undefined,
  onPartitionsLost: () => undefined,
};

/** Produces `RECORDS` values, tokens 0 and up, and waits until all are acknowledged. */
async function produce(props: Props, codec: string): Promise<void> {
  let acknowledged = 0;
  await using producer = createProducer(
    { ...props, 'compression.type': codec },
    {
      logger: silentLogger,
      onDelivery: (report) => {
        assert.equal(report.error, null);
        acknowledged += report.tokens.length;
      },
    },
  );
  await producer.prepare([TOPIC]);
  for (let token = 0; token < RECORDS; token++) {
    if (!producer.hasRoom) await producer.room();
    const key = Buffer.from(`${token}`);
    const value = Buffer.from(`${codec} ${token}`);
    const headers = [{ key: 'h', value: Buffer.from(codec) }];
    const record = { topic: TOPIC, partition: null, key, value, headers, timestamp: null, token };
    producer.append(record);
  }
  await producer.flush();
  assert.equal(acknowledged, RECORDS);
}

/** Polls until so many values have come, or nothing does any more. */
async function poll(consumer: Consumer, count: number, values: Set<string>): Promise<void> {
  const deadlineMs = performance.now() + 20_000;
  while (values.size < count && performance.now() < deadlineMs) {
    for (const columns of await consumer.poll(200)) {
      for (let i = 0; i < columns.count; i++) values.add(columns.value(i)?.toString() ?? '');
    }
  }
}

test('our own client produces with every codec, and a group of two shares what is there', () =>
  withBroker(
    async ({ broker, complaints }) => {
      const props = { 'bootstrap.servers': broker.bootstrapServers };
      await using admin = createAdmin(props, { logger: silentLogger });
      const topic = { name: TOPIC, partitions: 2, replicationFactor: -1, configs: {} };
      assert.deepEqual([...(await admin.createTopics([topic]))], [TOPIC]);
      for (const codec of CODECS) await produce(props, codec);
      const group = { ...props, 'group.id': 'g', 'auto.offset.reset': 'earliest' };
      const options = { logger: silentLogger };
      await using one = createConsumer({ ...group, 'enable.auto.commit': 'false' }, options);
      await using two = createConsumer({ ...group, 'enable.auto.commit': 'false' }, options);
      for (const consumer of [one, two]) consumer.subscribe([TOPIC], NO_LISTENER);
      const values = new Set<string>();
      const total = CODECS.length * RECORDS;
      await Promise.all([poll(one, total, values), poll(two, total, values)]);
      assert.equal(values.size, total);
      assert.equal(one.assignment().length + two.assignment().length, 2);
      for (const consumer of [one, two]) {
        const ends = await consumer.endOffsets(consumer.assignment());
        await consumer.commit(ends);
      }
      const committed = await admin.listGroupOffsets('g');
      assert.equal(
        committed.reduce((sum, { offset }) => sum + offset, 0),
        total,
      );
      assert.deepEqual(complaints, []);
    },
    { 'num.partitions': '2' },
  ));
