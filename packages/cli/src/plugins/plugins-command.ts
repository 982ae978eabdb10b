import { fileURLToPath } from 'node:url';
import { PluginCatalog, discoverPlugins } from '@sluice/runtime';
import { EXIT_CODE } from '../exit-code.ts';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));

/** `sluice plugins list`: what a worker with that plugin.path would find. */
export async function pluginsCommand(
  action: string,
  pluginPath: string,
  isJson: boolean,
): Promise<number> {
  if (action !== 'list') {
    process.stderr.write(`sluice: plugins knows "list", not "${action}"\n`);
    return EXIT_CODE.usage;
  }
  const discovery = await discoverPlugins({
    workerDirectory: PACKAGE,
    pluginPath: pluginPath.split(','),
  });
  const catalog = new PluginCatalog(discovery);
  const rows = catalog.list().map((plugin) => ({
    type: plugin.type,
    class: plugin.className,
    aliases: plugin.aliases,
    version: plugin.version,
    package: plugin.packageName,
  }));
  if (isJson) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else {
    const header = ['TYPE', 'CLASS', 'SHORT NAME', 'VERSION', 'PACKAGE'];
    const lines = rows.map((row) => [
      row.type,
      row.class,
      row.aliases.at(-1) ?? '',
      row.version,
      row.package,
    ]);
    process.stdout.write(table([header, ...lines]));
  }
  for (const problem of catalog.problems) process.stderr.write(`sluice: ${problem}\n`);
  return catalog.problems.length === 0 ? EXIT_CODE.ok : EXIT_CODE.cannotStart;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
