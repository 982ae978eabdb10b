/** What Java's `RestExtensionIntegrationTest` asserts, of one worker. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { makeTempDir, skipReason, type TempDir } from '@sluice/testing';
import { ConnectWorker, sinkConfig } from './support/connect-worker.ts';
import { connectorRuns } from './support/connector-states.ts';
import { aPluginFolder, type PluginFolder } from './support/plugin-folder.ts';
import { writePluginPackage } from './support/plugin-package.ts';
import { clusterStateExtension } from './support/plugins/cluster-state-extension.ts';
import { SharedBroker } from './support/shared-broker.ts';

const SUITE = 'RestExtensionIntegrationTest';
const PATH = '/integration-test-rest-extension';

describe(SUITE, { skip: await skipReason('kafka', SUITE) }, () => {
  let broker: SharedBroker;
  let plugins: PluginFolder;
  let dir: TempDir;
  before(async () => {
    broker = await SharedBroker.start();
    plugins = await aPluginFolder();
    dir = await makeTempDir('rest-extension');
    await writePluginPackage(dir.path, {
      name: 'rest-extension',
      version: '1.0.0',
      module: new URL('./support/plugins/cluster-state-extension.ts', import.meta.url),
      factory: 'clusterStateExtension',
      argument: '',
      plugins: clusterStateExtension(),
    });
  });
  after(async () => {
    await dir?.[Symbol.asyncDispose]();
    await plugins?.[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
  });

  test('R10.15 testRestExtensionApi: an extension adds paths, and sees health and config of the connectors', async () => {
    await broker.createTopic('test-topic');
    await using worker = await ConnectWorker.start({
      bootstrapServers: broker.bootstrapServers,
      plugins,
      props: {
        'plugin.path': `${plugins.path},${dir.path}`,
        'rest.extension.classes':
          'org.apache.kafka.connect.integration.IntegrationTestRestExtension',
      },
    });
    const registered = await worker.ask('GET', `${PATH}/registered`);
    assert.deepEqual([registered.status, registered.body], [200, true]);
    assert.deepEqual((await worker.ask('GET', `${PATH}/early`)).body, []);
    const config = sinkConfig('test-topic');
    await worker.rest.putConnectorConfig('test-conn', config);
    await connectorRuns(worker, 'test-conn', 1);
    assert.deepEqual(worker.journal.startsAndStops('test-conn'), { starts: 1, stops: 0 });
    const running = { state: 'RUNNING', workerId: new URL(worker.url).host, trace: null };
    const { body } = await worker.ask('GET', `${PATH}/state`);
    assert.deepEqual(body, {
      cluster: broker.kafka.clusterId,
      states: [
        {
          health: {
            name: 'test-conn',
            type: 'sink',
            connector: running,
            tasks: [[0, running]],
          },
          config: { ...config, name: 'test-conn' },
        },
      ],
    });
    // Its paths are its own: what is not there is 404 as ever.
    assert.equal((await worker.ask('GET', `${PATH}/nope`)).status, 404);
  });
});
