import { fileURLToPath } from 'node:url';
import { PLUGIN_TYPES, PluginCatalog, discoverPlugins, type Discovery } from '@sluice/runtime';
import { EXIT_CODE } from '../exit-code.ts';
import { tableText } from '../output/table.ts';
import { jsonText, type Terminal } from '../output/terminal.ts';
import { describePlugin } from './describe-plugin.ts';

export interface PluginsArguments {
  /** `list`, `describe` or `new`. */
  readonly action: string;
  /** For `describe` a class or an alias, for `new` kind, package name and directory. */
  readonly words: readonly string[];
  readonly pluginPath: string;
  readonly isJson: boolean;
}

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));

/** `sluice plugins`: what a worker with that plugin.path would find. */
export async function pluginsCommand(
  { action, words, pluginPath, isJson }: PluginsArguments,
  terminal: Terminal,
): Promise<number> {
  if (action === 'new') {
    const { newPlugin } = await import('./new-plugin.ts');
    return newPlugin(words, isJson, terminal);
  }
  if (action !== 'list' && action !== 'describe') {
    terminal.error(`sluice: plugins knows "list", "describe" and "new", not "${action}"\n`);
    return EXIT_CODE.usage;
  }
  const discovery = await discoverPlugins({
    workerDirectory: PACKAGE,
    pluginPath: pluginPath.split(','),
  });
  const catalog = new PluginCatalog(discovery);
  if (action === 'describe') {
    const [name] = words;
    if (name !== undefined) return describePlugin(catalog, name, isJson, terminal);
    terminal.error('sluice: plugins describe needs the name of a plug-in\n');
    return EXIT_CODE.usage;
  }
  listPlugins([...catalogRows(catalog), ...workerRows(discovery)], isJson, terminal);
  for (const problem of catalog.problems) terminal.error(`sluice: ${problem}\n`);
  return catalog.problems.length === 0 ? EXIT_CODE.ok : EXIT_CODE.cannotStart;
}

interface PluginRow {
  readonly type: string;
  readonly class: string;
  readonly aliases: readonly string[];
  readonly version: string;
  readonly package: string;
}

function catalogRows(catalog: PluginCatalog): readonly PluginRow[] {
  return catalog.list().map((plugin) => ({
    type: plugin.type,
    class: plugin.className,
    aliases: plugin.aliases,
    version: plugin.version,
    package: plugin.packageName,
  }));
}

/** What no connector names, but the worker's own properties: config providers, policies and so on. */
function workerRows({ packages }: Discovery): readonly PluginRow[] {
  const inCatalog: readonly string[] = PLUGIN_TYPES;
  return packages.flatMap(({ name, manifest }) =>
    manifest.plugins
      .filter(({ type }) => !inCatalog.includes(type))
      .map(({ type, class: className, aliases, version }) => ({
        type,
        class: className,
        aliases,
        version,
        package: name,
      })),
  );
}

function listPlugins(rows: readonly PluginRow[], isJson: boolean, terminal: Terminal): void {
  if (isJson) {
    terminal.out(jsonText(rows));
    return;
  }
  const header = ['TYPE', 'CLASS', 'SHORT NAME', 'VERSION', 'PACKAGE'];
  const lines = rows.map((row) => [
    row.type,
    row.class,
    row.aliases.at(-1) ?? '',
    row.version,
    row.package,
  ]);
  terminal.out(tableText([header, ...lines]));
}
