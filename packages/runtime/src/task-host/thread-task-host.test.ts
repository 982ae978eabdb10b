import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { aSinkTaskSpec, aSourceTaskSpec, until } from '../../test/support/task-fixture.ts';
import { Loggers } from '../logging/loggers.ts';
import { ConnectorOffsets } from '../storage/connector-offsets.ts';
import { MemoryOffsetBackingStore } from '../storage/memory-offset-backing-store.ts';
import type {
  ConnectorSpec,
  PluginRef,
  SourceTaskSpec,
  TaskHostListener,
  TaskId,
} from './contract.ts';
import { ThreadTaskHost } from './thread-task-host.ts';

const PLUGINS = new URL('../../test/support/lane-plugins.ts', import.meta.url).href;
const KAFKA = new URL('../../test/support/lane-kafka.ts', import.meta.url).href;

function plugin(exportName: string): PluginRef {
  return { moduleUrl: PLUGINS, exportName, className: `com.example.${exportName}`, version: '1' };
}

const PLUG_INS = {
  keyConverter: { plugin: plugin('text'), props: {} },
  valueConverter: { plugin: plugin('text'), props: {} },
  headerConverter: { plugin: plugin('headers'), props: {} },
};

function aTask(connector: string, how: string, changes: Partial<SourceTaskSpec> = {}) {
  return aSourceTaskSpec({
    ...PLUG_INS,
    id: { connector, task: 0 },
    plugin: plugin('source'),
    taskProps: { how },
    offsetFlushTimeoutMs: 1_000,
    isolation: 'task',
    ...changes,
  });
}

function aConnector(
  name: string,
  how: string,
  changes: Partial<ConnectorSpec> = {},
): ConnectorSpec {
  return {
    name,
    type: 'source',
    plugin: plugin('source'),
    props: { 'connector.how': how },
    target: 'STARTED',
    isolation: 'shared',
    ...changes,
  };
}

/** Every event as a line, traces apart. */
class Listener implements TaskHostListener {
  readonly events: string[] = [];
  readonly traces: string[] = [];

  onTaskStatus(id: TaskId, state: string, trace?: string): void {
    this.events.push(`${id.connector}-${id.task} ${state}`);
    if (trace !== undefined) this.traces.push(trace);
  }

  onConnectorFailed(connector: string, trace: string): void {
    this.events.push(`${connector} failed`);
    this.traces.push(trace);
  }

  onTaskReconfigurationRequested(connector: string): void {
    this.events.push(`${connector} reconfigure`);
  }

  onTopicUsed(id: TaskId, topic: string): void {
    this.events.push(`${id.connector}-${id.task} uses ${topic}`);
  }

  of(name: string): readonly string[] {
    return this.events.filter((each) => each.startsWith(`${name} `) || each.startsWith(`${name}-`));
  }
}

