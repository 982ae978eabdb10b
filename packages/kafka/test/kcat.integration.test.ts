// Interop with librdkafka, by kcat, on Apache Kafka: each reads what the other wrote, with every codec.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProducer, silentLogger } from '@sluice/kafka';
import { COMPRESSION_TYPES } from '@sluice/kafka/batch';
import { kcat, requireKcat, requireServer, startKafka } from '@sluice/testing';
import { readTopic } from './producer-read-back.ts';
import { makeTopic, noListener, readValues, testConsumer } from './consuming.ts';

const MEGABYTE = 1_000_000;

test('kcat and our clients read what the other wrote, with every codec', async (t) => {
  if (!(await requireServer(t, 'kafka')) || !requireKcat(t)) return;
  await using kafka = await startKafka({ properties: { 'message.max.bytes': '2000000' } });
  const servers = kafka.bootstrapServers;
  const at = ['-b', servers];
  const large = 'kcat'.repeat(MEGABYTE / 4);
  for (const codec of COMPRESSION_TYPES) {
    const topic = await makeTopic(servers, `ours-${codec}`, 1);
    await using producer = createProducer(
      { 'bootstrap.servers': servers, 'compression.type': codec, 'max.request.size': '2000000' },
      { logger: silentLogger, onDelivery: () => undefined },
    );
    await producer.prepare([topic]);
    const headers = [
      { key: 'h', value: Buffer.from('1') },
      { key: 'h', value: null },
      { key: 'h', value: Buffer.from('3') },
    ];
    const record = { topic, partition: 0, timestamp: null, headers: [] };
    const [key, value] = [Buffer.from('k'), Buffer.from('v')];
    producer.append({ ...record, key, value, headers, token: 0 });
    producer.append({ ...record, key: null, value: Buffer.from(large), token: 1 });
    producer.append({ ...record, key, value: null, token: 2 });
    await producer.flush();
    const read = await kcat([...at, '-t', topic, '-C', '-e', '-q', '-f', '%o %K %S %h\n']);
    assert.equal(read, `0 1 1 h=1,h=NULL,h=3\n1 -1 ${MEGABYTE} \n2 1 -1 \n`, codec);

    const theirs = await makeTopic(servers, `theirs-${codec}`, 1);
    const lines = Array.from({ length: 500 }, (_, i) => `k${i}\tline ${i} ünï`);
    const write = ['-t', theirs, '-P', '-z', codec, '-K', '\t', '-H', 'h=a', '-H', 'h=b'];
    write.push('-X', 'linger.ms=200');
    await kcat([...at, ...write], `${lines.join('\n')}\n`);
    await kcat([...at, '-t', theirs, '-P', '-Z', '-K', '\t'], 'gone\t\n');
    await using consumer = testConsumer(servers, { 'group.id': `kcat-${codec}` });
    consumer.subscribe([theirs], noListener);
    const values = await readValues(consumer, lines.length + 1);
    assert.deepEqual(values, [...lines.map((line) => line.split('\t')[1]), null]);
    const inLog = await readTopic(servers, theirs);
    const [first] = inLog;
    assert.equal(first?.key, 'k0');
    assert.deepEqual(
      first?.headers.map((header) => `${header.key}=${Buffer.from(header.value ?? []).toString()}`),
      ['h=a', 'h=b'],
    );
    // A batch that compression would not make smaller goes out as it is.
    assert.ok(inLog.some(({ compression }) => compression === codec));
  }
});
