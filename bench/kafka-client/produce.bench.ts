// Side by side: our producer and Java's ProducerPerformance against one Apache Kafka, in turn, each run a
// process of its own that is measured whole. `node --conditions=@sluice/source bench/kafka-client/produce.bench.ts [runs]`
import { fileURLToPath } from 'node:url';
import { createAdmin, silentLogger } from '@sluice/kafka';
import { OwnedProcess, startJava, startKafka } from '@sluice/testing';
import { costUntilExit, median, type ProcessCost } from '../measure/process-cost.ts';

const RUNS = Number(process.argv[2] ?? 3);
const RECORDS = 1_000_000;
const JAVA_HEAP_MB = 512;
const OURS = fileURLToPath(new URL('./produce.ts', import.meta.url));

interface Case {
  readonly bytes: number;
  readonly name: string;
  readonly settings: readonly string[];
}
const TUNED = ['linger.ms=10', 'batch.size=131072'];
const CASES: readonly Case[] = [
  { bytes: 100, name: 'default', settings: [] },
  { bytes: 100, name: 'tuned', settings: TUNED },
  { bytes: 300, name: 'tuned', settings: TUNED },
  { bytes: 1000, name: 'default', settings: [] },
  { bytes: 1000, name: 'tuned', settings: TUNED },
];

await using kafka = await startKafka();
await using admin = createAdmin(
  { 'bootstrap.servers': kafka.bootstrapServers },
  { logger: silentLogger },
);

async function runOurs(topic: string, each: Case): Promise<ProcessCost> {
  await using child = await OwnedProcess.start({
    what: 'our producer',
    command: process.execPath,
    args: [
      '--conditions=@sluice/source',
      OURS,
      kafka.bootstrapServers,
      topic,
      String(RECORDS),
      String(each.bytes),
      'object',
      ...each.settings,
    ],
  });
  return await finished(child);
}

async function runJava(topic: string, each: Case): Promise<ProcessCost> {
  await using child = await startJava({
    what: "Java's ProducerPerformance",
    mainClass: 'org.apache.kafka.tools.ProducerPerformance',
    args: [
      '--topic',
      topic,
      '--num-records',
      String(RECORDS),
      '--record-size',
      String(each.bytes),
      '--throughput',
      '-1',
      '--producer-props',
      `bootstrap.servers=${kafka.bootstrapServers}`,
      ...each.settings,
    ],
    heapMb: JAVA_HEAP_MB,
  });
  return await finished(child);
}

async function finished(child: OwnedProcess): Promise<ProcessCost> {
  const cost = await costUntilExit(child.pid, child.exited);
  const { code } = await child.exited;
  if (code !== 0) throw new Error(`${child.what} ended with ${code}: ${child.outputTail()}`);
  return cost;
}

console.log('| record | settings | ours CPU-s | Java CPU-s | ratio | ours MB | Java MB |');
console.log('|---|---|---|---|---|---|---|');
let topics = 0;
for (const each of CASES) {
  const ours: ProcessCost[] = [];
  const java: ProcessCost[] = [];
  for (let run = 0; run < RUNS; run++) {
    for (const [costs, start] of [
      [ours, runOurs],
      [java, runJava],
    ] as const) {
      const name = `produce-${++topics}`;
      await admin.createTopics([{ name, partitions: 3, replicationFactor: 1, configs: {} }]);
      costs.push(await start(name, each));
      await admin.deleteTopics([name]);
    }
  }
  const cpu = (costs: readonly ProcessCost[]): number => median(costs.map((c) => c.cpuSeconds));
  const memory = (costs: readonly ProcessCost[]): number => median(costs.map((c) => c.peakRssMb));
  console.log(
    `| ${each.bytes} B | ${each.name} | ${cpu(ours).toFixed(2)} | ${cpu(java).toFixed(2)} | ` +
      `${(cpu(ours) / cpu(java)).toFixed(2)} | ${memory(ours).toFixed(0)} | ${memory(java).toFixed(0)} |`,
  );
}
