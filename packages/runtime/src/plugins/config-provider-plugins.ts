import {
  ConfigError,
  type ConfigProvider as PluginProvider,
  type ConfigProviderPlugin,
  type Props,
} from '@sluice/api';
import type { ConfigData, ConfigProvider } from '../config/providers/config-provider.ts';
import type { Discovery } from './discover-plugins.ts';
import type { ManifestPlugin } from './manifest.ts';
import { moduleUrlOf, type PluginPackage } from './plugin-package.ts';

/** Makes a provider of its parameters. */
export type ConfigProviderFactory = (params: Props) => ConfigProvider;

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
    const found = find(discovery, name);
    if (found === null) continue;
    const plugin = await load(found.package, found.plugin);
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

function find(
  discovery: Discovery,
  name: string,
): { readonly package: PluginPackage; readonly plugin: ManifestPlugin } | null {
  for (const found of discovery.packages)
    for (const plugin of found.manifest.plugins)
      if (plugin.type === 'configprovider' && [plugin.class, ...plugin.aliases].includes(name))
        return { package: found, plugin };
  return null;
}

async function load(
  found: PluginPackage,
  described: ManifestPlugin,
): Promise<ConfigProviderPlugin> {
  const { class: className, export: subpath, name } = described;
  const url = moduleUrlOf(found, subpath);
  try {
    const module: unknown = await import(url);
    const plugin: unknown = Reflect.get(Object(module), name);
    if (isProvider(plugin)) return plugin;
  } catch (cause) {
    throw new ConfigError(
      `The config provider ${className} of ${found.name} can't be imported: ${String(cause)}`,
      { cause },
    );
  }
  throw new ConfigError(
    `The package ${found.name} lists the config provider ${className}, but its module exports none ` +
      `as "${name}": its manifest is out of date, install another version.`,
  );
}

function isProvider(value: unknown): value is ConfigProviderPlugin {
  return (
    typeof value === 'object' &&
    value !== null &&
    Reflect.get(value, 'type') === 'configprovider' &&
    typeof Reflect.get(value, 'create') === 'function'
  );
}
