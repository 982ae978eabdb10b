// From exec of the worker to `GET /` answering on Apache Kafka, and resident memory when idle: Sluice and
// Java's connect-standalone in turn, in one run. `node --conditions=@sluice/source bench/start-up/start-up.bench.ts [runs]`
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeTempDir, startKafka } from '@sluice/testing';
import { median } from '../measure/process-cost.ts';
import { RestWorker, type WorkerKind } from './rest-worker.ts';

const RUNS = Number(process.argv[2] ?? 5);
const IDLE_MS = 5_000;
const KINDS: readonly WorkerKind[] = ['Sluice', 'Java'];

interface Reading {
  readonly startMs: number;
  readonly idleMb: number;
  readonly startCpuSeconds: number;
}

await using kafka = await startKafka();
await using dir = await makeTempDir('bench-start-up');

async function read(kind: WorkerKind): Promise<Reading> {
  await using worker = await RestWorker.start(kind, kafka.bootstrapServers, dir.path);
  const { cpuSeconds: startCpuSeconds } = worker.cost();
  await sleep(IDLE_MS);
  return { startMs: worker.startMs, startCpuSeconds, idleMb: worker.cost().rssMb };
}

const readings = new Map<WorkerKind, Reading[]>(KINDS.map((kind) => [kind, []]));
for (let run = 0; run <= RUNS; run++) {
  for (const kind of KINDS) {
    const reading = await read(kind);
    // The first run of each warms the file system's cache, and Node's compile cache.
    if (run > 0) readings.get(kind)?.push(reading);
  }
}
console.log(`load of the machine at the end: ${loadavg()[0]?.toFixed(1)}`);
console.log('| worker | start to GET / (ms) | CPU until then (s) | resident when idle (MB) |');
console.log('|---|---|---|---|');
for (const [kind, list] of readings) {
  const of = (value: (reading: Reading) => number): number => median(list.map(value));
  console.log(
    `| ${kind} | ${of((r) => r.startMs).toFixed(0)} | ${of((r) => r.startCpuSeconds).toFixed(2)} | ` +
      `${of((r) => r.idleMb).toFixed(0)} |`,
  );
}
