/**
 * Goal: the data plane and the task host on real brokers: what a source task sends arrives at a
 * sink task once and in order, over restarts of both, and dead letters reach their topic.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Props } from '@sluice/api';
import { createAdmin, createConsumer, silentLogger } from '@sluice/kafka';
import { brokersUnderTest, type RunningBroker } from '@sluice/testing';
import { Loggers } from '../src/logging/loggers.ts';
import { ConnectorOffsets } from '../src/storage/connector-offsets.ts';
import { MemoryOffsetBackingStore } from '../src/storage/memory-offset-backing-store.ts';
import {
  deadLetterAdminConfig,
  deadLetterProducerConfig,
  sinkConsumerConfig,
  sourceProducerConfig,
} from '../src/task-host/client-configs.ts';
import type { PluginRef, SinkTaskSpec, TaskId } from '../src/task-host/contract.ts';
import { ThreadTaskHost } from '../src/task-host/thread-task-host.ts';
import { aSinkTaskSpec, aSourceTaskSpec } from './support/task-fixture.ts';

const COUNT = 20_000;
const WAIT_MS_MAX = 60_000;
const STOP_MS_MAX = 10_000;

function plugin(specifier: string, exportName: string): PluginRef {
  const moduleUrl = import.meta.resolve(specifier);
  return { moduleUrl, exportName, className: exportName, version: '1' };
}

const STRING = {
  plugin: plugin('@sluice/converters/string-converter', 'stringConverter'),
  props: {},
};
const JSON_VALUES = {
  plugin: plugin('@sluice/converters/json-converter', 'jsonConverter'),
  props: { 'schemas.enable': 'false' },
};
const CONVERTERS = {
  keyConverter: STRING,
  valueConverter: STRING,
  headerConverter: {
    plugin: plugin('@sluice/converters/simple-header-converter', 'simpleHeaderConverter'),
    props: {},
  },
};

for (const kind of brokersUnderTest()) {
  const title = `a pipeline on ${kind.title}`;
  describe(title, { skip: await kind.skipReason(title) }, () => {
    const traces: string[] = [];
    let broker: RunningBroker;
    let host: ThreadTaskHost;
    let folder = '';
    let workerProps: Readonly<Record<string, string>> = {};

    before(async () => {
      broker = await kind.start();
      workerProps = { 'bootstrap.servers': broker.bootstrapServers };
      folder = await mkdtemp(join(tmpdir(), 'sluice-pipeline-'));
      host = new ThreadTaskHost({
        listener: {
          onTaskStatus: (_id, _state, trace) => {
            if (trace !== undefined) traces.push(trace);
          },
          onConnectorFailed: (_name, trace) => void traces.push(trace),
          onTaskReconfigurationRequested: () => undefined,
          onTopicUsed: () => undefined,
        },
        offsets: new ConnectorOffsets(new MemoryOffsetBackingStore()),
        loggers: new Loggers({ rootLevel: 'ERROR' }),
        sharedLanesMax: 1,
      });
    });
    after(async () => {
      await host.close(STOP_MS_MAX);
      await broker.stop();
      await rm(folder, { recursive: true, force: true });
    });

    async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
      const deadlineMs = Date.now() + WAIT_MS_MAX;
      while (!(await condition())) {
        assert.deepEqual(traces, [], 'a task has failed');
        if (Date.now() > deadlineMs) throw new Error(`it did not happen in time: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }

    async function startSource(
      id: TaskId,
      topic: string,
      end: number,
      props: Props = {},
    ): Promise<void> {
      const input = { workerProps, connectorProps: {} };
      await host.startTask(
        aSourceTaskSpec({
          ...CONVERTERS,
          id,
          plugin: plugin('./support/pipeline-plugins.ts', 'source'),
          taskProps: { topic, end: String(end), ...props },
          offsetFlushTimeoutMs: 5_000,
          producerConfig: sourceProducerConfig(input, id),
          adminConfig: { ...workerProps },
          topicCreation: [
            {
              name: 'default',
              include: [],
              exclude: [],
              partitions: Number(props['partitions'] ?? '1'),
              replicationFactor: 1,
              configs: {},
            },
          ],
        }),
      );
    }

    async function startSink(
      id: TaskId,
      topic: string,
      file: string,
      changes: Partial<SinkTaskSpec> = {},
    ) {
      const input = { workerProps, connectorProps: {} };
      await host.startTask(
        aSinkTaskSpec({
          ...CONVERTERS,
          id,
          plugin: plugin('./support/pipeline-plugins.ts', 'sink'),
          taskProps: { file },
          topics: [topic],
          offsetFlushTimeoutMs: 5_000,
          consumerConfig: sinkConsumerConfig(input, id),
          ...changes,
        }),
      );
    }

    function linesOf(file: string): Promise<string[]> {
      return readFile(file, 'utf8').then(
        (text) => text.split('\n').slice(0, -1),
        () => [],
      );
    }

    test('every record arrives once and in order, over clean restarts of both sides', async () => {
      const source = { connector: 'counting', task: 0 };
      const sink = { connector: 'filing', task: 0 };
      const file = join(folder, 'once');
      await startSource(source, 'once', COUNT / 2);
      const sent = async () => (await host.taskProgress(source))?.recordsOut === COUNT / 2;
      await until('half is sent', sent);
      await startSink(sink, 'once', file);
      await until('half is there', async () => (await linesOf(file)).length === COUNT / 2);
      await host.stopTasks([source, sink], STOP_MS_MAX);
      await startSource(source, 'once', COUNT);
      await startSink(sink, 'once', file);
      await until('all is there', async () => (await linesOf(file)).length >= COUNT);
      await host.stopTasks([source, sink], STOP_MS_MAX);
      assert.deepEqual(
        await linesOf(file),
        Array.from({ length: COUNT }, (_, index) => `value ${index}`),
      );
    });

    test('a sink that is started before its topic exists gets all the same', async () => {
      const source = { connector: 'late', task: 0 };
      const sink = { connector: 'early', task: 0 };
      const file = join(folder, 'early');
      await startSink(sink, 'late', file);
      await new Promise((resolve) => setTimeout(resolve, 500));
      await startSource(source, 'late', 10);
      await until('all is there', async () => (await linesOf(file)).length === 10);
      await host.stopTasks([source, sink], STOP_MS_MAX);
    });

    test('a broker that restarts in the middle fails no task and loses no record', async () => {
      const source = { connector: 'steady', task: 0 };
      const sink = { connector: 'patient', task: 0 };
      const file = join(folder, 'patient');
      const count = 200_000;
      await startSource(source, 'steady', count);
      await startSink(sink, 'steady', file);
      await until('it flows', async () => (await linesOf(file)).length > 0);
      await broker.restart();
      const seen = async () => new Set(await linesOf(file)).size;
      await until('all is there', async () => (await seen()) >= count);
      await host.stopTasks([source, sink], STOP_MS_MAX);
      assert.equal(await seen(), count);
    });

    test('sink tasks that come and go hand over their partitions without a loss or a double', async () => {
      const source = { connector: 'spread', task: 0 };
      const first = { connector: 'shared', task: 0 };
      const second = { connector: 'shared', task: 1 };
      const files = [join(folder, 'first'), join(folder, 'second')] as const;
      const count = 60_000;
      await startSource(source, 'spread', count, { partitions: '4', 'pause.ms': '50' });
      // A sink's consumer would let the broker create the topic, with one partition.
      const sent = async () => ((await host.taskProgress(source))?.recordsOut ?? 0) > 0;
      await until('the topic is there', sent);
      await startSink(first, 'spread', files[0]);
      await until('the first gets some', async () => (await linesOf(files[0])).length > 0);
      await startSink(second, 'spread', files[1]);
      await until('the second gets some', async () => (await linesOf(files[1])).length > 0);
      await host.stopTasks([first], STOP_MS_MAX);
      const all = async () => [...(await linesOf(files[0])), ...(await linesOf(files[1]))];
      await until('all is there', async () => new Set(await all()).size >= count);
      await host.stopTasks([source, second], STOP_MS_MAX);
      assert.equal((await all()).length, count);
    });

    test("a sink commits its group's offsets where Java would look for them", async () => {
      await using admin = createAdmin({ ...workerProps }, { logger: silentLogger });
      const offsets = await admin.listGroupOffsets('connect-filing');
      assert.deepEqual(
        offsets.map(({ topic, partition, offset }) => ({ topic, partition, offset })),
        [{ topic: 'once', partition: 0, offset: COUNT }],
      );
    });

    test('a record that is no JSON goes to the dead letters, with its coordinates', async () => {
      const source = { connector: 'texts', task: 0 };
      const sink = { connector: 'picky', task: 0 };
      const file = join(folder, 'picky');
      await writeFile(file, '');
      await startSource(source, 'texts', 3);
      const input = { workerProps, connectorProps: {} };
      await startSink(sink, 'texts', file, {
        valueConverter: JSON_VALUES,
        errors: {
          tolerance: 'all',
          retryTimeoutMs: 0,
          retryDelayMaxMs: 60_000,
          logEnable: false,
          logIncludeMessages: false,
        },
        deadLetters: {
          topic: 'texts.dead',
          replicationFactor: 1,
          isContextInHeaders: true,
          producerConfig: deadLetterProducerConfig(input, sink),
          adminConfig: deadLetterAdminConfig(input, sink),
        },
      });
      await until('all three are skipped', async () => {
        return (await host.taskProgress(sink))?.recordsSkipped === 3;
      });
      await host.stopTasks([source, sink], STOP_MS_MAX);
      await using consumer = createConsumer({ ...workerProps }, { logger: silentLogger });
      const partition = { topic: 'texts.dead', partition: 0 };
      consumer.assign([partition]);
      consumer.seek({ ...partition, offset: 0 });
      const letters: string[] = [];
      await until('the letters are read', async () => {
        for (const columns of await consumer.poll(500)) {
          for (let row = 0; row < columns.count; row++) {
            const headers = new Map(
              columns.headers(row).map(({ key, value }) => [key, String(value)]),
            );
            const at = headers.get('__connect.errors.offset') ?? '';
            const stage = headers.get('__connect.errors.stage') ?? '';
            letters.push(`${String(columns.value(row))} from ${at} in ${stage}`);
          }
        }
        return letters.length >= 3;
      });
      assert.deepEqual(letters, [
        'value 0 from 0 in VALUE_CONVERTER',
        'value 1 from 1 in VALUE_CONVERTER',
        'value 2 from 2 in VALUE_CONVERTER',
      ]);
      assert.deepEqual(await linesOf(file), []);
    });
  });
}
