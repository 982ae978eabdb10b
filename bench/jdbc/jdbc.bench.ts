// PostgreSQL 15 and a table of ten columns: our JDBC sink beside Debezium's in Java's worker, and our
// source. `node --conditions=@sluice/source bench/jdbc/jdbc.bench.ts [runs] [thousand rows]`
import { writeFile } from 'node:fs/promises';
import { silentLogger } from '@sluice/kafka';
import { createAdmin } from '@sluice/kafka/admin';
import { freePort, makeTempDir, propertiesText, startKafka } from '@sluice/testing';
import { DATABASES } from '../../connectors/jdbc/test/databases-under-test.ts';
import { median } from '../measure/process-cost.ts';
import { measuredRun, type RunResult } from '../pipelines/measured-run.ts';
import { pipelineKeys, type Pipeline } from '../pipelines/pipeline.ts';
import { javaWorker, sluiceWorker, type Worker } from '../pipelines/workers.ts';
import { debeziumPluginPath } from './debezium-plugin.ts';

const RUNS = Number(process.argv[2] ?? 3);
const ROWS = Number(process.argv[3] ?? 1000) * 1000;
const BYTES = 250;
/** Asks `listOffsets` for the end of a partition. */
const LATEST = -1;
const STRUCTS: Pipeline = {
  name: 'envelope',
  shape: 'struct',
  format: 'envelope',
  hasTransforms: false,
};
type Props = Readonly<Record<string, string>>;

const postgres = DATABASES.find(({ title }) => title === 'PostgreSQL 15');
if (postgres === undefined || postgres.skip !== false) throw new Error('needs PostgreSQL 15');
await using database = await postgres.start();
await using db = await database.connect();
await using dir = await makeTempDir('bench-jdbc');
await using kafka = await startKafka();
await using admin = createAdmin(
  { 'bootstrap.servers': kafka.bootstrapServers },
  { logger: silentLogger },
);
const sluice = await sluiceWorker(dir.path);
const java = { ...(await javaWorker(dir.path)), pluginPath: await debeziumPluginPath() };
let last = 0;

async function run(
  worker: Worker,
  pluginPath: string,
  connector: Props,
  countNow: () => Promise<number>,
): Promise<RunResult> {
  const port = await freePort();
  const [workerFile, connectorFile] = [dir.join(`w-${port}`), dir.join(`c-${port}.properties`)];
  const json = 'org.apache.kafka.connect.json.JsonConverter';
  await writeFile(
    workerFile,
    propertiesText({
      'bootstrap.servers': kafka.bootstrapServers,
      'key.converter': json,
      'value.converter': json,
      'offset.storage.file.filename': dir.join(`offsets-${port}`),
      'plugin.path': pluginPath,
      listeners: `http://127.0.0.1:${port}`,
    }),
  );
  await writeFile(connectorFile, propertiesText({ ...pipelineKeys(STRUCTS), ...connector }));
  await using child = await worker.start('default', [workerFile, connectorFile]);
  return await measuredRun(child, ROWS, countNow);
}

async function newTopic(name: string): Promise<string> {
  await admin.createTopics([{ name, partitions: 1, replicationFactor: 1, configs: {} }]);
  return name;
}

async function recordsIn(topic: string): Promise<number> {
  const [end] = await admin.listOffsets([{ topic, partition: 0, timestamp: LATEST }]);
  return end?.offset ?? 0;
}

/** Rows come in the order of their ids, which an index tells at once. */
async function rowsIn(table: string): Promise<number> {
  const { rows } = await db.query(`SELECT coalesce(max(id) + 1, 0) FROM ${table}`);
  return Number(rows[0]?.[0] ?? 0);
}

async function newTable(): Promise<string> {
  const table = `orders_${++last}`;
  await db.execute(
    `CREATE TABLE ${table} (id BIGINT PRIMARY KEY, customer INT, sku TEXT, quantity INT, ` +
      'price DOUBLE PRECISION, paid BOOLEAN, currency TEXT, country TEXT, placed BIGINT, note TEXT)',
  );
  return table;
}

