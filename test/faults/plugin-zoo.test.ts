import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  aSinkTaskSpec,
  aSourceTaskSpec,
  until,
} from '../../packages/runtime/test/support/task-fixture.ts';
import { Loggers } from '../../packages/runtime/src/logging/loggers.ts';
import { ConnectorOffsets } from '../../packages/runtime/src/storage/connector-offsets.ts';
import { MemoryOffsetBackingStore } from '../../packages/runtime/src/storage/memory-offset-backing-store.ts';
import type {
  PluginRef,
  TaskHostListener,
  TaskId,
} from '../../packages/runtime/src/task-host/contract.ts';
import { ThreadTaskHost } from '../../packages/runtime/src/task-host/thread-task-host.ts';

const PLUGINS = new URL('../support/zoo/zoo-plugins.ts', import.meta.url).href;
const KAFKA = new URL('../../packages/runtime/test/support/lane-kafka.ts', import.meta.url).href;
const STOP_MS = 5_000;

function plugin(exportName: string): PluginRef {
  return { moduleUrl: PLUGINS, exportName, className: `com.example.${exportName}`, version: '1' };
}

const CONVERTERS = {
  keyConverter: { plugin: plugin('text'), props: {} },
  valueConverter: { plugin: plugin('text'), props: {} },
  headerConverter: { plugin: plugin('headers'), props: {} },
  offsetFlushIntervalMs: 20,
  offsetFlushTimeoutMs: 1_000,
};

/** What became of each task, as it was told. */
class Statuses implements TaskHostListener {
  readonly states = new Map<string, string>();
  readonly traces = new Map<string, string>();

  onTaskStatus({ connector }: TaskId, state: string, trace?: string): void {
    this.states.set(connector, state);
    if (trace !== undefined) this.traces.set(connector, trace);
  }
  onConnectorFailed(): void {}
  onTaskReconfigurationRequested(): void {}
  onTopicUsed(): void {}
}