describe('the task host', () => {
  const listener = new Listener();
  const offsetStore = new MemoryOffsetBackingStore();
  let host: ThreadTaskHost;

  before(() => {
    host = new ThreadTaskHost({
      listener,
      offsets: new ConnectorOffsets(offsetStore),
      loggers: new Loggers({ output: { write: () => undefined }, rootLevel: 'OFF' }),
      sharedLanesMax: 1,
      kafkaModuleUrl: KAFKA,
      blockedLimits: { sharedMs: 500, ownMs: 1_000 },
    });
  });
  beforeEach(() => {
    listener.events.length = 0;
    listener.traces.length = 0;
  });
  after(() => host.close(100));

  async function failsWith(how: string, trace: RegExp, changes: Partial<SourceTaskSpec> = {}) {
    await host.startTask(aTask('bad', how, changes));
    await until('it has failed', () => listener.events.includes('bad-0 FAILED'));
    assert.match(listener.traces.join('\n'), trace);
    assert.equal(await host.taskProgress({ connector: 'bad', task: 0 }), null);
  }

  test('R4.12 a task runs, stops, is UNASSIGNED, and goes on from its committed offset', async () => {
    const id = { connector: 'good', task: 0 };
    await host.startTask(aTask('good', ''));
    await until('its record is through', () => listener.events.includes('good-0 uses orders'));
    assert.equal((await host.taskProgress(id))?.recordsOut, 1);
    await host.stopTasks([id], 5_000);
    assert.deepEqual(listener.events, [
      'good-0 RUNNING',
      'good-0 uses orders',
      'good-0 UNASSIGNED',
    ]);
    const key = Buffer.from('["good",{"part":"p"}]');
    assert.equal(Buffer.from(offsetStore.get(key) ?? []).toString(), '{"at":0}');
    await host.startTask(aTask('good', ''));
    await until('the next is through', () => listener.events.length === 5);
    await host.stopTasks([id], 5_000);
    assert.equal(Buffer.from(offsetStore.get(key) ?? []).toString(), '{"at":1}');
  });

  test('a sink task runs in a lane as well', async () => {
    const id = { connector: 'sink', task: 0 };
    const spec = aSinkTaskSpec({ ...PLUG_INS, id, plugin: plugin('sink'), taskProps: {} });
    await host.startTask(spec);
    await until('it has put', () => listener.events.includes('sink-0 uses orders'));
    await host.stopTasks([id], 5_000);
    assert.deepEqual(listener.of('sink-0'), [
      'sink-0 RUNNING',
      'sink-0 uses orders',
      'sink-0 UNASSIGNED',
    ]);
  });

  test('tasks that are traced run, stop and go on like others', async () => {
    await using traced = new ThreadTaskHost({
      listener,
      offsets: new ConnectorOffsets(new MemoryOffsetBackingStore()),
      loggers: new Loggers({ output: { write: () => undefined }, rootLevel: 'OFF' }),
      sharedLanesMax: 1,
      kafkaModuleUrl: KAFKA,
      tracing: 'opentelemetry',
    });
    const ids = ['traced', 'drain'].map((connector) => ({ connector, task: 0 }));
    await traced.startTask(aTask('traced', ''));
    const id = { connector: 'drain', task: 0 };
    await traced.startTask(
      aSinkTaskSpec({ ...PLUG_INS, id, plugin: plugin('sink'), taskProps: {} }),
    );
    for (const name of ['traced-0', 'drain-0'])
      await until(`${name} works`, () => listener.events.includes(`${name} uses orders`));
    await traced.stopTasks(ids, 5_000);
    for (const name of ['traced-0', 'drain-0'])
      assert.deepEqual(listener.of(name), [
        `${name} RUNNING`,
        `${name} uses orders`,
        `${name} UNASSIGNED`,
      ]);
  });

  test('a task that is wanted PAUSED is not touched until it is resumed (R4.01)', async () => {
    const id = { connector: 'held', task: 0 };
    await host.startTask(aTask('held', '', { target: 'PAUSED' }));
    await until('it is paused', () => listener.events.includes('held-0 PAUSED'));
    assert.equal(await host.taskProgress(id), null);
    await host.resumeTask(id);
    await until('it runs', () => listener.events.includes('held-0 uses orders'));
    await host.pauseTask(id);
    await until('it rests', () => listener.events.length === 4);
    await host.stopTasks([id], 5_000);
    assert.deepEqual(listener.events, [
      'held-0 PAUSED',
      'held-0 RUNNING',
      'held-0 uses orders',
      'held-0 PAUSED',
      'held-0 UNASSIGNED',
    ]);
  });

  test('two starts of one task are refused', async () => {
    await host.startTask(aTask('twice', ''));
    await assert.rejects(host.startTask(aTask('twice', '')), /twice-0 is running already/);
    await host.stopTasks([{ connector: 'twice', task: 0 }], 5_000);
  });

  test('R4.14 an error of start or poll fails the task with its trace', async () => {
    await failsWith('fail-start', /RuntimeException: cannot connect\n\tat .*lane-plugins/);
    listener.events.length = 0;
    await failsWith('throw', /ClassCastException: the source is broken/);
  });

  test('an exception in a timer ends the thread, and the task has FAILED with it', async () => {
    await failsWith('throw-later', /error that nobody caught.*thrown in a timer/);
  });

  test('an unhandled rejection is told as such', async () => {
    await failsWith('reject', /error that nobody caught.*rejected by nobody/);
  });

  test('process.exit() ends the thread, not the worker', async () => {
    await failsWith('exit', /called process\.exit\(3\)/);
  });

  test('a task that uses up its heap is told the limit and the key to raise it', async () => {
    await failsWith(
      'out-of-memory',
      /heap limit of 40 MB was reached.*sluice\.task\.max\.heap\.mb/,
      {
        maxHeapMb: 40,
      },
    );
  });

  test('a plug-in that is not there fails the task, and says where it was looked for', async () => {
    const missing = { ...plugin('nothing'), className: 'com.example.Nothing' };
    await failsWith('', /com\.example\.Nothing is missing: there is no export 'nothing'/, {
      plugin: missing,
    });
  });

  test('a task that does not heed the stop is given up after the graceful time (R4.13)', async () => {
    const id = { connector: 'deaf', task: 0 };
    await host.startTask(aTask('deaf', 'deaf'));
    await until('it is through', () => listener.events.includes('deaf-0 uses orders'));
    const startedMs = Date.now();
    await host.stopTasks([id], 50);
    assert.ok(Date.now() - startedMs < 2_000);
    assert.deepEqual(listener.events, ['deaf-0 RUNNING', 'deaf-0 uses orders']);
    await host.startTask(aTask('deaf', ''));
    await host.stopTasks([id], 5_000);
  });

  test('R2.05 the graceful time is for all tasks together, not for each', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => ({ connector: `deaf${index}`, task: 0 }));
    for (const { connector } of ids) {
      await host.startTask(aTask(connector, 'deaf', { isolation: 'shared' }));
      await until('it is through', () => listener.events.includes(`${connector}-0 uses orders`));
    }
    const startedMs = performance.now();
    await host.stopTasks(ids, 1_000);
    // One after the other they would have eight seconds at the least.
    assert.ok(performance.now() - startedMs < 8_000);
    for (const { connector } of ids) assert.equal(listener.of(connector).length, 2, connector);
  });

  test('R4.01 R5.13 a sink task that is wanted PAUSED is not touched until it is resumed', async () => {
    const id = { connector: 'held-sink', task: 0 };
    const spec = {
      ...PLUG_INS,
      id,
      plugin: plugin('sink'),
      taskProps: {},
      target: 'PAUSED',
    } as const;
    await host.startTask(aSinkTaskSpec(spec));
    await until('it is paused', () => listener.events.includes('held-sink-0 PAUSED'));
    assert.equal(await host.taskProgress(id), null);
    await host.resumeTask(id);
    await until('it runs', () => listener.events.includes('held-sink-0 uses orders'));
    await host.stopTasks([id], 5_000);
    assert.deepEqual(listener.events.slice(0, 2), ['held-sink-0 PAUSED', 'held-sink-0 RUNNING']);
  });

  test('a task that spins is ended with its thread', async () => {
    await host.startTask(aTask('spin', 'spin'));
    await until('it runs', () => listener.events.includes('spin-0 RUNNING'));
    await host.stopTasks([{ connector: 'spin', task: 0 }], 50);
    assert.equal(await host.taskProgress({ connector: 'spin', task: 0 }), null);
  });

  test('neighbours of a task that ends its lane restart by themselves; only it has FAILED', async () => {
    const ids = ['left', 'right'].map((connector) => ({ connector, task: 0 }));
    for (const { connector } of ids) {
      await host.startTask(aTask(connector, '', { isolation: 'shared' }));
      await until('it runs', () => listener.events.includes(`${connector}-0 uses orders`));
    }
    await host.startTask(aTask('guilty', 'exit', { isolation: 'shared' }));
    await until('it has failed', () => listener.events.includes('guilty-0 FAILED'));
    await until(
      'the others run again',
      () => listener.of('left-0').at(-1) === 'left-0 uses orders',
    );
    await until('the others run again', () => listener.of('right-0').length === 5);
    for (const name of ['left-0', 'right-0']) {
      assert.deepEqual(listener.of(name), [
        `${name} RUNNING`,
        `${name} uses orders`,
        `${name} RESTARTING`,
        `${name} RUNNING`,
        `${name} uses orders`,
      ]);
    }
    assert.match(listener.traces.join('\n'), /called process\.exit\(3\)/);
    await host.stopTasks(ids, 5_000);
  });

  test('a task that blocks a shared lane at its stop costs the neighbours a restart, no more', async () => {
    await host.startTask(aTask('near', '', { isolation: 'shared' }));
    await until('it runs', () => listener.events.includes('near-0 uses orders'));
    await host.startTask(aTask('block', 'spin', { isolation: 'shared' }));
    await until('it runs', () => listener.events.includes('block-0 RUNNING'));
    await host.stopTasks([{ connector: 'block', task: 0 }], 50);
    await until('the neighbour is back', () => listener.of('near-0').length === 5);
    assert.deepEqual(listener.of('near-0').slice(2, 4), ['near-0 RESTARTING', 'near-0 RUNNING']);
    await host.stopTasks([{ connector: 'near', task: 0 }], 5_000);
  });

  test('a task that spins in a shared lane is found out; its neighbours are back in seconds', async () => {
    await host.startTask(aTask('calm', '', { isolation: 'shared' }));
    await until('it runs', () => listener.events.includes('calm-0 uses orders'));
    await host.startTask(aTask('bad', 'spin', { isolation: 'shared' }));
    await until('the neighbour is back', () => listener.of('calm-0').length === 5, 10_000);
    assert.deepEqual(listener.of('calm-0').slice(2), [
      'calm-0 RESTARTING',
      'calm-0 RUNNING',
      'calm-0 uses orders',
    ]);
    await until('it has failed', () => listener.events.includes('bad-0 FAILED'), 10_000);
    assert.match(listener.traces.join('\n'), /plug-in code spins or blocks there/);
    await host.stopTasks([{ connector: 'calm', task: 0 }], 5_000);
  });

  test('a connector gives its task configs, and can be paused and resumed', async () => {
    await host.startConnector(aConnector('c', ''));
    const configs = await host.taskConfigs('c', 2);
    assert.deepEqual(
      configs.map((each) => each['index']),
      ['0', '1'],
    );
    await host.setConnectorTarget('c', 'PAUSED');
    await host.setConnectorTarget('c', 'STARTED');
    await host.stopConnector('c', 1_000);
    await assert.rejects(host.taskConfigs('c', 1), /Connector c is not running here/);
  });

  test('a connector that fails at its stop is STOPPED all the same, but not PAUSED', async () => {
    await host.startConnector(aConnector('stubborn', 'fail-stop'));
    await assert.rejects(host.setConnectorTarget('stubborn', 'PAUSED'), /can't stop/);
    await host.setConnectorTarget('stubborn', 'STARTED');
    await host.setConnectorTarget('stubborn', 'STOPPED');
    await host.setConnectorTarget('stubborn', 'STARTED');
    assert.equal((await host.taskConfigs('stubborn', 1)).length, 1);
    await host.stopConnector('stubborn', 1_000);
  });

  test('a connector that fails to start leaves nothing behind', async () => {
    await assert.rejects(host.startConnector(aConnector('c', 'fail-start')), /bad password/);
    await host.startConnector(aConnector('c', ''));
    await host.stopConnector('c', 1_000);
  });

  test('a connector can ask for new task configs and raise an error', async () => {
    await host.startConnector(aConnector('again', 'reconfigure'));
    await host.startConnector(aConnector('raise', 'raise'));
    await until('both are heard', () => listener.events.length === 2);
    assert.deepEqual(listener.events.toSorted(), ['again reconfigure', 'raise failed']);
    assert.match(listener.traces[0] ?? '', /lost the server/);
    await host.stopConnector('again', 1_000);
    await host.stopConnector('raise', 1_000);
  });

  test('a connector that ends its own thread has failed', async () => {
    await host.startConnector(aConnector('exit', 'exit-later', { isolation: 'task' }));
    await until('it has failed', () => listener.events.includes('exit failed'));
    assert.match(listener.traces[0] ?? '', /called process\.exit\(4\)/);
  });

  test('a connector whose stop hangs is given up in time', async () => {
    await host.startConnector(aConnector('hang', 'hang-stop', { isolation: 'task' }));
    const startedMs = Date.now();
    await host.stopConnector('hang', 50);
    assert.ok(Date.now() - startedMs < 2_000);
  });

  test('a connector whose start never ends is given up once something else is asked of it', async () => {
    for (const how of ['hang-start', 'block-start']) {
      const started = host.startConnector(aConnector('never', how, { isolation: 'connector' }));
      const refused = assert.rejects(started, /A call of connector never was given up: it did not/);
      await host.hurryConnector('never', 200);
      await refused;
      await host.startConnector(aConnector('never', 'fine', { isolation: 'connector' }));
      await host.hurryConnector('never', 200);
      assert.equal((await host.taskConfigs('never', 1)).length, 1);
      await host.stopConnector('never', 1_000);
    }
  });

  test('offsets are altered by the connector, if it has a say in them', async () => {
    const offsets = [{ partition: '{"part":"p"}', offset: '{"at":1}' }];
    assert.equal(await host.alterOffsets(plugin('source'), {}, offsets), null);
    assert.equal(await host.alterOffsets(plugin('altering'), { accept: 'yes' }, offsets), true);
    assert.equal(await host.alterOffsets(plugin('altering'), {}, offsets), false);
    await assert.rejects(host.alterOffsets(plugin('altering'), {}, []), /nothing to alter/);
  });

  test('a log level that is none is refused', () => {
    host.setLogLevel('com.example', 'debug');
    assert.throws(() => host.setLogLevel('com.example', 'LOUD'), /no log level 'LOUD'/);
  });

  test('a plug-in that ends the thread it is validated in is told, and nothing else happens', async () => {
    const props = { 'connector.how': 'exit-validate' };
    await assert.rejects(host.validate(plugin('source'), props), /called process\.exit\(5\)/);
    assert.equal((await host.validate(plugin('source'), {})).length, 1);
    assert.deepEqual(listener.events, []);
  });

  test('R6.14 a validation that blocks its thread holds up no other', async () => {
    const blocked = host.validate(plugin('source'), { 'connector.how': 'block-validate' });
    const values = await host.validate(plugin('source'), { file: 'x' });
    assert.equal(values.length, 1);
    const settled = await Promise.race([blocked.then(() => true), Promise.resolve(false)]);
    assert.equal(settled, false);
    // It ends with the host.
    blocked.catch(() => undefined);
  });

  test("validation runs the connector's own, off the main thread, values as they print", async () => {
    const [value] = await host.validate(plugin('source'), {});
    assert.equal(value?.value, 'file:///x');
    assert.deepEqual(value?.errorMessages, ['Missing required configuration']);
  });
});