const KEYS: Readonly<Record<'Sluice' | 'Java', (table: string, mode: string) => Props>> = {
  Sluice: (table, mode) => ({
    'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector',
    ...database.props,
    'table.name.format': table,
    'insert.mode': mode,
    'pk.mode': 'record_value',
    'pk.fields': 'id',
  }),
  Java: (table, mode) => ({
    'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
    'connection.url': database.props['connection.url'] ?? '',
    'connection.username': database.props['connection.user'] ?? '',
    'connection.password': 'none',
    'collection.name.format': table,
    'insert.mode': mode,
    'primary.key.mode': 'record_value',
    'primary.key.fields': 'id',
    'dialect.postgres.unnest.insert.enabled': 'true',
  }),
};

async function sink(worker: Worker, mode: string, topic: string): Promise<RunResult> {
  const table = await newTable();
  const props = {
    ...KEYS[worker.name](table, mode),
    name: `sink-${table}`,
    topics: topic,
    'consumer.override.auto.offset.reset': 'earliest',
  };
  const result = await run(worker, worker.pluginPath, props, () => rowsIn(table));
  const { rows } = await db.query(`SELECT count(*), sum(quantity) FROM ${table}`);
  if (Number(rows[0]?.[0]) !== ROWS) throw new Error(`${worker.name}: ${String(rows[0])} rows`);
  await db.execute(`DROP TABLE ${table}`);
  return result;
}

function report(what: string, ours: readonly RunResult[], theirs: readonly RunResult[]): void {
  const of = (list: readonly RunResult[], value: (r: RunResult) => number): string =>
    list.length === 0 ? '' : median(list.map(value)).toFixed(0);
  const rate = (r: RunResult): number => r.recordsPerCpuSecond / 1000;
  const ratio = ours.map((r, i) => rate(r) / rate(theirs[i] ?? r));
  const cells = [
    what,
    of(ours, rate),
    of(theirs, rate),
    theirs.length === 0 ? '' : median(ratio).toFixed(2),
    of(ours, (r) => r.recordsPerSecond / 1000),
    of(theirs, (r) => r.recordsPerSecond / 1000),
    of(ours, (r) => r.peakRssMb),
    of(theirs, (r) => r.peakRssMb),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

const topic = await newTopic('orders');
await run(
  sluice,
  sluice.pluginPath,
  {
    name: 'orders',
    'connector.class': 'io.sluice.bench.OrderSource',
    topic,
    shape: 'struct',
    bytes: String(BYTES),
    records: String(ROWS),
  },
  () => recordsIn(topic),
);
console.log('| | ours k/CPU-s | Java k/CPU-s | ratio | ours k/s | Java k/s | ours MB | Java MB |');
console.log('|---|---|---|---|---|---|---|---|');
for (const mode of ['insert', 'upsert']) {
  const [ours, theirs]: [RunResult[], RunResult[]] = [[], []];
  for (let i = 0; i < RUNS; i++) {
    ours.push(await sink(sluice, mode, topic));
    theirs.push(await sink(java, mode, topic));
  }
  report(`sink, ${mode}`, ours, theirs);
}
const table = await newTable();
await db.execute(
  `INSERT INTO ${table} SELECT n, n % 1000, 'SKU-' || n % 1000, n % 9, n % 5000 + 0.25, n % 3 = 0, ` +
    `'EUR', 'DE', 1700000000000 + n, repeat('x', 100) FROM generate_series(0, ${ROWS - 1}) AS n`,
);
const read: RunResult[] = [];
for (let i = 0; i < RUNS; i++) {
  const back = await newTopic(`back-${i}`);
  const props = {
    name: `source-${i}`,
    'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
    ...database.props,
    query: `SELECT * FROM (SELECT * FROM ${table}) AS t`,
    mode: 'incrementing',
    'incrementing.column.name': 'id',
    'topic.prefix': back,
  };
  read.push(await run(sluice, sluice.pluginPath, props, () => recordsIn(back)));
  await admin.deleteTopics([back]);
}
report('source, incrementing', read, []);
