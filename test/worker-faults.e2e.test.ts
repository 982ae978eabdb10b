// Goal: what befalls a worker from outside (full disks, no descriptors, bad clients, bad records, slow sinks) costs what it must and
// nothing else. One worker and one broker for all: the heartbeat, a source of its own, must go on through each of them.
import { createAdmin, silentLogger } from '@sluice/kafka';
import { RestClient } from '@sluice/rest/client';
import {
  freePort,
  makeTempDir,
  propertiesText,
  skipReason,
  startKafka,
  waitUntil,
  type KafkaCluster,
  type OwnedProcess,
  type TempDir,
} from '@sluice/testing';
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  consumeValues,
  produceValues,
  startWithDescriptors,
  taskIs,
} from './support/faulty-worker.ts';
import { writeLedgerPlugins } from './support/ledger/ledger-pipeline.ts';
import { POISON_CASES } from './support/poison.ts';
import { readSample } from './support/soak/worker-samples.ts';

const TITLE = 'faults of one worker';
const WAIT_MS = 60_000;
const DESCRIPTORS = 256;
const TEXT = 'org.apache.kafka.connect.storage.StringConverter';
const SCHEMALESS = {
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter.schemas.enable': 'false',
};
const MIB = 1024 * 1024;

type Props = Record<string, string>;

