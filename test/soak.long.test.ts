// Goal: a worker with 20 connectors that are paused, stopped, restarted, reconfigured and asked for half an hour loses no
// record and holds no more memory, threads and file descriptors at the end than at the start. SLUICE_SOAK_MINUTES says how long.
import { createProducer, silentLogger } from '@sluice/kafka';
import { RestClient } from '@sluice/rest/client';
import {
  freePort,
  kafkaTool,
  makeTempDir,
  propertiesText,
  requireServer,
  startKafka,
  startSluice,
  type SluiceProcess,
} from '@sluice/testing';
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '../packages/kafka/test/faults/seeded-random.ts';
import { writeLedgerPlugins } from './support/ledger/ledger-pipeline.ts';
import { ledgerRecordOf } from './support/ledger/ledger-record.ts';
import { LIFE } from './support/ledger/ledger-source.ts';
import { SoakChurn } from './support/soak/soak-churn.ts';
import { PARTITIONS, soakPairs, type SoakPair } from './support/soak/soak-load.ts';
import { readSample, trendOf, type WorkerSample } from './support/soak/worker-samples.ts';

const MINUTES = Number(process.env['SLUICE_SOAK_MINUTES'] ?? 30);
const SEED = Number(process.env['SLUICE_SOAK_SEED'] ?? 1);
const MINUTE_MS = 60_000;
/** Until code is compiled, the heaps of its threads have their size and every action was there. */
const WARM_UP_MS = Math.min(10, MINUTES / 3) * MINUTE_MS;
const SAMPLE_MS = 5_000;
const ACT_MS = 1_000;
const END_TIMEOUT_MS = 180_000;
const MIB = 1024 * 1024;
/** Noise of 20 garbage collectors: a leak of 100 bytes per record is more in ten minutes. */
const GROWTH_MAX_BYTES = 24 * MIB;
const POISON = Buffer.from('{"poison');

test(`F48 ${MINUTES} minutes with 20 connectors: nothing lost, memory flat`, async (t) => {
  if (!(await requireServer(t, 'kafka'))) return;
  await using dir = await makeTempDir('soak');
  await using kafka = await startKafka({ properties: { 'num.partitions': String(PARTITIONS) } });
  await writeLedgerPlugins(dir.join('plugins', 'ledger'));
  const baseUrl = `http://127.0.0.1:${await freePort()}`;
  await writeFile(dir.join('worker'), workerFile(kafka.bootstrapServers, baseUrl, dir.path));
  const main = { args: ['standalone', dir.join('worker')], cwd: dir.path, isBuilt: true };
  await using worker = await startSluice({ ...main, env: { [LIFE]: '0' } });
  await worker.restReady(baseUrl);
  const client = new RestClient({ baseUrl });
  const pairs = soakPairs(dir);
  const configs = pairs.flatMap(({ source, sink }) => [source, sink]);
  for (const config of configs) await client.putConnectorConfig(config['name'] ?? '', config);
  const random = new SeededRandom(SEED);
  const churn = new SoakChurn({ client, baseUrl, random, configs });
  const over = new AbortController();
  const churning = churnUntil(over.signal, churn);
  const poisoning = poisonUntil(over.signal, kafka.bootstrapServers, pairs);
  const samples = await sampled(worker, baseUrl, (text) => t.diagnostic(text));
  over.abort();
  await churning;
  const poisoned = await poisoning;
  const trends = {
    residentBytes: trendOf(samples, 'residentBytes', WARM_UP_MS),
    heapBytes: trendOf(samples, 'heapBytes', WARM_UP_MS),
    threads: trendOf(samples, 'threads', WARM_UP_MS),
    descriptors: trendOf(samples, 'descriptors', WARM_UP_MS),
  };
  const { done, refused } = churn;
  t.diagnostic(JSON.stringify({ trends, poisoned, done: Object.fromEntries(done), refused }));
  assert.deepEqual(churn.problems, []);
  await allRun(worker, client, configs);
  const counts = await throughToTheEnd(worker, client, kafka.bootstrapServers, pairs);
  t.diagnostic(JSON.stringify(counts));
  assert.deepEqual(counts.lost, []);
  assert.ok(poisoned > 0 && counts.rejected >= poisoned, 'every poison is a dead letter');
  const { residentBytes, heapBytes, threads, descriptors } = trends;
  assert.ok(residentBytes.late - residentBytes.early < GROWTH_MAX_BYTES, 'resident memory grows');
  assert.ok(heapBytes.late - heapBytes.early < GROWTH_MAX_BYTES, 'the heap grows');
  assert.ok(threads.late <= threads.early + 2, 'threads pile up');
  assert.ok(descriptors.late <= descriptors.early + 10, 'descriptors pile up');
});

