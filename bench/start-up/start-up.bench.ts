// From exec of the worker to `GET /` answering on Apache Kafka, and resident memory when idle: Sluice and
// Java's connect-standalone in turn, in one run. `node --conditions=@sluice/source bench/start-up/start-up.bench.ts [runs]`
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, makeTempDir, OwnedProcess, startJava, startKafka } from '@sluice/testing';
import { costOf, median } from '../measure/process-cost.ts';

const RUNS = Number(process.argv[2] ?? 5);
const LOOK_EVERY_MS = 3;
const IDLE_MS = 5_000;
const JAVA_HEAP_MB = 2_048;
const MAIN = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
/** As the script `packages/cli/bin/sluice` starts it. */
const NODE_FLAGS = ['--max-semi-space-size=2'];

interface Reading {
  readonly startMs: number;
  readonly idleMb: number;
  readonly startCpuSeconds: number;
}

await using kafka = await startKafka();
await using dir = await makeTempDir('bench-start-up');

async function workerFile(port: number): Promise<string> {
  const file = path.join(dir.path, `worker-${port}.properties`);
  const json = 'org.apache.kafka.connect.json.JsonConverter';
  await writeFile(
    file,
    [
      `bootstrap.servers=${kafka.bootstrapServers}`,
      `key.converter=${json}`,
      `value.converter=${json}`,
      `offset.storage.file.filename=${path.join(dir.path, `offsets-${port}`)}`,
      `listeners=http://127.0.0.1:${port}`,
    ].join('\n'),
  );
  return file;
}

async function read(start: (file: string) => Promise<OwnedProcess>): Promise<Reading> {
  const port = await freePort();
  const file = await workerFile(port);
  const startedMs = performance.now();
  await using worker = await start(file);
  while (!(await answers(port))) {
    if (!worker.isRunning) throw new Error(worker.outputTail());
    await sleep(LOOK_EVERY_MS);
  }
  const startMs = performance.now() - startedMs;
  const { cpuSeconds: startCpuSeconds } = costOf(worker.pid);
  await sleep(IDLE_MS);
  return { startMs, startCpuSeconds, idleMb: costOf(worker.pid).rssMb };
}

async function answers(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}

const workers: Readonly<Record<string, (file: string) => Promise<OwnedProcess>>> = {
  Sluice: (file) =>
    OwnedProcess.start({
      what: 'Sluice',
      command: process.execPath,
      args: [...NODE_FLAGS, MAIN, 'standalone', file],
    }),
  Java: (file) =>
    startJava({
      what: 'connect-standalone',
      mainClass: 'org.apache.kafka.connect.cli.ConnectStandalone',
      args: [file],
      heapMb: JAVA_HEAP_MB,
    }),
};

const readings = new Map<string, Reading[]>(Object.keys(workers).map((name) => [name, []]));
for (let run = 0; run <= RUNS; run++) {
  for (const [name, start] of Object.entries(workers)) {
    const reading = await read(start);
    // The first run of each warms the file system's cache, and Node's compile cache.
    if (run > 0) readings.get(name)?.push(reading);
  }
}
console.log('| worker | start to GET / (ms) | CPU until then (s) | resident when idle (MB) |');
console.log('|---|---|---|---|');
for (const [name, list] of readings) {
  const of = (value: (reading: Reading) => number): number => median(list.map(value));
  console.log(
    `| ${name} | ${of((r) => r.startMs).toFixed(0)} | ${of((r) => r.startCpuSeconds).toFixed(2)} | ` +
      `${of((r) => r.idleMb).toFixed(0)} |`,
  );
}
