// Side by side: our consumer and Java's ConsumerPerformance on the same topics of one Apache Kafka, in turn, each run a process of its
// own that is measured whole. `node --conditions=@sluice/source bench/kafka-client/consume.bench.ts [runs] [records] [codec,…]`
import { fileURLToPath } from 'node:url';
import { createAdmin, createProducer, silentLogger } from '@sluice/kafka';
import { OwnedProcess, startJava, startKafka } from '@sluice/testing';
import { costUntilExit, median, type ProcessCost } from '../measure/process-cost.ts';

const RUNS = Number(process.argv[2] ?? 3);
const RECORDS = Number(process.argv[3] ?? 1_000_000);
const CODECS = (process.argv[4] ?? 'none,gzip,snappy,lz4,zstd').split(',');
const SIZES = [100, 300, 1000];
const JAVA_HEAP_MB = 512;
const PARTITIONS = 3;
const MILLION = 1_000_000;
const OURS = fileURLToPath(new URL('./consume.ts', import.meta.url));

/** What people set who want throughput. */
const TUNED = ['max.poll.records=5000', 'fetch.min.bytes=524288'];
const SETTINGS = [
  { name: 'default', settings: [] },
  { name: 'tuned', settings: TUNED },
] as const;

await using kafka = await startKafka();
const servers = kafka.bootstrapServers;
await using admin = createAdmin({ 'bootstrap.servers': servers }, { logger: silentLogger });

/** Half of each value is the same everywhere, half is not: codecs have something to do, and something to gain. */
function valueOf(bytes: number, number: number): Buffer {
  const value = Buffer.alloc(bytes, 'abcdefghij');
  let state = (number + 1) * 2_654_435_761;
  for (let at = 0; at < bytes / 2; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    value[at] = 97 + ((state >>> 16) % 26);
  }
  return value;
}

async function fill(topic: string, bytes: number, codec: string): Promise<void> {
  await admin.createTopics([
    { name: topic, partitions: PARTITIONS, replicationFactor: 1, configs: {} },
  ]);
  const failures: Error[] = [];
  await using producer = createProducer(
    {
      'bootstrap.servers': servers,
      'compression.type': codec,
      'linger.ms': '10',
      'batch.size': '65536',
    },
    {
      logger: silentLogger,
      onDelivery: ({ error }) => {
        if (error !== null) failures.push(error);
      },
    },
  );
  await producer.prepare([topic]);
  for (let token = 0; token < RECORDS; token++) {
    if (!producer.hasRoom) await producer.room();
    const value = valueOf(bytes, token);
    const record = { topic, partition: token % PARTITIONS, key: null, value, headers: [], token };
    producer.append({ ...record, timestamp: null });
  }
  await producer.flush();
  if (failures[0] !== undefined) throw failures[0];
}

let groups = 0;

async function runOurs(topic: string, settings: readonly string[]): Promise<ProcessCost> {
  const args = [servers, topic, String(RECORDS), `ours-${++groups}`, ...settings];
  await using child = await OwnedProcess.start({
    what: 'our consumer',
    command: process.execPath,
    args: ['--conditions=@sluice/source', OURS, ...args],
  });
  return await finished(child);
}

async function runJava(topic: string, settings: readonly string[]): Promise<ProcessCost> {
  const tool = ['--bootstrap-server', servers, '--topic', topic, '--num-records', String(RECORDS)];
  const group = ['--group', `java-${++groups}`, '--timeout', '60000'];
  const properties = settings.flatMap((setting) => ['--command-property', setting]);
  await using child = await startJava({
    what: "Java's ConsumerPerformance",
    mainClass: 'org.apache.kafka.tools.ConsumerPerformance',
    args: [...tool, ...group, ...properties],
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

type Run = (topic: string, settings: readonly string[]) => Promise<ProcessCost>;

/** Runs two kinds in turn; median CPU-seconds per million records and peak megabytes of each. */
async function sideBySide(
  topic: string,
  settings: readonly string[],
  kinds: readonly [Run, Run],
): Promise<readonly { readonly cpu: number; readonly mb: number }[]> {
  const costs: readonly [ProcessCost[], ProcessCost[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    costs[0].push(await kinds[0](topic, settings));
    costs[1].push(await kinds[1](topic, settings));
  }
  return costs.map((each) => ({
    cpu: (median(each.map(({ cpuSeconds }) => cpuSeconds)) * MILLION) / RECORDS,
    mb: median(each.map(({ peakRssMb }) => peakRssMb)),
  }));
}

console.log('CPU-seconds per million records (start included), peak resident megabytes');
console.log('| record | codec | settings | ours CPU-s | Java CPU-s | ratio | ours MB | Java MB |');
console.log('|---|---|---|---|---|---|---|---|');
for (const bytes of SIZES) {
  for (const codec of CODECS) {
    const topic = `consume-${bytes}-${codec}`;
    await fill(topic, bytes, codec);
    for (const { name, settings } of SETTINGS) {
      const [ours, java] = await sideBySide(topic, settings, [runOurs, runJava]);
      if (ours === undefined || java === undefined) continue;
      console.log(
        `| ${bytes} B | ${codec} | ${name} | ${ours.cpu.toFixed(2)} | ${java.cpu.toFixed(2)} | ` +
          `${(ours.cpu / java.cpu).toFixed(2)} | ${ours.mb.toFixed(0)} | ${java.mb.toFixed(0)} |`,
      );
    }
    await admin.deleteTopics([topic]);
  }
}

// What the machine itself adds: the same side twice should be 1.
const again = 'consume-again';
await fill(again, SIZES[0] ?? 100, 'none');
const [first, second] = await sideBySide(again, [], [runOurs, runOurs]);
console.log(`A/A: ours beside ours, ${((first?.cpu ?? 0) / (second?.cpu ?? 1)).toFixed(2)}`);
