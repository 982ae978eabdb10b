/** What Java's `MultiVersionIntegrationTest` asserts (KIP-891), of one worker. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { makeTempDir, skipReason, type TempDir } from '@sluice/testing';
import { ConnectWorker } from './support/connect-worker.ts';
import { connectorRuns, eventually, refusal } from './support/connector-states.ts';
import { writePluginPackage } from './support/plugin-package.ts';
import { versionedPlugins } from './support/plugins/versioned-plugins.ts';
import { printedRecords } from './support/printed-record.ts';
import { SharedBroker } from './support/shared-broker.ts';
import { metricSamples } from './support/worker-metrics.ts';

const SUITE = 'MultiVersionIntegrationTest';
const VERSIONS = ['1.0.0', '1.1.0', '2.0.0'];
const PACKAGE = 'test.plugins';
const SOURCE = `${PACKAGE}.VersionedSourceConnector`;

/** The version of each plug-in of one connector. */
interface Versions {
  readonly connector: string;
  readonly key: string;
  readonly value: string;
  readonly header: string;
  readonly transformation: string;
  readonly predicate: string;
}

type Props = Readonly<Record<string, string>>;

/** A connector's config without a version anywhere. */
function unversioned(topic: string, tasks: number): Props {
  return {
    'connector.class': SOURCE,
    'tasks.max': String(tasks),
    topic,
    'key.converter': `${PACKAGE}.VersionedConverter`,
    'value.converter': `${PACKAGE}.VersionedConverter`,
    'header.converter': `${PACKAGE}.VersionedHeaderConverter`,
    transforms: 't1',
    'transforms.t1.type': `${PACKAGE}.VersionedTransformation`,
    'transforms.t1.predicate': 'p1',
    predicates: 'p1',
    'predicates.p1.type': `${PACKAGE}.VersionedPredicate`,
    'topic.creation.default.replication.factor': '1',
    'topic.creation.default.partitions': '1',
  };
}

function versionKeys(versions: Versions): Props {
  return {
    'connector.plugin.version': versions.connector,
    'key.converter.plugin.version': versions.key,
    'value.converter.plugin.version': versions.value,
    'header.converter.plugin.version': versions.header,
    'transforms.t1.plugin.version': versions.transformation,
    'predicates.p1.plugin.version': versions.predicate,
  };
}

function allOf(version: string): Versions {
  return {
    connector: version,
    key: version,
    value: version,
    header: version,
    transformation: version,
    predicate: version,
  };
}

