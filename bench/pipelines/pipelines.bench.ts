// Side by side: Sluice and Java's connect-standalone, one task each, against one Apache Kafka, in turn.
// `node --conditions=@sluice/source bench/pipelines/pipelines.bench.ts --help` tells the options.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { silentLogger } from '@sluice/kafka';
import { createAdmin } from '@sluice/kafka/admin';
import { freePort, makeTempDir, propertiesText, startKafka } from '@sluice/testing';
import { type Cell, headOf, rowOf } from './report.ts';
import { measuredRun, type RunResult } from './measured-run.ts';
import { type MeasuredPipeline, PIPELINES, pipelineKeys, type Pipeline } from './pipeline.ts';
import { checksumOf } from './plugin/checksum.ts';
import { OrderMaker } from './plugin/order.ts';
import { javaWorker, sluiceWorker, workerKeys, type Settings, type Worker } from './workers.ts';

const HELP = `Options:
  --runs N          runs of each cell, ours and Java's in turn (3)
  --records N       thousand records in a run (2000)
  --bytes N         size of a value as JSON (250)
  --settings S      default, tuned or both (both)
  --only NAMES      only these pipelines, with commas: "String,JSON + 3 SMT"
  --direction D     source, sink or both (both)
  --twins           Sluice against itself: how far equal things seem to differ here
  --other FILE      against another Sluice, by its packages/cli/dist/main.js, in place of Java`;

const PARTITIONS = 4;
/** Asks `listOffsets` for the end of a partition, as the protocol does. */
const LATEST = -1;

const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    runs: { type: 'string', default: '3' },
    records: { type: 'string', default: '2000' },
    bytes: { type: 'string', default: '250' },
    settings: { type: 'string', default: 'both' },
    only: { type: 'string', default: '' },
    direction: { type: 'string', default: 'both' },
    twins: { type: 'boolean', default: false },
    other: { type: 'string' },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const RUNS = Number(options.runs);
const RECORDS = Number(options.records) * 1000;
const BYTES = Number(options.bytes);
const chosen = options.only.split(',').map((name) => name.trim());
const isChosen = ({ name }: Pipeline): boolean => options.only === '' || chosen.includes(name);
const isAsked = (direction: string): boolean => ['both', direction].includes(options.direction);

await using dir = await makeTempDir('bench-pipelines');
await using kafka = await startKafka({ properties: { 'log.retention.bytes': '-1' } });
await using admin = createAdmin(
  { 'bootstrap.servers': kafka.bootstrapServers },
  { logger: silentLogger },
);
const sluice = await sluiceWorker(dir.path);
const workers = [sluice, await secondWorker()] as const;

async function secondWorker(): Promise<Worker> {
  if (options.twins) return sluice;
  if (options.other === undefined) return await javaWorker(dir.path);
  return await sluiceWorker(dir.path, path.resolve(options.other));
}

async function newTopic(name: string): Promise<void> {
  await admin.createTopics([{ name, partitions: PARTITIONS, replicationFactor: 1, configs: {} }]);
}

async function recordsIn(topic: string): Promise<number> {
  const queries = Array.from({ length: PARTITIONS }, (_, partition) => ({
    topic,
    partition,
    timestamp: LATEST,
  }));
  const found = await admin.listOffsets(queries);
  return found.reduce((sum, { offset }) => sum + offset, 0);
}

async function run(
  worker: Worker,
  settings: Settings,
  connector: Readonly<Record<string, string>>,
  countNow: () => Promise<number>,
): Promise<RunResult> {
  const port = await freePort();
  const workerFile = dir.join(`worker-${port}.properties`);
  const connectorFile = dir.join(`connector-${port}.properties`);
  const json = 'org.apache.kafka.connect.json.JsonConverter';
  await writeFile(
    workerFile,
    propertiesText({
      'bootstrap.servers': kafka.bootstrapServers,
      'key.converter': json,
      'value.converter': json,
      'offset.storage.file.filename': dir.join(`offsets-${port}`),
      'plugin.path': worker.pluginPath,
      listeners: `http://127.0.0.1:${port}`,
      ...(worker.name === 'Java' ? { 'plugin.discovery': 'service_load' } : {}),
      ...workerKeys(settings),
    }),
  );
  await writeFile(connectorFile, propertiesText(connector));
  await using child = await worker.start(settings, [workerFile, connectorFile]);
  return await measuredRun(child, RECORDS, countNow);
}

