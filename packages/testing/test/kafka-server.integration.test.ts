import {
  kafkaTool,
  makeTempDir,
  requireServer,
  startJavaConnectStandalone,
  startKafka,
  waitUntil,
} from '@sluice/testing';
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';

test('Apache Kafka keeps its port and its data over a kill and a restart', async (t) => {
  if (!(await requireServer(t, 'kafka'))) return;
  await using kafka = await startKafka({ properties: { 'num.partitions': '3' } });
  const server = ['--bootstrap-server', kafka.bootstrapServers];
  const made = await kafkaTool('TopicCommand', [...server, '--create', '--topic', 'kept']);
  assert.equal(made.code, 0, made.stdout + made.stderr);
  const before = kafka.bootstrapServers;
  await kafka.kill();
  await kafka.start();
  assert.equal(kafka.bootstrapServers, before);
  const told = await kafkaTool('TopicCommand', [...server, '--describe', '--topic', 'kept']);
  assert.match(told.stdout, /PartitionCount: 3/);
});

test("Java's Connect worker copies a file through Kafka into another one", async (t) => {
  if (!(await requireServer(t, 'java-connect'))) return;
  await using kafka = await startKafka();
  await using dir = await makeTempDir('java-connect-test');
  await writeFile(dir.join('in.txt'), 'one\ntwo\n');
  await using connect = await startJavaConnectStandalone({
    worker: {
      'bootstrap.servers': kafka.bootstrapServers,
      'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
      'offset.storage.file.filename': dir.join('offsets'),
    },
    connectors: [
      {
        name: 'in',
        'connector.class': 'FileStreamSource',
        file: dir.join('in.txt'),
        topic: 'lines',
      },
      {
        name: 'out',
        'connector.class': 'FileStreamSink',
        file: dir.join('out.txt'),
        topics: 'lines',
      },
    ],
  });
  const out = await waitUntil('two lines', async () => {
    const text = await readFile(dir.join('out.txt'), 'utf8');
    return text.split('\n').length > 2 ? text : null;
  });
  assert.equal(out, 'one\ntwo\n');
  await connect.stop();
  assert.ok((await readFile(dir.join('offsets'))).length > 0);
});
