import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  createAdmin,
  createProducer,
  type DeliveryReport,
  type OutgoingRecord,
  silentLogger,
} from '@sluice/kafka';
import { COMPRESSION_TYPES } from '@sluice/kafka/batch';
import { type KafkaCluster, kafkaTool, skipReason, startKafka } from '@sluice/testing';
import { type ReadRecord, readTopic } from './producer-read-back.ts';

const skip = await skipReason('kafka', 'producer on Apache Kafka');

describe('producer on Apache Kafka 4.3.1', { skip }, () => {
  let kafka: KafkaCluster;
  before(async () => {
    kafka = await startKafka();
  });
  after(async () => {
    await kafka[Symbol.asyncDispose]();
  });

  async function makeTopic(name: string, configs: Record<string, string> = {}, partitions = 1) {
    await using admin = createAdmin(
      { 'bootstrap.servers': kafka.bootstrapServers },
      { logger: silentLogger },
    );
    await admin.createTopics([{ name, partitions, replicationFactor: 1, configs }]);
  }

  for (const compression of COMPRESSION_TYPES) {
    test(`what is sent with ${compression} is in the log and read by Java`, async () => {
      const topic = `codec-${compression}`;
      await makeTopic(topic);
      const large = 'large '.repeat(170_000);
      const records = [
        aRecord(topic, 0, { key: 'k', value: 'first', headers: true }),
        aRecord(topic, 1, { key: null, value: 'no key' }),
        aRecord(topic, 2, { key: 'tombstone', value: null }),
        aRecord(topic, 3, { key: '', value: '' }),
        aRecord(topic, 4, { key: 'large', value: large }),
      ];
      const settings = { 'compression.type': compression, 'max.request.size': '2000000' };
      const reports = await produce(kafka.bootstrapServers, settings, records);
      assert.deepEqual(
        reports.flatMap((r) => r.tokens),
        [0, 1, 2, 3, 4],
      );

      const read = await readTopic(kafka.bootstrapServers, topic);
      assert.deepEqual(
        read.map((r) => [r.offset, r.key, r.value]),
        [
          [0, 'k', 'first'],
          [1, null, 'no key'],
          [2, 'tombstone', null],
          [3, '', ''],
          [4, 'large', large],
        ],
      );
      assert.ok(
        read.every((r) => r.compression === compression && r.timestamp === 1_700_000_000_000),
      );
      assert.deepEqual(
        read[0]?.headers.map((h) => [h.key, h.value && Buffer.from(h.value).toString()]),
        [
          ['a', '1'],
          ['b', null],
          ['a', '2'],
          ['', ''],
        ],
      );
      const java = await javaReads(kafka.bootstrapServers, topic, 5);
      assert.deepEqual(java, ['k:first', 'null:no key', 'tombstone:null', ':', `large:${large}`]);
    });

    test(`what Java's producer wrote with ${compression} is read`, async () => {
      const topic = `java-${compression}`;
      await makeTopic(topic);
      const lines = Array.from({ length: 500 }, (_, i) => `k${i}:value ${i} ${'x'.repeat(i)}`);
      const result = await kafkaTool(
        'ConsoleProducer',
        [
          '--bootstrap-server',
          kafka.bootstrapServers,
          '--topic',
          topic,
          '--compression-codec',
          compression,
          '--reader-property',
          'parse.key=true',
          '--reader-property',
          'key.separator=:',
        ],
        { input: `${lines.join('\n')}\n` },
      );
      assert.equal(result.code, 0, result.stderr);
      const read = await readTopic(kafka.bootstrapServers, topic);
      assert.deepEqual(
        read.map((r) => `${r.key}:${r.value}`),
        lines,
      );
      assert.ok(read.every((r) => r.compression === compression));
    });
  }

  test('LogAppendTime of the topic is in the report and in the records', async () => {
    await makeTopic('append-time', { 'message.timestamp.type': 'LogAppendTime' });
    const [report] = await produce(kafka.bootstrapServers, {}, [aRecord('append-time', 0, {})]);
    const [record] = await readTopic(kafka.bootstrapServers, 'append-time');
    assert.equal(record?.timestampType, 'LogAppendTime');
    assert.equal(record?.timestamp, report?.logAppendTimeMs);
    assert.ok((report?.logAppendTimeMs ?? 0) > 1_700_000_000_000);
  });

  test('keys go to the partitions that Java chooses', async () => {
    await makeTopic('ours', {}, 7);
    await makeTopic('javas', {}, 7);
    const keys = Array.from({ length: 200 }, (_, i) => `key-${i}-${'é'.repeat(i % 5)}`);
    await produce(
      kafka.bootstrapServers,
      {},
      keys.map((key, i) => aRecord('ours', i, { key })),
    );
    await kafkaTool(
      'ConsoleProducer',
      [
        '--bootstrap-server',
        kafka.bootstrapServers,
        '--topic',
        'javas',
        '--reader-property',
        'parse.key=true',
        '--reader-property',
        'key.separator=:',
      ],
      { input: `${keys.map((key) => `${key}:v`).join('\n')}\n` },
    );
    const places = async (topic: string): Promise<ReadonlyMap<string | null, number>> =>
      new Map((await readTopic(kafka.bootstrapServers, topic)).map((r) => [r.key, r.partition]));
    assert.deepEqual(await places('ours'), await places('javas'));
  });

  test('a batch that the topic finds too large is split, a single record is reported', async () => {
    await makeTopic('small', { 'max.message.bytes': '3000' });
    const records = Array.from({ length: 60 }, (_, i) =>
      aRecord('small', i, { value: 'v'.repeat(200) }),
    );
    const reports = await produce(kafka.bootstrapServers, { 'linger.ms': '50' }, records);
    assert.ok(reports.length > 1, 'it was split');
    assert.ok(reports.every((r) => r.error === null));
    assertOrder(await readTopic(kafka.bootstrapServers, 'small'), 60);
    const tooLarge = [aRecord('small', 0, { value: 'v'.repeat(4000) })];
    const [report] = await produce(kafka.bootstrapServers, {}, tooLarge);
    assert.equal(report?.error?.code, 'MESSAGE_TOO_LARGE');
    assert.equal(report?.error?.isRetriable, false);
  });

  test('a failed batch does not stop what comes behind it', async () => {
    await makeTopic('mixed', { 'max.message.bytes': '3000' });
    await using producer = createProducer(
      { 'bootstrap.servers': kafka.bootstrapServers, 'batch.size': '0' },
      { logger: silentLogger },
    );
    await producer.prepare(['mixed']);
    for (let i = 0; i < 30; i++) {
      producer.append(aRecord('mixed', i, { value: i % 10 === 3 ? 'v'.repeat(4000) : `${i}` }));
    }
    await producer.flush();
    const read = await readTopic(kafka.bootstrapServers, 'mixed');
    const expected = Array.from({ length: 30 }, (_, i) => `${i}`).filter((_, i) => i % 10 !== 3);
    assert.deepEqual(
      read.map((r) => r.value),
      expected,
    );
  });

  for (const acks of ['0', '1', 'all']) {
    test(`acks=${acks} delivers and reports as it says`, async () => {
      const topic = `acks-${acks}`;
      await makeTopic(topic);
      const records = Array.from({ length: 100 }, (_, i) => aRecord(topic, i, {}));
      const reports = await produce(kafka.bootstrapServers, { acks }, records);
      assert.equal(reports.flatMap((r) => r.tokens).length, 100);
      assert.ok(reports.every((r) => (acks === '0') === (r.baseOffset === -1)));
      assertOrder(await readTopic(kafka.bootstrapServers, topic), 100);
    });
  }

  test('a topic that may not be created is refused when it is prepared', async () => {
    await using producer = createProducer(
      { 'bootstrap.servers': kafka.bootstrapServers, 'max.block.ms': '2000' },
      { logger: silentLogger },
    );
    await assert.rejects(producer.prepare(['no/such/name']), { code: 'INVALID_TOPIC_EXCEPTION' });
  });

  test('buffer.memory bounds what is held, and room comes back', async () => {
    await makeTopic('bounded');
    const limit = 200_000;
    await using producer = createProducer(
      { 'bootstrap.servers': kafka.bootstrapServers, 'buffer.memory': `${limit}` },
      { logger: silentLogger },
    );
    await producer.prepare(['bounded']);
    let waits = 0;
    for (let i = 0; i < 5000; i++) {
      if (!producer.hasRoom) {
        waits++;
        await producer.room();
      }
      producer.append(aRecord('bounded', i, { value: `${i}`.padStart(300) }));
    }
    await producer.flush();
    assert.ok(waits > 3, `${waits} waits`);
    assertOrder(await readTopic(kafka.bootstrapServers, 'bounded'), 5000);
  });
});