function workerFile(bootstrapServers: string, url: string, folder: string): string {
  const text = 'org.apache.kafka.connect.storage.StringConverter';
  return propertiesText({
    'bootstrap.servers': bootstrapServers,
    'key.converter': text,
    'value.converter': text,
    'plugin.path': `${folder}/plugins`,
    'offset.storage.file.filename': `${folder}/offsets`,
    'offset.flush.interval.ms': '1000',
    listeners: url,
  });
}

/** @throws AssertionError with the trace of a task that has failed */
async function allRun(
  worker: SluiceProcess,
  client: RestClient,
  configs: readonly Readonly<Record<string, string>>[],
): Promise<void> {
  for (const { name = '' } of configs) {
    await worker.waitUntil(`${name} to run`, async () => {
      const status = await client.connectorStatus(name);
      const states = status.tasks.map(({ state }) => state);
      return states.includes('FAILED') || (states.length === 1 && states[0] === 'RUNNING');
    });
    const [task] = (await client.connectorStatus(name)).tasks;
    assert.equal(task?.state, 'RUNNING', `${name}: ${task?.trace}`);
  }
}

async function churnUntil(signal: AbortSignal, churn: SoakChurn): Promise<void> {
  while (!signal.aborted) {
    await churn.act();
    await sleep(ACT_MS, null, { signal }).catch(() => null);
  }
}

/** Writes what is no JSON into the topics of those who expect it; answers how much. */
async function poisonUntil(
  signal: AbortSignal,
  bootstrapServers: string,
  pairs: readonly SoakPair[],
): Promise<number> {
  const topics = pairs.filter(({ isPoisoned }) => isPoisoned).map(({ topic }) => topic);
  const config = { 'bootstrap.servers': bootstrapServers };
  await using producer = createProducer(config, { logger: silentLogger, onDelivery: () => null });
  await producer.prepare(topics);
  let count = 0;
  while (!signal.aborted) {
    for (const topic of topics) {
      const record = { topic, partition: 0, key: null, value: POISON, headers: [] };
      producer.append({ ...record, timestamp: null, token: count });
      count += 1;
    }
    await producer.flush();
    await sleep(ACT_MS, null, { signal }).catch(() => null);
  }
  return count;
}

async function sampled(
  worker: SluiceProcess,
  baseUrl: string,
  tell: (text: string) => void,
): Promise<readonly WorkerSample[]> {
  const samples: WorkerSample[] = [];
  const startedMs = performance.now();
  let toldMinute = 0;
  for (;;) {
    const atMs = performance.now() - startedMs;
    if (atMs >= MINUTES * MINUTE_MS) return samples;
    assert.ok(worker.isRunning, worker.output.slice(-4_000));
    const metrics = await (await fetch(`${baseUrl}/metrics`)).text();
    const heap = Number(/^nodejs_heap_size_used_bytes (\S+)$/m.exec(metrics)?.[1]);
    const sample = readSample(worker.pid, atMs, heap);
    samples.push(sample);
    if (atMs >= toldMinute * MINUTE_MS) {
      const { residentBytes, heapBytes, threads, descriptors } = sample;
      const [resident, used] = [residentBytes, heapBytes].map((bytes) => Math.round(bytes / MIB));
      tell(
        `minute ${toldMinute}: ${resident} MiB, ${used} heap, ${threads} thr, ${descriptors} fd`,
      );
      toldMinute += 1;
    }
    await sleep(SAMPLE_MS);
  }
}

