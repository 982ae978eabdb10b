import { ConfigError } from '@sluice/api';
import type { StandaloneValues } from '../../config/worker-config-def.ts';
import type { Plugin, PluginCatalog } from '../../plugins/plugin-catalog.ts';
import type { WorkerConverters } from '../validation/enriched-config.ts';

/**
 * The converters that a worker's config names.
 *
 * @throws ConfigError naming the key when there is no such class
 */
export function workerConverters(
  catalog: PluginCatalog,
  values: StandaloneValues,
): WorkerConverters {
  const plugin = (key: keyof WorkerConverters): Plugin => {
    const type = key === 'header.converter' ? 'header_converter' : 'converter';
    const name = values[key];
    const found = catalog.find(type, name, values[`${key}.plugin.version`]);
    if (found !== null) return found;
    const error = ConfigError.ofValue(key, name, `Class ${name} could not be found.`);
    throw new ConfigError(error.message + catalog.hint(type, name), { context: { key } });
  };
  return {
    'key.converter': plugin('key.converter'),
    'value.converter': plugin('value.converter'),
    'header.converter': plugin('header.converter'),
  };
}