async function produce(
  servers: string,
  settings: Readonly<Record<string, string>>,
  records: readonly OutgoingRecord[],
): Promise<readonly DeliveryReport[]> {
  const reports: DeliveryReport[] = [];
  await using producer = createProducer(
    { 'bootstrap.servers': servers, ...settings },
    { logger: silentLogger, onDelivery: (report) => reports.push(report) },
  );
  await producer.prepare(new Set(records.map((record) => record.topic)));
  for (const record of records) producer.append(record);
  await producer.flush();
  return reports;
}

function aRecord(
  topic: string,
  token: number,
  part: {
    readonly key?: string | null;
    readonly value?: string | null;
    readonly headers?: boolean;
  },
): OutgoingRecord {
  const bytes = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text));
  const headers = [
    { key: 'a', value: Buffer.from('1') },
    { key: 'b', value: null },
    { key: 'a', value: Buffer.from('2') },
    { key: '', value: Buffer.alloc(0) },
  ];
  return {
    topic,
    partition: null,
    key: bytes(part.key ?? null),
    value: bytes(part.value === undefined ? `v${token}` : part.value),
    headers: part.headers === true ? headers : [],
    timestamp: 1_700_000_000_000,
    token,
  };
}

async function javaReads(servers: string, topic: string, count: number): Promise<string[]> {
  const args = ['--bootstrap-server', servers, '--topic', topic, '--from-beginning'];
  const properties = ['print.key=true', 'key.separator=:', 'null.literal=null'];
  const result = await kafkaTool('ConsoleConsumer', [
    ...args,
    '--max-messages',
    `${count}`,
    '--timeout-ms',
    '20000',
    ...properties.flatMap((property) => ['--formatter-property', property]),
  ]);
  return result.stdout.replace(/\n$/, '').split('\n');
}

function assertOrder(read: readonly ReadRecord[], count: number): void {
  assert.equal(read.length, count);
  assert.deepEqual(
    read.map((r) => r.offset),
    Array.from({ length: count }, (_, i) => i),
  );
}
