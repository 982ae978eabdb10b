// Connectors created one after another over REST, until all of them and their tasks are RUNNING, and what the
// worker needs with them when nothing happens: Sluice and Java in turn, on one Apache Kafka.
// `node --conditions=@sluice/source bench/start-up/many-connectors.bench.ts [connectors] [runs]`
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeTempDir, startKafka } from '@sluice/testing';
import { median } from '../measure/process-cost.ts';
import { idleConnector, makeIdleFiles } from './idle-connectors.ts';
import { RestWorker, type WorkerKind } from './rest-worker.ts';

const CONNECTORS = Number(process.argv[2] ?? 100);
const RUNS = Number(process.argv[3] ?? 3);
const KINDS: readonly WorkerKind[] = ['Sluice', 'Java'];
const ALL_RUNNING_MS_MAX = 300_000;
const IDLE_MS = 10_000;

interface Reading {
  /** From the first request to the last task RUNNING. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** With all of them running for a while. */
  readonly residentMb: number;
  /** What the worker had more than without connectors. */
  readonly addedMb: number;
  readonly idleCpuPercent: number;
}

await using kafka = await startKafka();
await using dir = await makeTempDir('bench-many-connectors');
await makeIdleFiles(dir.path);

async function read(kind: WorkerKind): Promise<Reading> {
  await using worker = await RestWorker.start(kind, kafka.bootstrapServers, dir.path);
  await sleep(IDLE_MS / 2);
  const before = worker.cost();
  const startedMs = performance.now();
  for (let n = 0; n < CONNECTORS; n++) {
    const isSource = n % 2 === 0;
    await worker.create(`c${n}`, idleConnector(isSource ? 'source' : 'sink', n, 1, dir.path));
  }
  await worker.running(CONNECTORS, CONNECTORS, ALL_RUNNING_MS_MAX);
  const seconds = (performance.now() - startedMs) / 1000;
  const { cpuSeconds } = worker.cost();
  await sleep(IDLE_MS);
  const atRest = worker.cost();
  await sleep(IDLE_MS);
  const after = worker.cost();
  return {
    seconds,
    cpuSeconds: cpuSeconds - before.cpuSeconds,
    residentMb: after.rssMb,
    addedMb: after.rssMb - before.rssMb,
    idleCpuPercent: ((after.cpuSeconds - atRest.cpuSeconds) / (IDLE_MS / 1000)) * 100,
  };
}

const readings = new Map<WorkerKind, Reading[]>(KINDS.map((kind) => [kind, []]));
for (let run = 0; run < RUNS; run++)
  for (const kind of KINDS) readings.get(kind)?.push(await read(kind));
console.log(
  `${CONNECTORS} connectors, load of the machine at the end: ${loadavg()[0]?.toFixed(1)}`,
);
console.log(
  '| worker | until all run (s) | CPU until then (s) | resident (MB) | of it added (MB) | idle CPU |',
);
console.log('|---|---|---|---|---|---|');
for (const [kind, list] of readings) {
  const of = (value: (reading: Reading) => number): number => median(list.map(value));
  console.log(
    `| ${kind} | ${of((r) => r.seconds).toFixed(1)} | ${of((r) => r.cpuSeconds).toFixed(1)} | ` +
      `${of((r) => r.residentMb).toFixed(0)} | ${of((r) => r.addedMb).toFixed(0)} | ` +
      `${of((r) => r.idleCpuPercent).toFixed(1)} % |`,
  );
}
