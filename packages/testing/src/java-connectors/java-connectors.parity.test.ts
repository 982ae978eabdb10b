import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  ConnectError,
  newSinkRecord,
  type OpenSource,
  type Props,
  type SourceRecord,
  type SourceTaskContext,
} from '@sluice/api';
import { OffsetStore } from '../conformance/offset-store.ts';
import { SILENT_LOGGER } from '../conformance/silent-logger.ts';
import * as plugins from './index.ts';
import type { PrintLine } from './printed-line.ts';
import { openSchemaSource } from './schema-source.ts';
import { openVerifiableSink } from './verifiable-sink.ts';
import { openVerifiableSource } from './verifiable-source.ts';

interface RecordedLine {
  readonly op: 'source' | 'sink' | 'failure' | 'task-configs';
  readonly class: string;
  readonly props: Props;
  readonly committed?: number;
  readonly records: readonly {
    readonly topic: string;
    readonly partition: number | null;
    readonly key: string;
    readonly value: string;
    readonly sourcePartition: string;
    readonly sourceOffset: string;
  }[];
  readonly stdout: string;
  readonly message: string;
  readonly configs: readonly Props[];
}

const GOLDEN = new URL('../../golden/test-connectors.jsonl', import.meta.url);
const LINES = readFileSync(GOLDEN, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line): RecordedLine => JSON.parse(line));
const POLLS = 5;
/** Java can't print what it committed when records are complete, and prints its complaint. */
const COMPLAINT = /^Bad data can't be written as json/;

const linesOf = (op: RecordedLine['op']): readonly RecordedLine[] => {
  const lines = LINES.filter((line) => line.op === op);
  assert.ok(lines.length > 0, op);
  return lines;
};

function contextOf(committed: number | undefined): SourceTaskContext {
  const offset = committed === undefined ? null : { seqno: committed };
  const reader = new OffsetStore();
  reader.offset = () => Promise.resolve(offset);
  return { configs: {}, logger: SILENT_LOGGER, offsetStorageReader: reader };
}

function open(line: RecordedLine, print: PrintLine): Promise<OpenSource> {
  const openTask = line.class.endsWith('SchemaSourceTask')
    ? openSchemaSource
    : openVerifiableSource;
  return openTask(contextOf(line.committed), line.props, print);
}

/** The value in the words of the recording: payload as JSON, schema by its fields. */
function described(record: SourceRecord): object {
  const { topic, kafkaPartition: partition, key, valueSchema, value } = record;
  const payload: unknown =
    typeof value === 'object' && value !== null && 'time_ms' in value
      ? { ...value, time_ms: 0 }
      : value;
  return {
    topic,
    partition,
    key,
    payload,
    version: valueSchema?.version ?? null,
    fields: valueSchema?.fields.map((field) => field.name) ?? [],
  };
}

function recorded(record: RecordedLine['records'][number]): object {
  const value = JSON.parse(record.value);
  const float = value.payload?.float;
  const payload =
    float === undefined ? value.payload : { ...value.payload, float: Math.fround(float) };
  const fields: readonly { field: string }[] = value.schema.fields ?? [];
  return {
    topic: record.topic,
    partition: record.partition,
    key: JSON.parse(record.key).payload,
    payload,
    version: value.schema.version ?? null,
    fields: fields.map(({ field }) => field),
  };
}

test('sources emit and print what Java emits and prints', async () => {
  for (const line of linesOf('source')) {
    const printed: string[] = [];
    const task = await open(line, (text) => printed.push(text));
    const records: SourceRecord[] = [];
    for (let poll = 0; poll < POLLS; poll++) {
      for (const record of (await task.poll(AbortSignal.timeout(200))) ?? []) {
        records.push(record);
        task.commitRecord?.(record, null);
      }
    }
    assert.deepEqual(
      records.map(described),
      line.records.map(recorded),
      JSON.stringify(line.props),
    );
    const texts = printed.map((text) => text.replace(/"time_ms":\d+/, '"time_ms":0'));
    for (const [index, text] of line.stdout.trimEnd().split('\n').entries())
      if (!COMPLAINT.test(text)) assert.equal(texts[index], text);
    const offsets = line.records.map(({ sourceOffset }) => sourceOffset);
    assert.deepEqual(
      records.map(({ sourceOffset }) => `{seqno=${String(sourceOffset?.['seqno'])}}`),
      offsets,
    );
  }
});

test('a sink prints what Java prints, of the partitions that are flushed', async () => {
  for (const line of linesOf('sink')) {
    const printed: string[] = [];
    const task = openVerifiableSink(line.props, (text) => printed.push(text));
    const at = { topic: 't', key: 7 };
    await task.put(
      [0, 1, 2, 3].map((i) =>
        newSinkRecord({ ...at, kafkaPartition: i % 2, value: 100 + i, kafkaOffset: i }),
      ),
    );
    await task.flush?.([{ topic: 't', partition: 1, offset: 4 }]);
    await task.put([
      newSinkRecord({ topic: 't', kafkaPartition: 1, value: 'text', kafkaOffset: 9 }),
    ]);
    await task.flush?.([{ topic: 't', partition: 0, offset: 3 }]);
    await task.flush?.([{ topic: 't', partition: 1, offset: 10 }]);
    const text = printed.map((each) => `${each}\n`).join('');
    assert.equal(text.replaceAll(/"time_ms":\d+/g, '"time_ms":0'), line.stdout);
  }
});

test('a config that is no good fails the task in the words of Java', async () => {
  for (const line of linesOf('failure'))
    await assert.rejects(
      open(line, () => undefined),
      (error) => {
        assert.ok(error instanceof ConnectError);
        assert.equal(error.message, line.message);
        return true;
      },
    );
});

test('every task has its number', async () => {
  const byClass = new Map(Object.values(plugins).map((plugin) => [plugin.className, plugin]));
  assert.equal(byClass.size, 5);
  for (const line of linesOf('task-configs')) {
    const connector = byClass.get(line.class)?.create();
    await connector?.start({ name: 'n', topic: 't' });
    assert.deepEqual(await connector?.taskConfigs(3), line.configs);
  }
});

test('mocks fail in the connector or in the task, when their time has come', async () => {
  const errors: Error[] = [];
  const context = { ...contextOf(undefined), requestTaskReconfiguration: () => undefined };
  const connector = plugins.mockSource.create();
  connector.initialize({ ...context, raiseError: (error) => void errors.push(error) });
  await connector.start({ mock_mode: 'connector-failure', delay_ms: '0' });
  await new Promise((settle) => setTimeout(settle, 20));
  assert.equal(errors.length, 1);
  await connector.stop();

  const failing = { mock_mode: 'task-failure', delay_ms: '-1' };
  const source = connector.newTask();
  await source.start(failing);
  await assert.rejects(source.poll(AbortSignal.timeout(10)), /mock_mode/);
  const sink = plugins.mockSink.create().newTask();
  await sink.start(failing);
  assert.throws(() => sink.put([]), /mock_mode/);
  await sink.start({});
  await sink.put([]);
});
