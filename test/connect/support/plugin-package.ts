import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DescribablePlugin, PluginDescription } from '@sluice/api';
import { manifestText, packageManifest } from '@sluice/testing/manifest';

/** A package whose plug-ins a function of the tests makes. */
export interface PluginPackageSpec {
  readonly name: string;
  readonly version: string;
  /** The module of the function, which the package imports by its address. */
  readonly module: URL;
  /** The function's name; it is called with `argument` and answers the plug-ins by export name. */
  readonly factory: string;
  readonly argument: string;
  /** What it answers. */
  readonly plugins: Readonly<Record<string, DescribablePlugin>>;
  /** Further entries of `connect.json`, for what no definition can be described of. */
  readonly more?: readonly PluginDescription[];
}

/**
 * Writes the package into a folder of its own below `parent`, which `plugin.path` can name, and
 * answers that folder; `file.js` put there is its module `./file`.
 */
export async function writePluginPackage(parent: string, spec: PluginPackageSpec): Promise<string> {
  const folder = path.join(parent, `${spec.name.replaceAll('/', '-')}-${spec.version}`);
  await mkdir(folder, { recursive: true });
  const names = Object.keys(spec.plugins).join(', ');
  await writeFile(
    path.join(folder, 'index.js'),
    `import { ${spec.factory} } from ${JSON.stringify(spec.module.href)};\n` +
      `export const { ${names} } = ${spec.factory}(${JSON.stringify(spec.argument)});\n`,
  );
  const manifest = await packageManifest(spec.plugins);
  await writeFile(
    path.join(folder, 'connect.json'),
    manifestText({ ...manifest, plugins: [...manifest.plugins, ...(spec.more ?? [])] }),
  );
  const description = {
    name: spec.name,
    version: spec.version,
    type: 'module',
    exports: { '.': './index.js', './*': './*.js', './package.json': './package.json' },
    connect: { api: 1 },
  };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(description));
  return folder;
}