let lastTopic = 0;

async function runSource(
  worker: Worker,
  settings: Settings,
  pipeline: Pipeline,
): Promise<readonly [RunResult, string]> {
  const topic = `orders-${++lastTopic}`;
  await newTopic(topic);
  const connector = {
    name: 'orders',
    'connector.class': 'io.sluice.bench.OrderSource',
    topic,
    shape: pipeline.shape,
    bytes: String(BYTES),
    records: String(RECORDS),
    ...pipelineKeys(pipeline),
  };
  return [await run(worker, settings, connector, () => recordsIn(topic)), topic];
}

async function runSink(
  worker: Worker,
  settings: Settings,
  pipeline: Pipeline,
  topic: string,
): Promise<readonly [RunResult, number]> {
  const file = path.join(dir.path, `progress-${++lastTopic}`);
  await writeFile(file, '0 0');
  const connector = {
    name: `hashing-${lastTopic}`,
    'connector.class': 'io.sluice.bench.HashingSink',
    topics: topic,
    'progress.file': file,
    records: String(RECORDS),
    'consumer.override.auto.offset.reset': 'earliest',
    'consumer.override.max.poll.records': '1000',
    ...pipelineKeys(pipeline),
  };
  const progress = async (): Promise<readonly string[]> =>
    (await readFile(file, 'utf8')).split(' ');
  // While the worker writes the file it may be empty.
  const result = await run(worker, settings, connector, async () => {
    return Number((await progress())[0]);
  });
  return [result, Number((await progress())[1])];
}

function expectedChecksum({ shape }: Pipeline): number {
  const maker = new OrderMaker(shape, BYTES);
  let sum = 0;
  for (let n = 0; n < RECORDS; n++) {
    sum = (sum + checksumOf(`order-${n}`) + checksumOf(maker.value(n))) | 0;
  }
  return sum;
}

/** A topic that holds each format's records as they are, for the sinks. */
const plainTopics = new Map<Pipeline['format'], string>();

async function measureSources(pipeline: MeasuredPipeline, settings: Settings): Promise<void> {
  const cell: Cell = [[], []];
  for (let i = 0; i < RUNS; i++) {
    for (const [which, worker] of workers.entries()) {
      const [result, topic] = await runSource(worker, settings, pipeline);
      cell[which === 0 ? 0 : 1].push(result);
      await keepOrDelete(pipeline, topic);
    }
  }
  console.log(rowOf('source', pipeline, settings, cell));
}

async function keepOrDelete(pipeline: Pipeline, topic: string): Promise<void> {
  const { format, hasTransforms } = pipeline;
  if (hasTransforms) return await admin.deleteTopics([topic]);
  const earlier = plainTopics.get(format);
  plainTopics.set(format, topic);
  if (earlier !== undefined) await admin.deleteTopics([earlier]);
}

async function measureSinks(pipeline: MeasuredPipeline, settings: Settings): Promise<void> {
  const kept = plainTopics.get(pipeline.format);
  const topic = kept ?? (await plainTopic(pipeline, settings));
  const cell: Cell = [[], []];
  const checksums = new Set(pipeline.hasTransforms ? [] : [expectedChecksum(pipeline)]);
  for (let i = 0; i < RUNS; i++) {
    for (const [which, worker] of workers.entries()) {
      const [result, checksum] = await runSink(worker, settings, pipeline, topic);
      cell[which === 0 ? 0 : 1].push(result);
      checksums.add(checksum);
    }
  }
  if (checksums.size > 1) {
    throw new Error(`sink ${pipeline.name}: different checksums ${[...checksums].join(', ')}`);
  }
  console.log(rowOf('sink', pipeline, settings, cell));
}

async function plainTopic(pipeline: Pipeline, settings: Settings): Promise<string> {
  const plain = { ...pipeline, hasTransforms: false };
  const [, topic] = await runSource(workers[1], settings, plain);
  plainTopics.set(pipeline.format, topic);
  return topic;
}

console.log(headOf(workers[1].label));
for (const settings of ['default', 'tuned'] as const) {
  if (!['both', settings].includes(options.settings)) continue;
  for (const pipeline of PIPELINES.filter(isChosen)) {
    if (isAsked('source')) await measureSources(pipeline, settings);
    if (isAsked('sink')) await measureSinks(pipeline, settings);
  }
}
