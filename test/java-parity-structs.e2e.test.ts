/**
 * Goal: what pipelines write is byte for byte what Java's write, also where values are structs, doubles,
 * nulls, maps and logical types. Method: the same connectors, Kafka's own test connectors among them, run in
 * Java's worker and then in ours, on one Apache Kafka; a Java program reads what came, nothing of ours
 * judges itself. Masked is only what is different in every run: the time of day that `VerifiableSource` puts
 * into its values (`time_ms`), and the records' own timestamps, which the producers take from the clock.
 * The order within a printed map is not compared.
 */
import {
  fetchedJar,
  freePort,
  kafkaTool,
  makeTempDir,
  propertiesText,
  requireServer,
  startJava,
  startJavaConnectStandalone,
  startKafka,
  startSluice,
  waitUntil,
  type JavaConnect,
  type SluiceProcess,
  type TempDir,
} from '@sluice/testing';
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  NULL_TEXT,
  SINK_INPUT,
  SINK_TOPIC,
  structSinks,
  structSources,
} from './support/struct-pipelines.ts';

type Worker = JavaConnect | SluiceProcess;

/** A record as it stands in the topic. */
interface RawRecord {
  readonly timestampType: string;
  readonly timestampMs: number;
  /** Base64; `-` is null. */
  readonly key: string;
  readonly value: string;
  readonly headers: readonly string[];
}

/** What one worker left behind. */
interface Outcome {
  readonly records: ReadonlyMap<string, readonly RawRecord[]>;
  readonly fileLines: string;
  readonly printedLines: readonly string[];
  readonly startedMs: number;
  readonly endedMs: number;
}

const DUMP = fileURLToPath(new URL('./java/DumpRecords.java', import.meta.url));
const OUR_TEST_CONNECTORS = fileURLToPath(
  new URL('../packages/testing/java-connectors', import.meta.url),
);
const JAVAS_TEST_CONNECTORS = 'org.apache.kafka:connect-test-plugins:4.3.1';
const NUMBERS = 'java-numbers';
const PRINTED = 15;
const WAIT_MS = 60_000;
const HEAP_MB = 128;

test('structs, doubles, nulls, maps and logical types are written byte for byte as by Java', async (t) => {
  if (!(await requireServer(t, 'java-connect'))) return;
  // Java prints dates in the time zone of its process.
  process.env['TZ'] = 'UTC';
  await using dir = await makeTempDir('structs');
  await using kafka = await startKafka();
  const server = ['--bootstrap-server', kafka.bootstrapServers];
  const produced = await kafkaTool(
    'ConsoleProducer',
    [
      ...server,
      '--topic',
      SINK_TOPIC,
      ...['parse.key=true', `null.marker=${NULL_TEXT}`].flatMap((property) => [
        '--reader-property',
        property,
      ]),
    ],
    { input: SINK_INPUT.map((line) => `${line}\n`).join('') },
  );
  assert.equal(produced.code, 0, produced.stderr);
  const java = await outcomeOf('java', kafka.bootstrapServers, dir);
  const sluice = await outcomeOf('sluice', kafka.bootstrapServers, dir);

  for (const { topic, records, isTimed } of structSources('')) {
    const [theirs = [], ours = []] = [java.records.get(topic), sluice.records.get(topic)];
    assert.equal(theirs.length, records, topic);
    for (const [at, record] of theirs.entries())
      assert.deepEqual(shown(ours[at], isTimed), shown(record, isTimed), `${topic}, record ${at}`);
    for (const [at, record] of ours.entries()) {
      assert.equal(record.timestampType, theirs[at]?.timestampType, topic);
      const { timestampMs } = record;
      assert.ok(timestampMs >= sluice.startedMs && timestampMs <= sluice.endedMs, topic);
    }
  }
  assert.equal(java.fileLines.split('\n').length - 1, SINK_INPUT.length);
  assert.equal(withMapsSorted(sluice.fileLines), withMapsSorted(java.fileLines));
  assert.equal(java.printedLines.length, PRINTED);
  assert.deepEqual(sluice.printedLines, java.printedLines);
});

