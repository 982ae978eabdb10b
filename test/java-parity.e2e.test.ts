import {
  kafkaTool,
  requireServer,
  serverProblem,
  startJavaConnectStandalone,
  startKafka,
  waitUntil,
  type JavaConnect,
  type KafkaCluster,
  type SluiceProcess,
} from '@sluice/testing';
import assert from 'node:assert/strict';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { aFilePipeline, STRING_CONVERTERS, type FilePipeline } from './support/file-pipeline.ts';
import { printedRecords, type PrintedRecord } from './support/topic-text.ts';

type Props = Readonly<Record<string, string>>;

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const LINES = [
  'plain',
  '',
  'with "quotes" and \\backslashes\\ and a /',
  'tab\tbell\u0007null\u0000delete\u007f',
  'größer, 日本語, 🚰, \u2028 and \ufeff',
  '<script>&amp;</script>',
  '{"looks": ["like", "JSON"], "n": 1.0}',
  'x'.repeat(10_000),
  ...Array.from({ length: 3_000 }, (_, i) => `line ${i}`),
];

type Worker = JavaConnect | SluiceProcess;
type StartWorker = (pipeline: FilePipeline) => Promise<Worker>;

/** Both are given the very same files. */
const WORKERS: readonly { readonly title: string; readonly start: StartWorker }[] = [
  {
    title: 'Java',
    start: ({ workerFile, connectorFiles }) =>
      startJavaConnectStandalone({ worker: workerFile, connectors: connectorFiles }),
  },
  { title: 'Sluice', start: (pipeline) => pipeline.start() },
];

/** What a user writes for each kind of value; the first is the worker's, the others override it. */
const KINDS: readonly { readonly topic: string; readonly props: Props }[] = [
  { topic: 'json-with-schemas', props: {} },
  {
    topic: 'json-plain',
    props: { 'value.converter': JSON_CONVERTER, 'value.converter.schemas.enable': 'false' },
  },
  { topic: 'strings', props: STRING_CONVERTERS },
];

let started: KafkaCluster | null = null;
before(async () => {
  if ((await serverProblem('java-connect')) === null) started = await startKafka();
});
after(() => started?.[Symbol.asyncDispose]());

/** The broker of this file's tests, which they may ask for once they are known not to be skipped. */
function bootstrapServers(): string {
  assert.ok(started !== null);
  return started.bootstrapServers;
}

test('Java and Sluice leave the same bytes in the topic, and write what they read', async (t) => {
  if (!(await requireServer(t, 'java-connect'))) return;
  const [first, ...others] = KINDS;
  await using pipeline = await aFilePipeline({
    bootstrapServers: bootstrapServers(),
    topic: first?.topic ?? '',
    workerProps: { 'key.converter': JSON_CONVERTER, 'value.converter': JSON_CONVERTER },
    moreConnectors: others.flatMap(({ topic, props }) => [
      { ...aSource(topic), file: 'in', ...props },
      { ...aSink(topic), file: `out-${topic}`, ...props },
    ]),
  });
  const outFiles = [
    pipeline.outFile,
    ...others.map(({ topic }) => pipeline.dir.join(`out-${topic}`)),
  ];
  const sent = LINES.map((line) => `${line}\n`).join('');
  await writeFile(pipeline.inFile, sent);
  const seen: (readonly PrintedRecord[])[][] = [];
  for (const worker of WORKERS) {
    await using running = await worker.start(pipeline);
    for (const file of outFiles) await waitForLines(file, running, LINES.length);
    await running.stop();
    const records: (readonly PrintedRecord[])[] = [];
    for (const { topic } of KINDS) {
      records.push(await printedRecords(bootstrapServers(), topic, LINES.length));
    }
    seen.push(records);
    for (const file of outFiles) {
      assert.equal(await readFile(file, 'utf8'), sent, `${worker.title} wrote ${file}`);
    }
    await forget(pipeline, outFiles);
  }
  const [java, sluice] = seen;
  for (const [i, { topic }] of KINDS.entries()) {
    assert.equal(java?.[i]?.length, LINES.length, topic);
    assert.deepEqual(sluice?.[i], java?.[i], topic);
  }
});

test("Java and Sluice go on from each other's offsets, in the file and in the group", async (t) => {
  if (!(await requireServer(t, 'java-connect'))) return;
  await using pipeline = await aFilePipeline({ bootstrapServers: bootstrapServers() });
  const turns = ['Sluice', 'Java', 'Sluice', 'Java'];
  for (const [turn, title] of turns.entries()) {
    await appendFile(pipeline.inFile, `turn ${turn} of ${title}, line 1\nturn ${turn}, line 2\n`);
    const worker = WORKERS.find((candidate) => candidate.title === title);
    assert.ok(worker);
    await using running = await worker.start(pipeline);
    await waitForLines(pipeline.outFile, running, 2 * (turn + 1));
    await running.stop();
    const { length } = await readFile(pipeline.inFile);
    assert.equal(await pipeline.committedPosition(), length, `after turn ${turn} of ${title}`);
  }
  const sent = await readFile(pipeline.inFile, 'utf8');
  assert.equal(await readFile(pipeline.outFile, 'utf8'), sent);
  const records = await printedRecords(bootstrapServers(), pipeline.topic, 2 * turns.length);
  assert.equal(records.map(({ value }) => `${value}\n`).join(''), sent);
});

async function waitForLines(file: string, worker: Worker, count: number): Promise<void> {
  await waitUntil(
    `${count} lines in ${file}`,
    async () => {
      const text = await readFile(file, 'utf8').catch(() => '');
      return text.split('\n').length > count;
    },
    { timeoutMs: 60_000, onTimeout: () => worker.output.split('\n').slice(-40).join('\n') },
  );
}

const aSource = (topic: string): Props => ({
  name: `${topic}-source`,
  'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
  topic,
});
const aSink = (topic: string): Props => ({
  name: `${topic}-sink`,
  'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
  topics: topic,
});

/** Makes all as if no worker had run: topics, groups, the offsets file, the output. */
async function forget(pipeline: FilePipeline, outFiles: readonly string[]): Promise<void> {
  const server = ['--bootstrap-server', bootstrapServers()];
  const topics = KINDS.map(({ topic }) => topic).join('|');
  const deleted = await kafkaTool('TopicCommand', [...server, '--delete', '--topic', topics]);
  assert.equal(deleted.code, 0, deleted.stdout + deleted.stderr);
  const groups = KINDS.map(({ topic }) => `${topic}-sink`);
  const gone = await kafkaTool('ConsumerGroupCommand', [
    ...server,
    '--delete',
    ...groups.flatMap((sink) => ['--group', `connect-${sink}`]),
  ]);
  assert.equal(gone.code, 0, gone.stdout + gone.stderr);
  for (const file of [...outFiles, pipeline.offsetsFile]) await rm(file);
}