describe('the zoo of plug-ins, all in one thread beside a task that is well', () => {
  const statuses = new Statuses();
  const offsets = new MemoryOffsetBackingStore();
  let host: ThreadTaskHost;
  let counter = 0;

  before(async () => {
    host = new ThreadTaskHost({
      listener: statuses,
      offsets: new ConnectorOffsets(offsets),
      loggers: new Loggers({ output: { write: () => undefined }, rootLevel: 'OFF' }),
      sharedLanesMax: 1,
      kafkaModuleUrl: KAFKA,
    });
    await startSource('well', {});
    await until('it runs', () => statuses.states.get('well') === 'RUNNING');
  });
  after(async () => {
    const states = statuses.states.get('well');
    await host.close(100);
    assert.equal(states, 'RUNNING', 'whatever the others did, their neighbour runs');
  });

  function startSource(connector: string, taskProps: Record<string, string>): Promise<void> {
    const isEarly = taskProps['at'] === 'initialize';
    return host.startTask(
      aSourceTaskSpec({
        ...CONVERTERS,
        id: { connector, task: 0 },
        plugin: plugin(isEarly ? 'sourceThatThrowsAtInitialize' : 'source'),
        taskProps,
      }),
    );
  }

  function startSink(connector: string, taskProps: Record<string, string>): Promise<void> {
    const isEarly = taskProps['at'] === 'initialize';
    return host.startTask(
      aSinkTaskSpec({
        ...CONVERTERS,
        id: { connector, task: 0 },
        plugin: plugin(isEarly ? 'sinkThatThrowsAtInitialize' : 'sink'),
        taskProps,
      }),
    );
  }
  /** Starts a task in its own way and waits until it is where it should be. */
  async function comesTo(
    state: string,
    start: (connector: string, taskProps: Record<string, string>) => Promise<void>,
    taskProps: Record<string, string>,
  ): Promise<string> {
    counter += 1;
    const connector = `odd-${counter}`;
    await start(connector, taskProps);
    await until(`${JSON.stringify(taskProps)} is ${state}`, () => {
      return statuses.states.get(connector) === state;
    });
    return connector;
  }

  const recordsOut = async (connector: string): Promise<number> =>
    (await host.taskProgress({ connector, task: 0 }))?.recordsOut ?? 0;

  async function untilRecordsOut(connector: string): Promise<void> {
    while ((await recordsOut(connector)) < 3) await sleep(10);
  }

  async function stops(connector: string): Promise<void> {
    await host.stopTasks([{ connector, task: 0 }], STOP_MS);
    assert.equal(statuses.states.get(connector), 'UNASSIGNED');
  }

  for (const how of ['throw', 'reject']) {
    const atOnce = how === 'throw' ? ['initialize'] : [];
    for (const at of [...atOnce, 'start', 'poll']) {
      test(`F35 a source that fails in ${at} (${how}) has FAILED, with its trace`, async () => {
        const connector = await comesTo('FAILED', startSource, { at, how });
        assert.match(statuses.traces.get(connector) ?? '', new RegExp(`the zoo in ${at}\\n\\tat`));
      });
    }
    for (const at of [...atOnce, 'start', 'open', 'put']) {
      test(`F35 a sink that fails in ${at} (${how}) has FAILED, with its trace`, async () => {
        const connector = await comesTo('FAILED', startSink, { at, how });
        assert.match(statuses.traces.get(connector) ?? '', new RegExp(`the zoo in ${at}`));
      });
    }
    test(`F35 a source that fails in commit (${how}) goes on, its offsets are stored`, async () => {
      const connector = await comesTo('RUNNING', startSource, { at: 'commit', how });
      await untilRecordsOut(connector);
      await stops(connector);
      const key = Buffer.from(`["${connector}",{"part":"p"}]`);
      assert.equal(Buffer.from(offsets.get(key) ?? []).toString(), '{"n":2}');
    });
    test(`F35 a sink that fails in flush (${how}) is given its records again, and stops`, async () => {
      const connector = await comesTo('RUNNING', startSink, { at: 'flush', how });
      while ((await recordsOut(connector)) < 9) await sleep(10);
      const progress = await host.taskProgress({ connector, task: 0 });
      assert.equal(progress?.offsetCommits, 0);
      await stops(connector);
    });
    test(`F35 tasks that fail in stop and close (${how}) are stopped all the same`, async () => {
      await stops(await comesTo('RUNNING', startSource, { at: 'stop', how }));
      await stops(await comesTo('RUNNING', startSink, { at: 'stop', how }));
      await stops(await comesTo('RUNNING', startSink, { at: 'close', how }));
    });
  }

  test('F35 a source that throws in commitRecord goes on: its record is in Kafka', async () => {
    const connector = await comesTo('RUNNING', startSource, { at: 'commitRecord', how: 'throw' });
    await untilRecordsOut(connector);
    await stops(connector);
  });

  test('F34 a rejection that nobody awaits, in commitRecord, costs that task alone', async () => {
    const props = { at: 'commitRecord', how: 'reject' };
    const connector = await comesTo('FAILED', startSource, props);
    assert.match(statuses.traces.get(connector) ?? '', /nobody caught.*the zoo in commitRecord/);
  });

  test('F34 an error event that nobody listens to fails the task', async () => {
    const connector = await comesTo('FAILED', startSource, { how: 'error-event' });
    assert.match(statuses.traces.get(connector) ?? '', /nobody caught.*an error event/);
  });

  test('F33 process.abort() in a task is refused by its thread, and fails it', async () => {
    const connector = await comesTo('FAILED', startSource, { how: 'abort' });
    assert.match(statuses.traces.get(connector) ?? '', /process\.abort\(\)/);
  });

  for (const what of ['number', 'nan', 'text', 'object']) {
    test(`F36 a poll that answers ${what} in place of records is told so`, async () => {
      const connector = await comesTo('FAILED', startSource, { how: `poll-${what}` });
      assert.match(statuses.traces.get(connector) ?? '', /SourceTask\.poll answered .*no list/);
    });
  }

  for (const what of ['null-record', 'empty-record']) {
    test(`F36 a poll whose list holds ${what} fails its task`, async () => {
      await comesTo('FAILED', startSource, { how: `poll-${what}` });
    });
  }

  test('F36 a poll that answers undefined had no records', async () => {
    const connector = await comesTo('RUNNING', startSource, { how: 'poll-undefined' });
    await untilRecordsOut(connector);
    await stops(connector);
  });
});
