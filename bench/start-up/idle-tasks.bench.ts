// What a worker costs with 1, 10, 100 and 1,000 tasks that have nothing to do: of sources, a connector each, and of
// sinks, ten to a connector (and a consumer group), with ten partitions. `--java` does the same with Java, up to 100.
// `node --conditions=@sluice/source bench/start-up/idle-tasks.bench.ts [--java] [most tasks]`
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdmin } from '@sluice/kafka/admin';
import { makeTempDir, startKafka } from '@sluice/testing';
import { growthExponent } from '../measure/growth.ts';
import type { ProcessCost } from '../measure/process-cost.ts';
import { idleConnector, makeIdleFiles } from './idle-connectors.ts';
import { RestWorker, type WorkerKind } from './rest-worker.ts';

const args = process.argv.slice(2);
const KIND: WorkerKind = args.includes('--java') ? 'Java' : 'Sluice';
const MOST = Number(args.find((arg) => /^\d+$/.test(arg)) ?? (KIND === 'Java' ? 100 : 1000));
const COUNTS = [1, 10, 100, 1000].filter((count) => count <= MOST);
const PER_SINK = 10;
const SETTLE_MS = 10_000;
const IDLE_MS = 20_000;
const ALL_RUNNING_MS_MAX = 300_000;

interface Reading {
  readonly tasks: number;
  readonly startCpuSeconds: number;
  readonly residentMb: number;
  readonly idleCpuPercent: number;
}

await using kafka = await startKafka();
await using dir = await makeTempDir('bench-idle-tasks');
await makeIdleFiles(dir.path);
await createTopic();

async function createTopic(): Promise<void> {
  const silent = (): void => undefined;
  const logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };
  const admin = createAdmin({ 'bootstrap.servers': kafka.bootstrapServers }, { logger });
  try {
    const topic = { name: 'idle', partitions: PER_SINK, replicationFactor: 1, configs: {} };
    await admin.createTopics([topic]);
  } finally {
    await admin.close();
  }
}

async function idleCost(worker: RestWorker): Promise<Omit<Reading, 'tasks' | 'startCpuSeconds'>> {
  await sleep(SETTLE_MS);
  const before: ProcessCost = worker.cost();
  await sleep(IDLE_MS);
  const after = worker.cost();
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
  return { residentMb: after.rssMb, idleCpuPercent: (cpuSeconds / (IDLE_MS / 1000)) * 100 };
}

async function read(type: 'source' | 'sink', tasks: number): Promise<Reading> {
  await using worker = await RestWorker.start(KIND, kafka.bootstrapServers, dir.path);
  const before = worker.cost().cpuSeconds;
  const perConnector = type === 'source' ? 1 : Math.min(PER_SINK, tasks);
  const connectors = tasks / perConnector;
  for (let n = 0; n < connectors; n++)
    await worker.create(`c${n}`, idleConnector(type, n, perConnector, dir.path));
  await worker.running(connectors, tasks, ALL_RUNNING_MS_MAX);
  const startCpuSeconds = worker.cost().cpuSeconds - before;
  return { tasks, startCpuSeconds, ...(await idleCost(worker)) };
}

async function empty(): Promise<Reading> {
  await using worker = await RestWorker.start(KIND, kafka.bootstrapServers, dir.path);
  return { tasks: 0, startCpuSeconds: 0, ...(await idleCost(worker)) };
}

const none = await empty();
console.log('| worker | idle tasks | start, CPU-s | resident, MB | MB a task | idle CPU |');
console.log('|---|---|---|---|---|---|');
console.log(row('none', none));
for (const type of ['source', 'sink'] as const) {
  const readings: Reading[] = [];
  for (const count of COUNTS) {
    const reading = await read(type, count);
    readings.push(reading);
    console.log(row(type, reading));
  }
  const of = (value: (reading: Reading) => number): string =>
    growthExponent(readings.map((each) => [each.tasks, value(each)])).toFixed(2);
  console.log(
    `${type}: exponents of start CPU ${of((r) => r.startCpuSeconds)}, of memory above an empty worker ` +
      `${of((r) => r.residentMb - none.residentMb)}, of idle CPU ${of((r) => r.idleCpuPercent)}`,
  );
}
console.log(`load of the machine at the end: ${loadavg()[0]?.toFixed(1)}`);

function row(
  type: string,
  { tasks, startCpuSeconds, residentMb, idleCpuPercent }: Reading,
): string {
  const each = tasks === 0 ? '' : ((residentMb - none.residentMb) / tasks).toFixed(2);
  return (
    `| ${KIND} ${type} | ${tasks} | ${startCpuSeconds.toFixed(2)} | ${residentMb.toFixed(0)} | ` +
    `${each} | ${idleCpuPercent.toFixed(1)} % |`
  );
}
