/**
 * What Kafka's system tests `ConnectStandaloneFileTest` and (for one worker) `test_file_source_and_sink` of
 * the distributed ones assert: files through a topic over restarts, and bad records.
 */
import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { skipReason, startKafka, waitUntil, type KafkaCluster } from '@sluice/testing';
import { printedRecords } from './support/printed-record.ts';
import { START_STOP_MS_MAX, SystemTestWorker } from './support/system-test-worker.ts';

const SUITE = 'ConnectStandaloneFileTest';
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const STRING_CONVERTER = 'org.apache.kafka.connect.storage.StringConverter';
const FIRST = ['foo', 'bar', 'baz'];
const SECOND = ['razz', 'ma', 'tazz'];

type Props = Readonly<Record<string, string>>;

/** What a topic is written with, and how a line stands in it. */
interface Form {
  readonly topic: string;
  readonly converters: Props;
  readonly inTopic: (line: string) => string;
}

function converters(className: string, schemas: string): Props {
  return Object.fromEntries(
    ['key', 'value'].flatMap((side) => [
      [`${side}.converter`, className],
      [`${side}.converter.schemas.enable`, schemas],
    ]),
  );
}

const FORMS: readonly Form[] = [
  {
    topic: 'json-with-schemas',
    // As the system tests write it.
    converters: converters(JSON_CONVERTER, 'True'),
    inTopic: (line) => `{"schema":{"type":"string","optional":false},"payload":"${line}"}`,
  },
  {
    topic: 'json-without-schemas',
    converters: converters(JSON_CONVERTER, 'False'),
    inTopic: (line) => `"${line}"`,
  },
  // In place of the worker's own converter.
  {
    topic: 'strings',
    converters: { 'value.converter': STRING_CONVERTER },
    inTopic: (line) => line,
  },
];

function aSource(topic: string, more: Props = {}): Props {
  return {
    name: `${topic}-source`,
    'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
    'tasks.max': '1',
    file: '${DIR}/connect.input',
    topic,
    ...more,
  };
}

function aSink(topic: string, more: Props = {}): Props {
  return {
    name: `${topic}-sink`,
    'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
    'tasks.max': '1',
    file: `\${DIR}/${topic}.output`,
    topics: topic,
    ...more,
  };
}

describe(SUITE, { skip: await skipReason('kafka', SUITE) }, () => {
  let kafka: KafkaCluster;
  before(async () => {
    kafka = await startKafka();
  });
  after(() => kafka?.[Symbol.asyncDispose]());

  const aWorker = (connectors: readonly Props[]): Promise<SystemTestWorker> =>
    SystemTestWorker.create({
      bootstrapServers: kafka.bootstrapServers,
      worker: { 'key.converter': JSON_CONVERTER, 'value.converter': JSON_CONVERTER },
      connectors,
    });
  const hasLines = async (
    worker: SystemTestWorker,
    file: string,
    lines: readonly string[],
  ): Promise<void> => {
    const text = lines.map((line) => `${line}\n`).join('');
    await waitUntil(
      `${lines.length} lines in ${file}`,
      async () => (await worker.read(file)) === text,
      { timeoutMs: START_STOP_MS_MAX, onTimeout: () => `see ${worker.dir.path}` },
    );
  };

  test('R10.34 R10.41 test_file_source_and_sink, S-C1 S-C2 S-W8: two workers copy a file by each converter, and go on after both were restarted', async () => {
    await using from = await aWorker(
      FORMS.map(({ topic, converters: given }) => aSource(topic, given)),
    );
    await using to = await aWorker(
      FORMS.map(({ topic, converters: given }) => aSink(topic, given)),
    );
    await from.startAndListen();
    await to.startAndListen();
    // The source waits for a file that is not there yet.
    await writeFile(from.dir.join('connect.input'), FIRST.map((line) => `${line}\n`).join(''));
    for (const { topic } of FORMS) await hasLines(to, `${topic}.output`, FIRST);

    for (const worker of [from, to]) {
      await worker.stop();
      await worker.startAndListen();
    }
    await appendFile(from.dir.join('connect.input'), SECOND.map((line) => `${line}\n`).join(''));
    for (const { topic, inTopic } of FORMS) {
      await hasLines(to, `${topic}.output`, [...FIRST, ...SECOND]);
      const records = await printedRecords(kafka.bootstrapServers, topic);
      assert.deepEqual(
        records.map(({ value }) => value),
        [...FIRST, ...SECOND].map(inTopic),
      );
    }
  });

  for (const tolerance of ['all', 'none'])
    test(`R10.41 test_skip_and_log_to_dlq: with tolerance ${tolerance} ${tolerance === 'all' ? 'every bad record is a dead letter and all others arrive' : 'only the first bad record is a dead letter, and the task fails'}`, async () => {
      const topic = `mixed-${tolerance}`;
      const errors = `my-connector-errors-${tolerance}`;
      const good = (i: number): string => `{"some_key":${i}}`;
      const bad = (i: number): string => `{some_key:${i}}`;
      const lines = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? good(i) : bad(i)));
      await using worker = await aWorker([
        aSource(topic, { 'value.converter': STRING_CONVERTER }),
        aSink(topic, {
          ...converters(JSON_CONVERTER, 'False'),
          'errors.tolerance': tolerance,
          'errors.log.enable': 'true',
          'errors.deadletterqueue.topic.name': errors,
          'errors.deadletterqueue.topic.replication.factor': '1',
        }),
      ]);
      await writeFile(worker.dir.join('connect.input'), lines.map((line) => `${line}\n`).join(''));
      await worker.startAndListen();
      const even = Array.from({ length: 500 }, (_, i) => 2 * i);
      if (tolerance === 'all') {
        await hasLines(
          worker,
          `${topic}.output`,
          even.map((i) => `{some_key=${i}}`),
        );
      } else {
        const path = `${worker.restUrl}/connectors/${topic}-sink/tasks/0/status`;
        await waitUntil(
          'the task to fail',
          async () => (await (await fetch(path)).text()).includes('"state":"FAILED"'),
          { timeoutMs: START_STOP_MS_MAX },
        );
        const written = await readFile(worker.dir.join(`${topic}.output`), 'utf8').catch(() => '');
        assert.ok(['', '{some_key=0}\n'].includes(written), written.slice(0, 100));
      }
      const wanted = tolerance === 'all' ? even.map((i) => bad(i + 1)) : [bad(1)];
      // The last of them is sent after the last good record was written.
      const letters = await waitUntil(
        'the dead letters',
        async () => {
          const found = await printedRecords(kafka.bootstrapServers, errors);
          return found.length >= wanted.length ? found : null;
        },
        { timeoutMs: START_STOP_MS_MAX },
      );
      assert.deepEqual(
        letters.map(({ value }) => value),
        wanted,
      );
    });
});