describe(TITLE, { skip: await skipReason('kafka', TITLE) }, () => {
  let kafka: KafkaCluster;
  let dir: TempDir;
  let worker: OwnedProcess;
  let client: RestClient;
  let port: number;

  before(async () => {
    dir = await makeTempDir('faults');
    kafka = await startKafka({ properties: { 'group.min.session.timeout.ms': '500' } });
    await writeLedgerPlugins(dir.join('plugins', 'ledger'));
    port = await freePort();
    const props = {
      'bootstrap.servers': kafka.bootstrapServers,
      'key.converter': TEXT,
      'value.converter': TEXT,
      'plugin.path': dir.join('plugins'),
      'offset.storage.file.filename': dir.join('offsets'),
      'offset.flush.interval.ms': '200',
      listeners: `http://127.0.0.1:${port}`,
    };
    await writeFile(dir.join('worker.properties'), propertiesText(props));
    worker = await startWithDescriptors(DESCRIPTORS, dir.join('worker.properties'));
    client = new RestClient({ baseUrl: `http://127.0.0.1:${port}` });
    await waitUntil('REST to answer', () => client.connectors(), { timeoutMs: WAIT_MS });
    await create({
      name: 'heartbeat',
      'connector.class': 'io.sluice.test.LedgerSource',
      topic: 'heartbeat',
      parts: '0',
      ledger: dir.join('heartbeat'),
    });
    await taskIs(client, 'heartbeat', 'RUNNING');
  });
  after(async () => {
    await worker?.kill();
    await kafka?.[Symbol.asyncDispose]();
    await dir?.[Symbol.asyncDispose]();
  });

  async function create(config: Props): Promise<void> {
    await client.putConnectorConfig(config['name'] ?? '', config);
  }

  /** The number up to which the heartbeat's offsets are in the file; -1 before the first. */
  async function stored(): Promise<number> {
    const text = await readFile(dir.join('offsets'), 'latin1').catch(() => '');
    return Number(/\{"seq":(\d+)\}/.exec(text)?.[1] ?? -1);
  }

  async function heartbeatGoesOn(): Promise<void> {
    const from = await stored();
    await waitUntil('newer offsets of the heartbeat', async () => (await stored()) > from, {
      timeoutMs: WAIT_MS,
      onTimeout: () => worker.outputTail(),
    });
    await taskIs(client, 'heartbeat', 'RUNNING');
  }

  async function groupOffset(name: string): Promise<number> {
    const config = { 'bootstrap.servers': kafka.bootstrapServers };
    await using admin = createAdmin(config, { logger: silentLogger });
    const [first] = await admin.listGroupOffsets(`connect-${name}`);
    return first?.offset ?? 0;
  }

  test('F21 offsets on a full disk: the old ones stay readable, and it goes on when there is room', async () => {
    await heartbeatGoesOn();
    // Whoever writes to this device is told that there is no space left on it.
    await symlink('/dev/full', dir.join('offsets.next'));
    const failures = (): number => worker.output.split('Failed to flush offsets to storage').length;
    const before = failures();
    await waitUntil('a commit to fail', () => failures() > before, { timeoutMs: WAIT_MS });
    assert.match(worker.output, /Offsets could not be written to .*ENOSPC/);
    const old = await readFile(dir.join('offsets'));
    await waitUntil('two more to fail', () => failures() > before + 2, { timeoutMs: WAIT_MS });
    assert.ok((await readFile(dir.join('offsets'))).equals(old), 'the old offsets are untouched');
    assert.ok((await stored()) >= 0);
    await taskIs(client, 'heartbeat', 'RUNNING');
    await rm(dir.join('offsets.next'));
    await heartbeatGoesOn();
  });

  test('F24 a corpus of poison under tolerance none: the first one fails the task, and is named', async () => {
    const values = POISON_CASES.map(({ bytes }) => bytes);
    await produceValues(kafka.bootstrapServers, 'poison', values);
    const first = POISON_CASES.findIndex(({ line }) => line === null);
    const config = {
      'connector.class': 'io.sluice.connect.file.JsonLinesSinkConnector',
      topics: 'poison',
      ...SCHEMALESS,
    };
    await create({ ...config, name: 'strict', file: dir.join('strict') });
    const trace = await taskIs(client, 'strict', 'FAILED');
    assert.match(trace, new RegExp(`poison-0@${first}\\b|partition 0.* offset ${first}\\b`));
    assert.ok((await groupOffset('strict')) <= first);
    await client.deleteConnector('strict');
  });

  test('F24 a corpus of poison under tolerance all: all of it is in the dead letters, what is good arrives as it was', async () => {
    await create({
      name: 'tolerant',
      'connector.class': 'io.sluice.connect.file.JsonLinesSinkConnector',
      topics: 'poison',
      file: dir.join('tolerant'),
      ...SCHEMALESS,
      'errors.tolerance': 'all',
      'errors.deadletterqueue.topic.name': 'poison-rejected',
      'errors.deadletterqueue.topic.replication.factor': '1',
      'errors.deadletterqueue.context.headers.enable': 'true',
    });
    const isDone = async (): Promise<boolean> =>
      (await groupOffset('tolerant')) === POISON_CASES.length;
    await waitUntil('all to be through', isDone, {
      timeoutMs: WAIT_MS,
      onTimeout: () => worker.outputTail(),
    });
    const lines = (await readFile(dir.join('tolerant'), 'utf8')).split('\n').slice(0, -1);
    assert.deepEqual(
      lines,
      POISON_CASES.flatMap(({ line }) => line ?? []),
    );
    const poison = POISON_CASES.flatMap(({ line, bytes }, at) =>
      line === null ? [{ at, bytes }] : [],
    );
    const letters = await consumeValues(kafka.bootstrapServers, 'poison-rejected', poison.length);
    assert.deepEqual(
      letters.map(({ headers }) => Number(headers.get('__connect.errors.offset'))),
      poison.map(({ at }) => at),
    );
    for (const [i, { bytes }] of poison.entries()) assert.ok(letters[i]?.value.equals(bytes));
    await client.deleteConnector('tolerant');
  });

  test('F25 dead letters that are refused: the task fails, its offset stays before the record', async () => {
    const config = { 'bootstrap.servers': kafka.bootstrapServers };
    await using admin = createAdmin(config, { logger: silentLogger });
    const narrow = { partitions: 1, replicationFactor: 1, configs: { 'max.message.bytes': '300' } };
    await admin.createTopics([{ name: 'narrow', ...narrow }]);
    const large = Buffer.from(`{"large": ${'x'.repeat(1000)}`);
    await produceValues(kafka.bootstrapServers, 'refused', [Buffer.from('{"a":1}'), large]);
    await create({
      name: 'refused',
      'connector.class': 'io.sluice.connect.file.JsonLinesSinkConnector',
      topics: 'refused',
      file: dir.join('refused'),
      ...SCHEMALESS,
      'errors.tolerance': 'all',
      'errors.deadletterqueue.topic.name': 'narrow',
      'errors.deadletterqueue.topic.replication.factor': '1',
    });
    const trace = await taskIs(client, 'refused', 'FAILED');
    assert.match(trace, /[Dd]ead letters? .*could not be stored/);
    assert.ok((await groupOffset('refused')) <= 1);
    await client.deleteConnector('refused');
  });

  test('F31 a record that is too large fails a source with what to do; tolerated, the others go on', async () => {
    const file = dir.join('huge');
    await writeFile(file, `before\n${'x'.repeat(2 * MIB)}\nafter\n`);
    const config = { 'connector.class': 'FileStreamSource', topic: 'huge', file };
    await create({ ...config, name: 'huge' });
    const trace = await taskIs(client, 'huge', 'FAILED');
    assert.match(trace, /max\.request\.size/);
    const { offsets } = await client.connectorOffsets('huge');
    assert.ok(Number(offsets[0]?.offset?.['position'] ?? 0) <= 'before\n'.length);
    await create({ ...config, name: 'huge', 'errors.tolerance': 'all' });
    const letters = await consumeValues(kafka.bootstrapServers, 'huge', 2);
    assert.equal(letters.at(-1)?.value.toString(), 'after');
    await taskIs(client, 'huge', 'RUNNING');
    await client.deleteConnector('huge');
  });

  test('F22 a sink slower than its session keeps its partitions and does not fill the memory', async () => {
    const payload = Buffer.alloc(10_000, 'x');
    await produceValues(
      kafka.bootstrapServers,
      'much',
      Array.from({ length: 6_000 }, () => payload),
    );
    const { residentBytes } = readSample(worker.pid, 0, 0);
    await create({
      name: 'slow',
      'connector.class': 'io.sluice.test.LedgerSink',
      topics: 'much',
      file: dir.join('slow'),
      'put.ms': '1500',
      'consumer.override.max.poll.records': '5',
      'consumer.override.session.timeout.ms': '1000',
      'consumer.override.heartbeat.interval.ms': '200',
    });
    await waitUntil('it to have put twice', async () => (await groupOffset('slow')) >= 10, {
      timeoutMs: WAIT_MS,
      onTimeout: () => worker.outputTail(),
    });
    const grown = readSample(worker.pid, 0, 0).residentBytes - residentBytes;
    assert.ok(grown < 60 * MIB, `60 MB wait in Kafka, memory has grown by ${grown} bytes`);
    const generations = worker.output.match(/Group "connect-slow": generation \d+/g);
    assert.equal(generations?.length, 1, 'no rebalance');
    await client.deleteConnector('slow');
    await heartbeatGoesOn();
  });

  test('F39 a hundred clients that never finish, and requests in disguise, disturb nobody', async () => {
    const slow = await openSockets(port, 100);
    for (const socket of slow) socket.write('POST /connectors HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    const disguised =
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n';
    const answer = await exchange(
      port,
      `${disguised}0\r\n\r\nGET /connectors HTTP/1.1\r\nHost: x\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.equal(answer.match(/HTTP\/1\.1 /g)?.length, 1, 'what was hidden in it is not answered');
    for (const socket of slow) socket.write('y');
    await heartbeatGoesOn();
    assert.ok((await client.connectors()).includes('heartbeat'));
    assert.ok(slow.every((socket) => !socket.destroyed));
    for (const socket of slow) socket.destroy();
  });

  test('F45 a worker without a descriptor left lives on, and is well when there are some again', async () => {
    const sockets = await openSockets(port, DESCRIPTORS);
    const open = (): number => readdirSync(`/proc/${worker.pid}/fd`).length;
    await waitUntil('no descriptor to be left', () => open() >= DESCRIPTORS - 2, {
      timeoutMs: WAIT_MS,
    });
    await sleep(1_000);
    assert.ok(worker.isRunning);
    for (const socket of sockets) socket.destroy();
    await waitUntil('REST to answer again', () => client.connectors(), { timeoutMs: WAIT_MS });
    await heartbeatGoesOn();
  });

  test('the worker has lived through all of it and stops as it should', async () => {
    const { code } = await worker.stop();
    assert.equal(code, 0, worker.outputTail());
  });
});

function openSockets(port: number, count: number): Promise<readonly Socket[]> {
  return Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect(port, '127.0.0.1', () => resolve(socket));
          socket.once('error', reject);
          // Closed by the other side is what it should come to; not an error of the test.
          socket.on('error', () => undefined);
        }),
    ),
  );
}

/** What comes back until the other side closes, or a while after. */
async function exchange(port: number, text: string): Promise<string> {
  const [socket] = await openSockets(port, 1);
  assert.ok(socket !== undefined);
  let answer = '';
  socket.on('data', (data: Buffer) => (answer += data.toString()));
  socket.write(text);
  await waitUntil('an answer', () => answer !== '', { timeoutMs: WAIT_MS });
  await sleep(500);
  socket.destroy();
  return answer;
}
