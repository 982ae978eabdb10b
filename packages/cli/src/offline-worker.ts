import { fileURLToPath } from 'node:url';
import type { Props } from '@sluice/api';
import {
  configProviderPlugins,
  ConfigTransformer,
  PluginCatalog,
  discoverPlugins,
  errorWithOrigin,
  overridePolicyPlugin,
  readWorkerFile,
  standaloneConfig,
  workerConverters,
  workerOrigins,
  type WorkerContext,
  type WorkerFile,
} from '@sluice/runtime';

/** The folder of this package: its dependencies carry the worker's own plug-ins. */
const PACKAGE = fileURLToPath(new URL('../', import.meta.url));

/** What a worker would be of these properties, read and checked, nothing started. */
export interface OfflineWorker {
  readonly context: WorkerContext;
  readonly warnings: readonly string[];
}

/** What stands in a worker's file if nobody gives one: enough to look at connectors. */
const NO_WORKER: Props = {
  'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'offset.storage.file.filename': 'none',
};

/**
 * Reads a worker's file as a worker would; `null` stands for one with nothing but defaults.
 *
 * @throws ConnectError as the worker would
 */
export async function offlineWorker(file: string | null): Promise<OfflineWorker> {
  const given =
    file === null ? { props: NO_WORKER, origins: new Map() } : await readWorkerFile(file);
  try {
    return await checked(given);
  } catch (error) {
    throw errorWithOrigin(error, workerOrigins(given));
  }
}

async function checked({ props: given, origins }: WorkerFile): Promise<OfflineWorker> {
  const discovery = await discoverPlugins({
    workerDirectory: PACKAGE,
    pluginPath: (given['plugin.path'] ?? '').split(','),
  });
  const providers = await configProviderPlugins(given, discovery);
  const transformer = ConfigTransformer.ofWorker(given, providers);
  const { props: resolved } = await transformer.transform(given);
  const { values, props, warnings } = standaloneConfig(resolved, origins);
  const catalog = new PluginCatalog(discovery);
  const converters = workerConverters(catalog, values);
  const policy = await overridePolicyPlugin(props, discovery);
  const context = { catalog, converters, props, values, transformer };
  return {
    context: policy === null ? context : { ...context, overridePolicy: policy },
    warnings: [...warnings, ...discovery.problems],
  };
}
