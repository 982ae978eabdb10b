import type { ConnectRestExtension, ConnectRestExtensionPlugin } from '@sluice/api';
import type { Discovery } from './discover-plugins.ts';
import { definesPlugin, importWorkerPlugin, type WorkerPluginKind } from './worker-plugin.ts';

const REST_EXTENSION: WorkerPluginKind<ConnectRestExtensionPlugin> = {
  type: 'rest_extension',
  label: 'REST extension',
  isOfKind: (value): value is ConnectRestExtensionPlugin => definesPlugin(value, 'rest_extension'),
};

/**
 * Makes the REST extension of that class or alias; `null` when no package brings one.
 *
 * @throws ConfigError when the package that lists it can't give it
 */
export async function makeRestExtension(
  discovery: Discovery,
  className: string,
): Promise<ConnectRestExtension | null> {
  const plugin = await importWorkerPlugin(discovery, REST_EXTENSION, className);
  return plugin === null ? null : plugin.create();
}
