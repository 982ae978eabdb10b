import { ConfigError, type PluginDescription } from '@sluice/api';
import type { Discovery } from './discover-plugins.ts';
import type { ManifestPlugin } from './manifest.ts';
import { moduleUrlOf, type PluginPackage } from './plugin-package.ts';

/** A kind of plug-in that the worker itself runs, in its own thread. */
export interface WorkerPluginKind<P> {
  readonly type: PluginDescription['type'];
  /** For messages: `config provider`. */
  readonly label: string;
  readonly isOfKind: (value: unknown) => value is P;
}

/**
 * Imports the plug-in of that kind and class or alias; `null` when no package has one.
 *
 * @throws ConfigError when the package that lists it can't give it
 */
export async function importWorkerPlugin<P>(
  discovery: Discovery,
  kind: WorkerPluginKind<P>,
  name: string,
): Promise<P | null> {
  const found = find(discovery, kind.type, name);
  return found === null ? null : load(kind, found.package, found.plugin);
}

/** Whether a module's export defines a plug-in of that type. */
export function definesPlugin(value: unknown, type: PluginDescription['type']): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Reflect.get(value, 'type') === type &&
    typeof Reflect.get(value, 'create') === 'function'
  );
}

function find(
  discovery: Discovery,
  type: PluginDescription['type'],
  name: string,
): { readonly package: PluginPackage; readonly plugin: ManifestPlugin } | null {
  for (const found of discovery.packages)
    for (const plugin of found.manifest.plugins)
      if (plugin.type === type && [plugin.class, ...plugin.aliases].includes(name))
        return { package: found, plugin };
  return null;
}

async function load<P>(
  { label, isOfKind }: WorkerPluginKind<P>,
  found: PluginPackage,
  described: ManifestPlugin,
): Promise<P> {
  const { class: className, export: subpath, name } = described;
  const url = moduleUrlOf(found, subpath);
  try {
    const module: unknown = await import(url);
    const plugin: unknown = Reflect.get(Object(module), name);
    if (isOfKind(plugin)) return plugin;
  } catch (cause) {
    throw new ConfigError(
      `The ${label} ${className} of ${found.name} can't be imported: ${String(cause)}`,
      { cause },
    );
  }
  throw new ConfigError(
    `The package ${found.name} lists the ${label} ${className}, but its module exports none ` +
      `as "${name}": its manifest is out of date, install another version.`,
  );
}
