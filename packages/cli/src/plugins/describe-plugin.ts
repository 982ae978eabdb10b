import { configValueToString, type ConfigKey } from '@sluice/api';
import type { Plugin, PluginCatalog } from '@sluice/runtime';
import { PLUGIN_TYPES } from '@sluice/runtime';
import { EXIT_CODE } from '../exit-code.ts';
import { tableText } from '../output/table.ts';
import { jsonText, type Terminal } from '../output/terminal.ts';

/** `sluice plugins describe`: what a plug-in is and which keys it takes. */
export function describePlugin(
  catalog: PluginCatalog,
  name: string,
  isJson: boolean,
  terminal: Terminal,
): number {
  let plugin: Plugin | null;
  try {
    plugin = catalog.findAny(PLUGIN_TYPES, name) ?? catalog.connector(name);
  } catch (error) {
    terminal.error(`sluice: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT_CODE.cannotStart;
  }
  const keys = [...plugin.config.keys.values()];
  terminal.out(isJson ? jsonText(described(plugin, keys)) : textOf(plugin, keys, terminal));
  return EXIT_CODE.ok;
}

function described(plugin: Plugin, keys: readonly ConfigKey[]): object {
  const { className, type, version, aliases, packageName } = plugin;
  return {
    class: className,
    type,
    version,
    aliases,
    package: packageName,
    keys: keys.map((key) => ({
      name: key.name,
      type: key.type,
      required: !key.hasDefault,
      default: defaultText(key),
      importance: key.importance,
      documentation: key.documentation,
    })),
  };
}

function textOf(plugin: Plugin, keys: readonly ConfigKey[], { paint }: Terminal): string {
  const { className, type, version, aliases, packageName } = plugin;
  const head = tableText([
    ['class', className],
    ['type', type],
    ['version', version],
    ['also', aliases.join(', ')],
    ['package', packageName],
  ]);
  const rows = keys.map((key) => [
    key.name,
    key.type.toLowerCase(),
    key.hasDefault ? (defaultText(key) ?? 'null') : paint.doubtful('required'),
    key.documentation,
  ]);
  return `${head}\n${tableText([['KEY', 'TYPE', 'DEFAULT', 'MEANING'], ...rows])}`;
}

function defaultText(key: ConfigKey): string | null {
  return key.hasDefault ? configValueToString(key.defaultValue, key.type) : null;
}
