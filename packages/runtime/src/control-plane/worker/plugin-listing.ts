import { ConfigError } from '@sluice/api';
import { badRequest, notFound, type ConfigKeyInfo, type PluginInfo } from '@sluice/rest';
import type { PluginCatalog, PluginType } from '../../plugins/plugin-catalog.ts';
import { configKeyInfo } from '../validation/config-infos.ts';

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
 * The keys of one plug-in (R1.62).
 *
 * @throws RestError 404 when there is no such plug-in, 400 when the name means several
 */
export function pluginKeys(catalog: PluginCatalog, name: string): readonly ConfigKeyInfo[] {
  try {
    const plugin = catalog.findAny(CONFIGURABLE_TYPES, name);
    if (plugin === null) throw notFound(`Unknown plugin ${name}.`);
    return [...plugin.config.keys.values()].map((key) => configKeyInfo(key));
  } catch (error) {
    if (error instanceof ConfigError) throw badRequest(error.message);
    throw error;
  }
}