describe(SUITE, { skip: await skipReason('kafka', SUITE) }, () => {
  let broker: SharedBroker;
  let dir: TempDir;
  let worker: ConnectWorker;
  before(async () => {
    broker = await SharedBroker.start();
    dir = await makeTempDir('versions');
    for (const version of VERSIONS)
      await writePluginPackage(dir.path, {
        name: 'versioned-plugins',
        version,
        module: new URL('./support/plugins/versioned-plugins.ts', import.meta.url),
        factory: 'versionedPlugins',
        argument: version,
        plugins: versionedPlugins(version),
      });
    worker = await ConnectWorker.start({
      bootstrapServers: broker.bootstrapServers,
      props: { 'plugin.path': dir.path },
    });
  });
  after(async () => {
    await worker?.[Symbol.asyncDispose]();
    await dir?.[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
  });

  /** Status, metrics and the newest record tell these versions. */
  const hasVersions = async (
    name: string,
    topic: string,
    tasks: number,
    versions: Versions,
  ): Promise<void> => {
    const status = await connectorRuns(worker, name, tasks);
    assert.equal(status.connector.version, versions.connector);
    assert.deepEqual(
      status.tasks.map(({ version }) => version),
      Array.from({ length: tasks }, () => versions.connector),
    );
    // A thread that is busy tells nothing of its tasks when it is asked.
    await eventually('its metrics to tell the versions', async () => {
      const [info, ...others] = await metricSamples(
        worker,
        'kafka_connect_connector_task_info',
        name,
      );
      assert.equal(others.length, tasks - 1);
      const told = Object.entries(info?.labels ?? {}).filter(([label]) =>
        /_(class|version)$/.test(label),
      );
      const { task_class: taskClass, ...labels } = Object.fromEntries(told);
      assert.notEqual(taskClass, '');
      assert.deepEqual(labels, {
        connector_class: SOURCE,
        connector_version: versions.connector,
        task_version: versions.connector,
        key_converter_class: `${PACKAGE}.VersionedConverter`,
        key_converter_version: versions.key,
        value_converter_class: `${PACKAGE}.VersionedConverter`,
        value_converter_version: versions.value,
        header_converter_class: `${PACKAGE}.VersionedHeaderConverter`,
        header_converter_version: versions.header,
      });
      for (const [metric, label, version] of [
        ['kafka_connect_connector_transform_info', 'transform', versions.transformation],
        ['kafka_connect_connector_predicate_info', 'predicate', versions.predicate],
      ] as const) {
        const samples = await metricSamples(worker, metric, name);
        assert.equal(samples.length, tasks);
        assert.equal(samples[0]?.labels[`${label}_version`], version);
      }
      return true;
    });
    const isTransformed = !versions.predicate.startsWith('2.');
    const value =
      `source ${versions.connector}` +
      (isTransformed ? `, transformation ${versions.transformation}` : '') +
      `, converter ${versions.value}`;
    let last = '';
    await eventually(
      `a record with "${value}"`,
      async () => {
        const record = (await printedRecords(broker.bootstrapServers, topic)).at(-1);
        last = JSON.stringify(record);
        return (
          record?.value?.replace(/^\d+\.\d+ /, '') === value &&
          record.key === `key, converter ${versions.key}` &&
          record.headers[0]?.[1] === `header ${versions.header}`
        );
      },
      () => last,
    );
  };

  test('R10.23 testMultipleVersionedConnector: connectors of several versions run side by side, each with its own of everything', async () => {
    const plugins = await worker.rest.plugins();
    assert.deepEqual(
      plugins.filter((plugin) => plugin.class === SOURCE).map(({ version }) => version),
      VERSIONS,
    );
    const mixed: Versions = {
      connector: '2.0.0',
      key: '1.0.0',
      value: '1.1.0',
      header: '2.0.0',
      transformation: '1.0.0',
      predicate: '1.1.0',
    };
    const cases = [
      ...VERSIONS.map((version, i) => ({
        name: `v${version}`,
        tasks: i + 1,
        versions: allOf(version),
      })),
      { name: 'mixed', tasks: 1, versions: mixed },
    ];
    for (const { name, tasks, versions } of cases)
      await worker.rest.putConnectorConfig(name, {
        ...unversioned(name, tasks),
        ...versionKeys(versions),
      });
    for (const { name, tasks, versions } of cases) await hasVersions(name, name, tasks, versions);
    for (const { name } of cases) await worker.rest.deleteConnector(name);
  });

  test('R10.23 testUpgradeVersion: a new config takes a connector from version to version, and it goes on where it was', async () => {
    const name = 'upgraded';
    let versions = allOf('1.0.0');
    const put = async (): Promise<void> => {
      const config = { ...unversioned(name, 1), ...versionKeys(versions) };
      await worker.rest.putConnectorConfig(name, config);
      await hasVersions(name, name, 1, versions);
    };
    await put();
    // One plug-in after the other, then the connector itself, then all back.
    for (const part of [
      'key',
      'value',
      'header',
      'transformation',
      'predicate',
      'connector',
    ] as const) {
      versions = { ...versions, [part]: '2.0.0' };
      await put();
    }
    versions = allOf('1.1.0');
    await put();
    const records = await printedRecords(broker.bootstrapServers, name);
    const numbers = records.map(({ value }) => Number(/^0\.(\d+) /.exec(value ?? '')?.[1]));
    assert.deepEqual(
      numbers,
      numbers.map((_, i) => i + 1),
    );
    await worker.rest.deleteConnector(name);
  });

  test('R10.23 R6.04 without a version it is the newest, a range takes the newest inside, and one that nothing fits is refused', async () => {
    const name = 'ranged';
    await worker.rest.putConnectorConfig(name, unversioned(name, 1));
    await hasVersions(name, name, 1, allOf('2.0.0'));
    await worker.rest.putConnectorConfig(name, {
      ...unversioned(name, 1),
      ...versionKeys(allOf('[1.0.0,2.0.0)')),
    });
    await hasVersions(name, name, 1, allOf('1.1.0'));
    for (const config of [
      { ...unversioned(name, 1), 'connector.plugin.version': '[3.0,)' },
      { ...unversioned(name, 1), 'value.converter.plugin.version': '3.0.0' },
    ])
      await assert.rejects(
        worker.rest.putConnectorConfig(name, config),
        refusal(400, /available versions: \[1\.0\.0, 1\.1\.0, 2\.0\.0\]/),
      );
    // The keys are those of the version that is asked for.
    const keysOf = async (version: string): Promise<readonly (string | undefined)[]> => {
      const asked = { ...unversioned(name, 1), name, 'connector.plugin.version': version };
      const { configs } = await worker.rest.validateConfig(SOURCE, asked);
      return configs.map(({ definition }) => definition?.name);
    };
    assert.ok((await keysOf('2.0.0')).includes('since.two'));
    assert.ok(!(await keysOf('1.1.0')).includes('since.two'));
    await worker.rest.deleteConnector(name);
  });
});
