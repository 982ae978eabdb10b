import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { HopelessError, makeTempDir, requireServer, startJava, waitUntil } from '@sluice/testing';
import { readBatchHeader } from '../src/log/batch-header.ts';
import { aBatch } from './a-batch.ts';
import { ensureTopic, fetchFrom, produceTo } from './apis.ts';
import { BrokerClient } from './broker-client.ts';
import { BrokerServer } from './broker-server.ts';

const KILLS = 5;
const WRITERS = 4;
/** Of the Java producer. */
const RECORDS = 8000;

/** What a writer was told is there: base offset and value of each acknowledged batch. */
type Acknowledged = Map<number, string>;

test('kill -9 in the middle of writes: every acknowledged record is there, unchanged', async () => {
  await using server = await BrokerServer.start();
  {
    await using client = await BrokerClient.connect(server.port);
    await ensureTopic(client, 't');
  }
  const acknowledged: Acknowledged = new Map();
  for (let kill = 1; kill <= KILLS; kill++) {
    const target = acknowledged.size + 100 * kill;
    const writers = Array.from({ length: WRITERS }, (_, i) =>
      writeUntilCut(server.port, `${kill}-${i}`, acknowledged),
    );
    await waitUntil('some batches to be acknowledged', () => acknowledged.size >= target, {
      intervalMs: 1,
    });
    await server.kill();
    const cut = await Promise.all(writers);
    assert.ok(
      cut.every((count) => count > 0),
      'every writer was cut while it wrote',
    );
    await server.start();
    await using client = await BrokerClient.connect(server.port);
    await assertAllThere(client, acknowledged);
  }
  assert.ok(acknowledged.size >= 1500, `${acknowledged.size} acknowledged`);
});

/** Produces batch after batch until the connection ends; tells how many were acknowledged. */
async function writeUntilCut(port: number, name: string, acknowledged: Acknowledged) {
  await using client = await BrokerClient.connect(port);
  for (let n = 0; ; n++) {
    const value = `${name}-${n}-${'x'.repeat(n % 3000)}`;
    try {
      const { errorCode, baseOffset } = await produceTo(client, {
        records: aBatch({ values: [value] }),
      });
      assert.equal(errorCode, 0);
      assert.equal(acknowledged.has(baseOffset), false, `offset ${baseOffset} was given twice`);
      acknowledged.set(baseOffset, value);
    } catch (error) {
      if (error instanceof Error && error.message === 'connection closed') return n;
      throw error;
    }
  }
}

async function assertAllThere(client: BrokerClient, acknowledged: Acknowledged): Promise<void> {
  const found = new Map<number, Buffer>();
  for (let offset = 0; ; ) {
    const [partition] = await fetchFrom(client, { offset });
    assert.equal(partition?.errorCode, 0);
    const bytes = partition.records ?? Buffer.alloc(0);
    if (bytes.length === 0) break;
    for (let at = 0; at < bytes.length; ) {
      const header = readBatchHeader(bytes, at);
      assert.equal(header.baseOffset, offset, 'offsets have no gap');
      found.set(offset, bytes.subarray(at, at + header.sizeInBytes));
      offset = header.lastOffset + 1;
      at += header.sizeInBytes;
    }
  }
  for (const [offset, value] of acknowledged) {
    assert.ok(found.get(offset)?.includes(value), `the record at ${offset} is there`);
  }
}

test('kill -9 under a Java producer: its retries leave each record once, in order', async (t) => {
  if (!(await requireServer(t, 'kafka'))) return;
  await using server = await BrokerServer.start();
  await using dir = await makeTempDir('kill');
  const config = dir.join('producer.properties');
  // The tool sets retries to 0, which is not what a producer does.
  await writeFile(config, 'retries=2147483647\nreconnect.backoff.max.ms=200\n');
  const at = ['--bootstrap-server', server.bootstrapServers, '--topic', 't', '--acks', '-1'];
  const bounds = ['--throughput', '2000', '--max-messages', String(RECORDS)];
  await using producer = await startJava({
    what: 'Java producer',
    mainClass: 'org.apache.kafka.tools.VerifiableProducer',
    args: [
      ...at,
      // Each record is a line of its output, of which only the newest 8 MB are kept.
      ...bounds,
      '--command-config',
      config,
    ],
    heapMb: 256,
    isShortLived: true,
  });
  const acknowledged = (): number => producer.stdout.split('producer_send_success').length - 1;
  for (let kill = 1; kill <= 3; kill++) {
    await waitUntil('the producer to go on', () => {
      if (!producer.isRunning) throw new HopelessError(producer.outputTail());
      return acknowledged() >= kill * 2000;
    });
    await server.kill();
    await server.start();
  }
  await waitUntil('the producer to be done', () => !producer.isRunning);
  assert.equal(acknowledged(), RECORDS, producer.outputTail());
  const values = await readValues(server.port);
  assert.deepEqual(values, [...Array(RECORDS).keys()], 'each value once, in the order of sending');
});

async function readValues(port: number): Promise<readonly number[]> {
  const { Compressions, decodeRecords, readBatchHeaders } = await import('@sluice/kafka/batch');
  await using client = await BrokerClient.connect(port);
  const compressions = new Compressions();
  const values: number[] = [];
  for (let offset = 0; ; ) {
    const [partition] = await fetchFrom(client, { offset });
    const bytes = partition?.records ?? Buffer.alloc(0);
    if (bytes.length === 0) return values;
    for (const header of readBatchHeaders(bytes)) {
      const records = decodeRecords('t', 0, bytes, header, compressions);
      for (let i = 0; i < records.count; i++) values.push(Number(records.value(i)?.toString()));
      offset = header.lastOffset + 1;
    }
  }
}
