import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kafkaTool, kcat, requireKcat, requireServer, startJava, waitUntil } from '@sluice/testing';
import { BrokerServer } from './broker-server.ts';
import { withBroker } from './with-broker.ts';

const RECORDS = 3000;

test('a transactional kcat commits, and readers of committed records see it', (t) =>
  withBroker(async ({ broker, complaints }) => {
    if (!requireKcat(t)) return;
    const at = ['-b', broker.bootstrapServers, '-t', 't'];
    for (const text of ['a\nb\n', 'c\n']) {
      await kcat([...at, '-P', '-X', 'transactional.id=x'], text);
    }
    const read = await kcat([...at, '-C', '-e', '-q', '-X', 'isolation.level=read_committed']);
    assert.equal(read, 'a\nb\nc\n');
    assert.deepEqual(complaints, []);
  }));

test('exactly once: Java copies a topic with random aborts and a broker killed meanwhile', async (t) => {
  if (!(await requireServer(t, 'kafka'))) return;
  await using server = await BrokerServer.start();
  const at = ['--bootstrap-server', server.bootstrapServers];
  const lines = Array.from({ length: RECORDS }, (_, i) => `${i}\n`).join('');
  await kafkaTool('ConsoleProducer', [...at, '--topic', 'in'], { input: lines });
  await kafkaTool('TopicCommand', [...at, '--create', '--topic', 'out', '--partitions', '1']);
  await using copier = await startJava({
    what: 'Java copier',
    mainClass: 'org.apache.kafka.tools.TransactionalMessageCopier',
    args: [
      '--broker-list',
      server.bootstrapServers,
      '--transactional-id',
      'copier',
      '--consumer-group',
      'copiers',
      '--input-topic',
      'in',
      '--input-partition',
      '0',
      '--output-topic',
      'out',
      '--transaction-size',
      '100',
      '--max-messages',
      String(RECORDS),
      '--enable-random-aborts',
    ],
    heapMb: 256,
    isShortLived: true,
  });
  const progress = (): number =>
    Number([...copier.stdout.matchAll(/"consumed":(\d+)/g)].at(-1)?.[1] ?? 0);
  await waitUntil('some to be copied', () => progress() >= RECORDS / 3 || !copier.isRunning);
  await server.kill();
  await server.start();
  await waitUntil('all to be copied', () => !copier.isRunning, {
    timeoutMs: 90_000,
    onTimeout: () => copier.outputTail(5),
  });
  const committed = ['--from-beginning', '--isolation-level', 'read_committed'];
  const count = ['--timeout-ms', '5000'];
  const read = await kafkaTool('ConsoleConsumer', [
    ...at,
    '--topic',
    'out',
    ...committed,
    ...count,
  ]);
  assert.equal(read.stdout, lines, copier.outputTail(10));
});
