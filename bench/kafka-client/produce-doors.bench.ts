// What the way costs by which records are handed to our producer: an object each, columns of bytes, a column of texts. Each
// run is a process of its own (`produce.ts`), measured whole, against one Apache Kafka.
// `node --conditions=@sluice/source bench/kafka-client/produce-doors.bench.ts [runs]`
import { fileURLToPath } from 'node:url';
import { createAdmin, silentLogger } from '@sluice/kafka';
import { OwnedProcess, startKafka } from '@sluice/testing';
import { costUntilExit, median, type ProcessCost } from '../measure/process-cost.ts';

const RUNS = Number(process.argv[2] ?? 5);
const RECORDS = 3_000_000;
const DOORS = ['object-each', 'columns', 'text'] as const;
const SETTINGS = ['linger.ms=10', 'batch.size=131072'];
const PRODUCE = fileURLToPath(new URL('./produce.ts', import.meta.url));

await using kafka = await startKafka();
await using admin = createAdmin(
  { 'bootstrap.servers': kafka.bootstrapServers },
  { logger: silentLogger },
);

async function run(topic: string, bytes: number, door: string): Promise<ProcessCost> {
  const order = [kafka.bootstrapServers, topic, String(RECORDS), String(bytes), door, ...SETTINGS];
  await using child = await OwnedProcess.start({
    what: `producing by ${door}`,
    command: process.execPath,
    args: ['--conditions=@sluice/source', PRODUCE, ...order],
  });
  const cost = await costUntilExit(child.pid, child.exited);
  const { code } = await child.exited;
  if (code !== 0) throw new Error(`${child.what} ended with ${code}: ${child.outputTail()}`);
  return cost;
}

console.log('| record | door | CPU-s per million | peak MB |');
console.log('|---|---|---|---|');
let topics = 0;
for (const bytes of [100, 300]) {
  const costs = new Map(DOORS.map((door): [string, ProcessCost[]] => [door, []]));
  for (let i = 0; i < RUNS; i++) {
    for (const [door, all] of costs) {
      const name = `doors-${++topics}`;
      await admin.createTopics([{ name, partitions: 3, replicationFactor: 1, configs: {} }]);
      all.push(await run(name, bytes, door));
      await admin.deleteTopics([name]);
    }
  }
  for (const [door, all] of costs) {
    const cpu = median(all.map((cost) => cost.cpuSeconds)) / (RECORDS / 1_000_000);
    const memory = median(all.map((cost) => cost.peakRssMb));
    console.log(`| ${bytes} B | ${door} | ${cpu.toFixed(2)} | ${memory.toFixed(0)} |`);
  }
}
