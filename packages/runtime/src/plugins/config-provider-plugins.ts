import type { ConfigProvider as PluginProvider, ConfigProviderPlugin, Props } from '@sluice/api';
import type { ConfigData, ConfigProvider } from '../config/providers/config-provider.ts';
import type { Discovery } from './discover-plugins.ts';
import { definesPlugin, importWorkerPlugin, type WorkerPluginKind } from './worker-plugin.ts';

/** Makes a provider of its parameters. */
export type ConfigProviderFactory = (params: Props) => ConfigProvider;

const CONFIG_PROVIDER: WorkerPluginKind<ConfigProviderPlugin> = {
  type: 'configprovider',
  label: 'config provider',
  isOfKind: (value): value is ConfigProviderPlugin => definesPlugin(value, 'configprovider'),
};
const CLASS_KEY = /^config\.providers\.[^.]+\.class$/;

/**
 * The config providers that a worker's properties name and packages bring, by the name used there.
 * Nothing else is imported; names that no package knows are left to the built-in ones.
 *
 * @throws ConfigError when a package's provider can't be loaded
 */
export async function configProviderPlugins(
  props: Props,
  discovery: Discovery,
): Promise<ReadonlyMap<string, ConfigProviderFactory>> {
  const factories = new Map<string, ConfigProviderFactory>();
  for (const [key, value] of Object.entries(props)) {
    const name = value.trim();
    if (!CLASS_KEY.test(key) || factories.has(name)) continue;
    const plugin = await importWorkerPlugin(discovery, CONFIG_PROVIDER, name);
    if (plugin === null) continue;
    factories.set(name, (params) => new PluggedProvider(plugin.create(), params));
  }
  return factories;
}

/** A package's provider in the worker's terms. */
class PluggedProvider implements ConfigProvider {
  readonly #provider: PluginProvider;

  constructor(provider: PluginProvider, params: Props) {
    this.#provider = provider;
    provider.configure(params);
  }

  async get(path: string, keys: ReadonlySet<string>): Promise<ConfigData> {
    const { data, ttlMs = null } = await this.#provider.get(path, keys);
    return { data: new Map(Object.entries(data)), ttlMs };
  }
}
