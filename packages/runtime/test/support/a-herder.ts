import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger, Props } from '@sluice/api';
import type { ConnectorConfigInput } from '@sluice/rest';
import { ConfigTransformer } from '../../src/config/config-transformer.ts';
import { standaloneConfig } from '../../src/config/worker-config.ts';
import { StandaloneHerder } from '../../src/control-plane/standalone/standalone-herder.ts';
import { workerConverters } from '../../src/control-plane/worker/worker-converters.ts';
import { discoverPlugins } from '../../src/plugins/discover-plugins.ts';
import { PluginCatalog } from '../../src/plugins/plugin-catalog.ts';
import { ConnectorOffsets } from '../../src/storage/connector-offsets.ts';
import { MemoryOffsetBackingStore } from '../../src/storage/memory-offset-backing-store.ts';
import { FakeTaskHost } from '../fake-task-host.ts';

const silent = (): void => undefined;
const logger: Logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };
const CLI = dirname(fileURLToPath(new URL('../../../cli/package.json', import.meta.url)));
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';

/** A herder whose task host runs nothing, and whose offsets are in memory. */
export interface FakedHerder {
  readonly herder: StandaloneHerder;
  readonly host: FakeTaskHost;
  readonly create: (config: ConnectorConfigInput) => Promise<void>;
}

/** @param changes to a minimal worker's properties */
export async function aHerder(
  changes: Props = {},
  transformer?: ConfigTransformer,
): Promise<FakedHerder> {
  const props = {
    'key.converter': JSON_CONVERTER,
    'value.converter': JSON_CONVERTER,
    'offset.storage.file.filename': 'none',
    ...changes,
  };
  const { values } = standaloneConfig(props);
  const catalog = new PluginCatalog(
    await discoverPlugins({ workerDirectory: CLI, pluginPath: [] }),
  );
  const hosts: FakeTaskHost[] = [];
  const herder = new StandaloneHerder({
    worker: {
      catalog,
      converters: workerConverters(catalog, values),
      props,
      values,
      transformer: transformer ?? ConfigTransformer.ofWorker(props),
    },
    createTaskHost: (listener) => {
      const host = new FakeTaskHost(listener);
      hosts.push(host);
      return host;
    },
    serverInfo: { version: '4.3.1-sluice', commit: 'x', kafka_cluster_id: 'c' },
    workerId: 'me:8083',
    logger,
    offsets: new ConnectorOffsets(new MemoryOffsetBackingStore()),
    openAdmin: () => Promise.reject(new Error('no broker here')),
  });
  const [host] = hosts;
  if (host === undefined) throw new Error('the herder made no task host');
  return {
    herder,
    host,
    create: async (config) => {
      await herder.putConnectorConfig(config['name'] ?? '', config, { allowReplace: false });
    },
  };
}

/** Lets what goes on in the background come to rest. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
}
