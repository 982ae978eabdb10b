// How the cost of a Sluice worker grows: with records, their size, and partitions; a String source, and a sink that
// reads what it wrote. What a worker with one record costs is taken off. The exponent is that of the best fit; 1 is
// proportional. `node --conditions=@sluice/source bench/pipelines/growth.bench.ts [records|size|partitions ...]`
import { readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger } from '@sluice/kafka';
import { createAdmin } from '@sluice/kafka/admin';
import { freePort, makeTempDir, propertiesText, startKafka } from '@sluice/testing';
import { growthExponent } from '../measure/growth.ts';
import { costOf, type ProcessCost } from '../measure/process-cost.ts';
import { sluiceWorker } from './workers.ts';

interface Load {
  readonly records: number;
  readonly bytes: number;
  readonly partitions: number;
}

/** A step of a series; `size` is what grows. */
interface Step extends Load {
  readonly size: number;
}

const SERIES: Readonly<Record<string, readonly Step[]>> = {
  records: [250_000, 500_000, 1_000_000, 2_000_000].map((size) => ({
    size,
    records: size,
    bytes: 100,
    partitions: 4,
  })),
  // Fewer records of the large ones: the cost of one of them is what is looked at.
  size: [100, 1_000, 10_000, 100_000].map((size) => ({
    size,
    records: Math.min(400_000, 400_000_000 / size),
    bytes: size,
    partitions: 4,
  })),
  partitions: [1, 10, 100, 1_000].map((size) => ({
    size,
    records: 500_000,
    bytes: 100,
    partitions: size,
  })),
};
const NOTHING: Load = { records: 1, bytes: 100, partitions: 1 };
const LATEST = -1;
const LOOK_EVERY_MS = 50;
const RUN_MS_MAX = 300_000;

const asked = process.argv.slice(2);
await using dir = await makeTempDir('bench-growth');
await using kafka = await startKafka({ properties: { 'log.retention.bytes': '-1' } });
await using admin = createAdmin(
  { 'bootstrap.servers': kafka.bootstrapServers },
  { logger: silentLogger },
);
const sluice = await sluiceWorker(dir.path);
let runs = 0;

async function recordsIn(topic: string, partitions: number): Promise<number> {
  const queries = Array.from({ length: partitions }, (_, partition) => ({
    topic,
    partition,
    timestamp: LATEST,
  }));
  const found = await admin.listOffsets(queries);
  return found.reduce((sum, { offset }) => sum + offset, 0);
}

async function costUntil(
  connector: Readonly<Record<string, string>>,
  isDone: () => Promise<boolean>,
): Promise<ProcessCost> {
  const port = await freePort();
  const [workerFile, connectorFile] = [dir.join(`w-${port}`), dir.join(`c-${port}`)];
  const string = 'org.apache.kafka.connect.storage.StringConverter';
  await writeFile(
    workerFile,
    propertiesText({
      'bootstrap.servers': kafka.bootstrapServers,
      'key.converter': string,
      'value.converter': string,
      'offset.storage.file.filename': dir.join(`o-${port}`),
      'plugin.path': sluice.pluginPath,
      listeners: `http://127.0.0.1:${port}`,
    }),
  );
  await writeFile(connectorFile, propertiesText(connector));
  await using child = await sluice.start('default', [workerFile, connectorFile]);
  const deadline = performance.now() + RUN_MS_MAX;
  while (!(await isDone())) {
    if (!child.isRunning || performance.now() > deadline) throw new Error(child.outputTail());
    await sleep(LOOK_EVERY_MS);
  }
  return costOf(child.pid);
}

async function measure(load: Load): Promise<{
  readonly source: ProcessCost;
  readonly sink: ProcessCost;
}> {
  const topic = `growth-${++runs}`;
  const { partitions, records } = load;
  await admin.createTopics([{ name: topic, partitions, replicationFactor: 1, configs: {} }]);
  const source = await costUntil(
    {
      name: 'orders',
      'connector.class': 'io.sluice.bench.OrderSource',
      topic,
      shape: 'string',
      bytes: String(load.bytes),
      records: String(records),
    },
    async () => (await recordsIn(topic, partitions)) === records,
  );
  const file = dir.join(`progress-${runs}`);
  await writeFile(file, '0 0');
  const sink = await costUntil(
    {
      name: `hashing-${runs}`,
      'connector.class': 'io.sluice.bench.HashingSink',
      topics: topic,
      'progress.file': file,
      records: String(records),
    },
    async () => Number((await readFile(file, 'utf8')).split(' ')[0]) === records,
  );
  await admin.deleteTopics([topic]);
  return { source, sink };
}

const base = await measure(NOTHING);
console.log(
  '| what grows | | source CPU-s | us a record | peak MB | sink CPU-s | us a record | peak MB |',
);
console.log('|---|---|---|---|---|---|---|---|');
for (const [name, steps] of Object.entries(SERIES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const points: Record<'source' | 'sink', (readonly [number, number, number])[]> = {
    source: [],
    sink: [],
  };
  for (const step of steps) {
    const measured = await measure(step);
    const columns = (['source', 'sink'] as const).flatMap((way) => {
      const cpuSeconds = measured[way].cpuSeconds - base[way].cpuSeconds;
      const usEach = (cpuSeconds / step.records) * 1e6;
      const cost = name === 'size' ? usEach : cpuSeconds;
      points[way].push([step.size, cost, measured[way].peakRssMb]);
      return [cpuSeconds.toFixed(2), usEach.toFixed(2), measured[way].peakRssMb.toFixed(0)];
    });
    console.log(`| ${[name, step.size.toLocaleString('en'), ...columns].join(' | ')} |`);
  }
  for (const [way, list] of Object.entries(points)) {
    const cpu = growthExponent(list.map(([size, cost]) => [size, cost]));
    const memory = growthExponent(list.map(([size, , peakMb]) => [size, peakMb]));
    console.log(
      `${name}, ${way}: exponent of CPU ${cpu.toFixed(2)}, of peak memory ${memory.toFixed(2)}`,
    );
  }
}
console.log(`load of the machine at the end: ${loadavg()[0]?.toFixed(1)}`);
