/**
 * Goal: what plug-ins measure in their threads stands in `/metrics` and its JSON form, tagged as
 * KIP-877 says, for as long as they are there. Threads, herder and REST are real, Kafka is not.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newSourceRecord } from '@sluice/api';
import { RestServer } from '@sluice/rest/server';
import { applyStep } from '../src/data-plane/transformation-chain.ts';
import { Loggers } from '../src/logging/loggers.ts';
import { PluginMetricsRegistry } from '../src/metrics/plugin-metrics-registry.ts';
import { DEFAULT_METRIC_WINDOW } from '../src/metrics/sampled-stat.ts';
import { ConnectorOffsets } from '../src/storage/connector-offsets.ts';
import { MemoryOffsetBackingStore } from '../src/storage/memory-offset-backing-store.ts';
import type { ConnectorSpec, PluginRef } from '../src/task-host/contract.ts';
import { loadSteps } from '../src/task-host/task-builder.ts';
import { ThreadTaskHost } from '../src/task-host/thread-task-host.ts';
import { aHerder, type FakedHerder } from './support/a-herder.ts';
import { type ExposedFamily, parseExposition } from './support/exposition-text.ts';
import { eventually } from './support/live-worker.ts';
import { aSinkTaskSpec, aSourceTaskSpec, MemoryLogger } from './support/task-fixture.ts';

const MODULE = new URL('./support/metered-plugins.ts', import.meta.url).href;
const KAFKA = new URL('./support/lane-kafka.ts', import.meta.url).href;
const PREFIX = 'kafka_connect_plugins_';
const STOP_MS_MAX = 10_000;

function plugin(exportName: string): PluginRef {
  return { moduleUrl: MODULE, exportName, className: `com.example.${exportName}`, version: '1' };
}

function configured(exportName: string) {
  return { plugin: plugin(exportName), props: {} };
}

const PARTS = {
  keyConverter: configured('converter'),
  valueConverter: configured('converter'),
  headerConverter: configured('headers'),
  isolation: 'shared',
} as const;
const CHANGE = { ...configured('transformation'), negate: false } as const;
const ASKED = { predicate: configured('predicate'), predicateAlias: 'odd' } as const;
const SOURCE = aSourceTaskSpec({
  ...PARTS,
  id: { connector: 'reads', task: 0 },
  plugin: plugin('source'),
  transformations: [
    { ...CHANGE, alias: 'all', predicate: null },
    { ...CHANGE, ...ASKED, alias: 'some' },
  ],
});
const SINK = aSinkTaskSpec({
  ...PARTS,
  id: { connector: 'writes', task: 0 },
  plugin: plugin('sink'),
});

function aConnector(name: string): ConnectorSpec {
  return {
    name,
    type: 'source',
    plugin: plugin('source'),
    props: {},
    target: 'STARTED',
    isolation: 'shared',
  };
}

type Samples = readonly (readonly [Readonly<Record<string, string>>, number])[];

describe('metrics of plug-ins', () => {
  let host: ThreadTaskHost;
  let faked: FakedHerder;
  let server: RestServer;

  before(async () => {
    host = new ThreadTaskHost({
      listener: {
        onTaskStatus: () => undefined,
        onConnectorFailed: () => undefined,
        onTaskReconfigurationRequested: () => undefined,
        onTopicUsed: () => undefined,
      },
      offsets: new ConnectorOffsets(new MemoryOffsetBackingStore()),
      loggers: new Loggers({ output: { write: () => undefined }, rootLevel: 'OFF' }),
      sharedLanesMax: 1,
      kafkaModuleUrl: KAFKA,
    });
    faked = await aHerder();
    server = await RestServer.start({
      props: { listeners: 'http://127.0.0.1:0' },
      logger: new MemoryLogger(),
    });
    server.mount(faked.herder);
    await host.startConnector(aConnector('reads'));
    for (const spec of [SOURCE, SINK]) {
      await host.startTask(spec);
      await eventually(`${spec.id.connector} is through`, async () => {
        const progress = await host.taskProgress(spec.id);
        return progress?.recordsOut === 3;
      });
    }
  });
  after(async () => {
    await host.close(STOP_MS_MAX);
    await server.close();
    await faked.herder.close();
  });

  /** The families of plug-ins as a scrape finds them, without their prefix. */
  async function scraped(): Promise<ReadonlyMap<string, ExposedFamily>> {
    faked.host.pluginValues = await host.pluginMetrics();
    const answer = await fetch(`${server.localUrl}/metrics`);
    const families = [...parseExposition(await answer.text())];
    return new Map(
      families
        .filter(([name]) => name.startsWith(PREFIX))
        .map(([name, family]) => [name.slice(PREFIX.length), family]),
    );
  }

  async function samplesOf(name: string): Promise<Samples> {
    const family = (await scraped()).get(name);
    return (family?.samples ?? []).map(({ labels, value }) => [labels, value]);
  }

  const reads = { connector: 'reads', task: '0' };
  const writes = { connector: 'writes', task: '0' };

  test('R4.02 R8.12 R12.02 a source’s connector and task have counters, gauges and sensors', async () => {
    assert.deepEqual(await samplesOf('starts_total'), [[{ connector: 'reads' }, 1]]);
    assert.deepEqual(await samplesOf('rows_read_total'), [[reads, 3]]);
    assert.deepEqual(await samplesOf('lag_rows'), [[{ ...reads, table_name: 'a "b"' }, 40]]);
    assert.deepEqual(await samplesOf('reply_time_ms_avg'), [[{ ...reads, db: 'x' }, 4]]);
    assert.deepEqual(await samplesOf('reply_time_ms_max'), [[{ ...reads, db: 'x' }, 5]]);
    const families = await scraped();
    assert.deepEqual(
      ['rows_read_total', 'rows_read_rate', 'lag_rows'].map((name) => families.get(name)?.type),
      ['counter', 'gauge', 'gauge'],
    );
    assert.equal(families.get('rows_read_total')?.help, 'Rows that were read.');
    const ofGroup = 'Attribute lag-rows of kafka.connect:type=plugins.';
    assert.equal(families.get('lag_rows')?.help, ofGroup);
    assert.ok((families.get('rows_read_rate')?.samples[0]?.value ?? 0) > 0);
  });

  test('R5.02 R8.12 R12.02 a sink’s task counts for itself', async () => {
    assert.deepEqual(await samplesOf('rows_written_total'), [[writes, 3]]);
  });

  test('R8.12 R12.02 converters, transformations and predicates are told apart by tags', async () => {
    assert.deepEqual(await samplesOf('records_changed_total'), [
      [{ ...reads, transformation: 'all' }, 3],
      [{ ...reads, transformation: 'some' }, 2],
    ]);
    assert.deepEqual(await samplesOf('calls_total'), [
      [{ ...reads, converter: 'header' }, 0],
      [{ ...reads, converter: 'key' }, 3],
      [{ ...reads, converter: 'value' }, 3],
      [{ ...reads, predicate: 'odd' }, 3],
      [{ ...writes, converter: 'header' }, 0],
      [{ ...writes, converter: 'key' }, 0],
      [{ ...writes, converter: 'value' }, 0],
    ]);
  });

  test('R8.12 a gauge that throws is left out, and the JSON form has the rest too', async () => {
    const families = await scraped();
    assert.equal(families.has('broken'), false);
    const json = await (await fetch(`${server.localUrl}/sluice/v1/metrics`)).text();
    for (const name of families.keys()) assert.ok(json.includes(`"name":"${PREFIX}${name}"`), name);
    assert.equal(json.includes('broken'), false);
  });

  test('R8.12 a connector that was given up is shown no more, and its next start once', async () => {
    const stuck = [[{ connector: 'stuck' }, 1]];
    const ofStuck = async (): Promise<Samples> =>
      (await samplesOf('starts_total')).filter(([labels]) => labels['connector'] === 'stuck');
    await host.startConnector(aConnector('stuck'));
    assert.deepEqual(await ofStuck(), stuck);
    const asked = assert.rejects(host.taskConfigs('stuck', 1), /given up/);
    await host.hurryConnector('stuck', 1);
    await asked;
    assert.deepEqual(await ofStuck(), []);
    await host.startConnector(aConnector('stuck'));
    assert.deepEqual(await ofStuck(), stuck);
    await host.stopConnector('stuck', STOP_MS_MAX);
    assert.deepEqual(await ofStuck(), []);
  });

  test('R8.12 what plug-ins measured is gone when they are stopped; a pause is no stop', async () => {
    await host.setConnectorTarget('reads', 'PAUSED');
    await host.setConnectorTarget('reads', 'STARTED');
    assert.deepEqual(await samplesOf('starts_total'), [[{ connector: 'reads' }, 2]]);
    await host.stopTasks([SOURCE.id], STOP_MS_MAX);
    const left = (await host.pluginMetrics()).map(({ tags }) => tags['connector'] ?? '');
    assert.deepEqual(new Set(left), new Set(['reads', 'writes']));
    assert.deepEqual(await samplesOf('rows_read_total'), []);
    await host.stopTasks([SINK.id], STOP_MS_MAX);
    await host.stopConnector('reads', STOP_MS_MAX);
    assert.deepEqual([...(await scraped()).keys()], []);
  });
});

test('R8.12 a predicate that several transformations ask says which of them did', async () => {
  const pluginMetrics = new PluginMetricsRegistry({ connector: 'a' }, DEFAULT_METRIC_WINDOW);
  const steps = await loadSteps(
    aSourceTaskSpec({
      transformations: [
        { ...CHANGE, ...ASKED, alias: 'one' },
        { ...CHANGE, ...ASKED, alias: 'two' },
      ],
    }),
    { loggerOf: () => new MemoryLogger(), pluginMetrics },
  );
  const record = newSourceRecord({ topic: 't', value: 'v' });
  for (const step of steps.slice(1)) applyStep(step, record);
  const asked = pluginMetrics.values().filter(({ name }) => name === 'calls-total');
  assert.deepEqual(
    asked.map(({ tags, value }) => [tags, value]),
    [
      [{ connector: 'a', predicate: 'odd', transformation: 'one' }, 0],
      [{ connector: 'a', predicate: 'odd', transformation: 'two' }, 1],
    ],
  );
});
