import type { PluginType } from './plugin-description.ts';

/** What Java cuts off a simple name to make the short alias. */
const SUFFIXES: Readonly<Record<PluginType, string>> = {
  source: 'Connector',
  sink: 'Connector',
  converter: 'Converter',
  header_converter: 'HeaderConverter',
  transformation: 'Transformation',
  predicate: 'Predicate',
  configprovider: 'ConfigProvider',
  rest_extension: 'ConnectRestExtension',
  connector_client_config_override_policy: 'ConnectorClientConfigOverridePolicy',
};

/**
 * The short names of a plug-in: the class without its package, and that without the suffix of its
 * kind (`JsonConverter`, `Json`). Mirrors `PluginUtils.simpleName` and `prunedName`.
 */
export function pluginAliases(className: string, type: PluginType): readonly string[] {
  const simple = className.slice(className.lastIndexOf('.') + 1);
  const suffixAt = simple.lastIndexOf(SUFFIXES[type]);
  return suffixAt > 0 ? [simple, simple.slice(0, suffixAt)] : [simple];
}
