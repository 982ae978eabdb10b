import { ConfigError, type ConfigKey } from '@sluice/api';
import { badRequest, notFound, type ConfigKeyInfo, type PluginInfo } from '@sluice/rest';
import {
  SINK_CONNECTOR_CONFIG,
  SOURCE_CONNECTOR_CONFIG,
} from '../../config/connector-config-def.ts';
import type { Plugin, PluginCatalog, PluginType } from '../../plugins/plugin-catalog.ts';
import { configKeyInfo } from '../validation/config-infos.ts';

const VERSION = 'connector.plugin.version';
const CONNECTOR_TYPES: readonly PluginType[] = ['sink', 'source'];
const CONFIGURABLE_TYPES: readonly PluginType[] = [
  ...CONNECTOR_TYPES,
  'converter',
  'header_converter',
  'transformation',
  'predicate',
];

/** The plug-ins of this worker as REST lists them (R1.61). */
export function listPlugins(
  catalog: PluginCatalog,
  connectorsOnly: boolean,
): readonly PluginInfo[] {
  const plugins = connectorsOnly ? catalog.list(CONNECTOR_TYPES) : catalog.list();
  return plugins.map(({ className, type, version }) => ({ class: className, type, version }));
}

/**
 * The keys of one plug-in, of a connector those of every connector too (R1.62). `version`: a range (KIP-891), `null` for the newest.
 *
 * @throws RestError 404 when there is no such plug-in, 400 when the name means several
 */
export function pluginKeys(
  catalog: PluginCatalog,
  name: string,
  version: string | null,
): readonly ConfigKeyInfo[] {
  try {
    const plugin = CONFIGURABLE_TYPES.map((type) => catalog.find(type, name, version)).find(
      (each) => each !== null,
    );
    if (plugin === undefined || plugin === null) throw notFound(`Unknown plugin ${name}.`);
    return [...keysOf(plugin)].map((key) => configKeyInfo(key));
  } catch (error) {
    if (error instanceof ConfigError) throw badRequest(error.message);
    throw error;
  }
}

/** The plug-in's own first, which win over the framework's of the same name. */
function keysOf(plugin: Plugin): Iterable<ConfigKey> {
  if (plugin.type !== 'source' && plugin.type !== 'sink') return plugin.config.keys.values();
  const framework = plugin.type === 'source' ? SOURCE_CONNECTOR_CONFIG : SINK_CONNECTOR_CONFIG;
  const keys = new Map(plugin.config.keys);
  for (const key of framework.keys.values()) if (!keys.has(key.name)) keys.set(key.name, key);
  const version = keys.get(VERSION);
  if (version !== undefined) keys.set(VERSION, { ...version, defaultValue: plugin.version });
  return keys.values();
}