/** Runs all connectors in a worker until all is there, and reads what it wrote. */
async function outcomeOf(
  worker: 'java' | 'sluice',
  bootstrapServers: string,
  dir: TempDir,
): Promise<Outcome> {
  const startedMs = Date.now();
  const sinkFile = dir.join(`${worker}-out`);
  const restUrl = `http://127.0.0.1:${await freePort()}`;
  const isJava = worker === 'java';
  const workerFile = await write(dir, `${worker}-worker`, {
    'bootstrap.servers': bootstrapServers,
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'offset.storage.file.filename': dir.join(`${worker}-offsets`),
    'offset.flush.interval.ms': '500',
    'connector.client.config.override.policy': 'All',
    ...(isJava ? {} : { 'plugin.path': OUR_TEST_CONNECTORS }),
    listeners: restUrl,
  });
  const connectors = [
    ...structSources(worker).map(({ props }) => props),
    ...structSinks(worker, sinkFile, NUMBERS).map(({ name, props }) => ({ name, ...props })),
  ];
  const files: string[] = [];
  for (const [at, props] of connectors.entries())
    files.push(await write(dir, `${worker}-connector-${at}`, { 'tasks.max': '1', ...props }));
  await using running: Worker = isJava
    ? await startJavaConnectStandalone({
        worker: workerFile,
        connectors: files,
        moreJars: [await fetchedJar(JAVAS_TEST_CONNECTORS)],
      })
    : await startSluice({ args: ['standalone', workerFile, ...files] });
  const tail = (): string => running.output.split('\n').slice(-60).join('\n');
  const records = await dumped(worker, bootstrapServers, dir, tail);
  await waitUntil(
    `${worker}'s sinks`,
    async () => {
      const text = await readFile(sinkFile, 'utf8').catch(() => '');
      return text.split('\n').length > SINK_INPUT.length && printed(running).length >= PRINTED;
    },
    { timeoutMs: WAIT_MS, onTimeout: tail },
  );
  // All that is compared is there, and Java waits for idle connections when it is asked to end.
  await running.kill();
  return {
    records,
    fileLines: await readFile(sinkFile, 'utf8'),
    printedLines: printed(running).slice(0, PRINTED),
    startedMs,
    endedMs: Date.now(),
  };
}

async function write(
  dir: TempDir,
  name: string,
  props: Readonly<Record<string, string>>,
): Promise<string> {
  const file = dir.join(`${name}.properties`);
  // Java reads these files as Latin-1: other characters have to be escaped.
  const text = propertiesText(props).replaceAll(
    /[^\0-~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  await writeFile(file, text);
  return file;
}

/** The first records of each source's topic, by the source's own name for it. */
async function dumped(
  worker: string,
  bootstrapServers: string,
  dir: TempDir,
  tail: () => string,
): Promise<ReadonlyMap<string, readonly RawRecord[]>> {
  const sources = structSources(worker);
  const out = dir.join(`${worker}-records`);
  await using reader = await startJava({
    what: 'a reader of records',
    mainClass: DUMP,
    args: [
      bootstrapServers,
      out,
      ...sources.flatMap(({ topic, records }) => [`${worker}-${topic}`, String(records)]),
    ],
    heapMb: HEAP_MB,
    isShortLived: true,
  });
  const { code } = await reader.exited;
  assert.equal(code, 0, `${reader.outputTail()}\n${tail()}`);
  const lines = (await readFile(out, 'utf8')).trimEnd().split('\n');
  const found = lines.map((line): [string, RawRecord] => {
    const [topic = '', timestampType = '', time = '', key = '', value = '', ...headers] =
      line.split('\t');
    const record = { timestampType, timestampMs: Number(time), key, value, headers };
    return [topic.slice(worker.length + 1), record];
  });
  const byTopic = Map.groupBy(found, ([topic]) => topic);
  return new Map([...byTopic].map(([topic, of]) => [topic, of.map(([, record]) => record)]));
}

/** Key, value and headers; as texts where they are texts, so that a difference can be read. */
function shown(record: RawRecord | undefined, isTimed: boolean): object {
  assert.ok(record !== undefined);
  const { key, value, headers } = record;
  const text = textOf(value);
  return {
    key: textOf(key),
    value: isTimed ? text.replace(/(time_ms"?[:=])\d{13}/, '$1masked') : text,
    headers: headers.map((header) => {
      const at = header.indexOf('=');
      return `${header.slice(0, at)}=${textOf(header.slice(at + 1))}`;
    }),
  };
}

/** Java prints maps in the order of their hashes, we in that of the source: nobody may rely on either. */
function withMapsSorted(lines: string): string {
  return lines.replaceAll(/\bmap=\{([^{}]*)\}/g, (_, entries: string) => {
    return `map={${entries.split(', ').toSorted().join(', ')}}`;
  });
}

/** Latin-1, so that each byte is one character: nothing is lost. */
function textOf(base64: string): string {
  return base64 === '-' ? 'null' : `bytes ${Buffer.from(base64, 'base64').toString('latin1')}`;
}

/** What the printing sink wrote to standard output, without the times. */
function printed(worker: Worker): readonly string[] {
  const lines = worker.output.split('\n').filter((line) => /^\{.*"sinkTask"/.test(line));
  return lines
    .filter((line) => !line.includes('"flushed"'))
    .map((line) => line.replace(/"time_ms":\d+/, '"time_ms":0'));
}