/** What the whole has come to. */
interface SoakCounts {
  readonly records: number;
  readonly doubled: number;
  readonly rejected: number;
  /** The first few. */
  readonly lost: readonly string[];
}

/** Stops the sources, waits for the sinks, stops the worker, and looks for every record. */
async function throughToTheEnd(
  worker: SluiceProcess,
  client: RestClient,
  bootstrapServers: string,
  pairs: readonly SoakPair[],
): Promise<SoakCounts> {
  const committed: ReadonlyMap<number, number>[] = [];
  for (const { source } of pairs) {
    const name = source['name'] ?? '';
    await client.stopConnector(name);
    await worker.waitUntil(`${name} to be stopped`, async () => {
      const { connector, tasks } = await client.connectorStatus(name);
      return connector.state === 'STOPPED' && tasks.length === 0;
    });
    const { offsets } = await client.connectorOffsets(name);
    const last = offsets.map(
      ({ partition, offset }) => [Number(partition['part']), Number(offset?.['seq'])] as const,
    );
    committed.push(new Map(last));
  }
  for (const { topic, sink } of pairs) {
    const ends = await topicEnds(bootstrapServers, topic);
    await worker.waitUntil(
      `the sink of ${topic} to reach ${ends.join(', ')}`,
      async () => {
        const { offsets } = await client.connectorOffsets(sink['name'] ?? '');
        const at = (partition: number): number =>
          Number(
            offsets.find((each) => Number(each.partition['kafka_partition']) === partition)
              ?.offset?.['kafka_offset'] ?? 0,
          );
        return ends.every((end, partition) => at(partition) === end);
      },
      END_TIMEOUT_MS,
    );
    const { tasks } = await client.connectorStatus(sink['name'] ?? '');
    assert.deepEqual(
      tasks.map(({ state }) => state),
      ['RUNNING'],
    );
  }
  const rejected = (await topicEnds(bootstrapServers, 'soak-rejected')).reduce((a, b) => a + b, 0);
  assert.equal((await worker.stop()).code, 0, worker.output.slice(-4_000));
  let [records, lines] = [0, 0];
  const lost: string[] = [];
  for (const [i, { topic, outFile }] of pairs.entries()) {
    const seen = new Set<string>();
    for (let partition = 0; partition < PARTITIONS; partition++) {
      for (const line of await linesOf(`${outFile}-${partition}`)) {
        const record = ledgerRecordOf(topic, line.split(' ').slice(2).join(' '));
        assert.ok(record !== null, `${outFile}: ${line.slice(0, 80)}`);
        seen.add(`${record.part} ${record.seq}`);
        lines += 1;
      }
    }
    for (const [part, last] of committed[i] ?? []) {
      for (let seq = 0; seq <= last; seq++) {
        records += 1;
        if (!seen.has(`${part} ${seq}`)) lost.push(`${topic} ${part} ${seq}`);
      }
    }
  }
  return { records, doubled: lines - records, rejected, lost: lost.slice(0, 10) };
}

async function topicEnds(bootstrapServers: string, topic: string): Promise<readonly number[]> {
  const args = ['--bootstrap-server', bootstrapServers, '--topic', topic];
  const { stdout, stderr } = await kafkaTool('GetOffsetShell', args);
  const ends: number[] = [];
  for (const [, partition, end] of stdout.matchAll(/:(\d+):(\d+)$/gm)) {
    ends[Number(partition)] = Number(end);
  }
  assert.ok(ends.length > 0, `GetOffsetShell found nothing of ${topic}: ${stdout}${stderr}`);
  return ends;
}

async function linesOf(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'latin1').catch(() => '');
  return text.split('\n').slice(0, -1);
}
