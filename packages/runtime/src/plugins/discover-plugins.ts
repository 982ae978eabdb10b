import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { dependenciesOf, readPluginPackage, type PluginPackage } from './plugin-package.ts';

/** Where to look. */
export interface DiscoveryOptions {
  /** The package whose dependencies carry the worker's own plug-ins; usually the command's. */
  readonly workerDirectory: string;
  /** `plugin.path`. */
  readonly pluginPath: readonly string[];
}

/** What was found. */
export interface Discovery {
  readonly packages: readonly PluginPackage[];
  /** Packages and places that can't be used, each with the reason: they stop nothing. */
  readonly problems: readonly string[];
}

/**
 * Finds plug-in packages: in the worker's own dependencies first, then in every directory of
 * `plugin.path`, which may be a package, the target of `npm install --prefix`, or hold such.
 */
export async function discoverPlugins(options: DiscoveryOptions): Promise<Discovery> {
  const search = new Search();
  await search.dependencies(options.workerDirectory);
  for (const entry of options.pluginPath) await search.pluginPathEntry(entry.trim());
  return { packages: [...search.packages.values()], problems: search.problems };
}

class Search {
  readonly packages = new Map<string, PluginPackage>();
  readonly problems: string[] = [];

  async dependencies(workerDirectory: string): Promise<void> {
    const require = createRequire(join(workerDirectory, 'package.json'));
    for (const name of await dependenciesOf(workerDirectory)) {
      const directory = packageDirectory(require, name);
      if (directory !== null) await this.#package(directory);
    }
  }

  async pluginPathEntry(entry: string): Promise<void> {
    if (entry === '') return;
    const directory = resolve(entry);
    const children = await this.#children(directory);
    if (children === null) return;
    const jars = children.files.filter((name) => name.endsWith('.jar'));
    await this.#prefix(directory);
    for (const name of children.directories) {
      if (name === 'node_modules') continue;
      const child = join(directory, name);
      await this.#prefix(child);
      const inside = await this.#children(child);
      jars.push(...(inside?.files ?? []).filter((file) => file.endsWith('.jar')));
    }
    if (jars.length > 0)
      this.problems.push(
        `plugin.path ${entry} holds ${jars.length} Java plug-in file(s) (such as ${jars[0]}): ` +
          "they can't be loaded here and are left out; install the npm package of the connector " +
          'with "npm install --prefix" instead.',
      );
  }

  /** A directory that may be a package itself and may have packages installed in it. */
  async #prefix(directory: string): Promise<void> {
    await this.#package(directory);
    const modules = join(directory, 'node_modules');
    for (const name of (await directoriesIn(modules)) ?? []) {
      if (name.startsWith('@'))
        for (const scoped of (await directoriesIn(join(modules, name))) ?? [])
          await this.#package(join(modules, name, scoped));
      else await this.#package(join(modules, name));
    }
  }

  async #package(directory: string): Promise<void> {
    if (this.packages.has(directory)) return;
    try {
      const found = await readPluginPackage(directory);
      if (found !== null) this.packages.set(directory, found);
    } catch (error) {
      this.problems.push(error instanceof Error ? error.message : String(error));
    }
  }

  async #children(directory: string): Promise<{
    readonly files: readonly string[];
    readonly directories: readonly string[];
  } | null> {
    try {
      const entries = await readdir(directory, { withFileTypes: true });
      const directories = entries.filter((entry) => !entry.isFile()).map(({ name }) => name);
      const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
      return { files, directories };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      // A link or socket among the children is no directory, and nothing to complain of.
      if (code === 'ENOTDIR') return null;
      this.problems.push(
        `plugin.path ${directory} can't be read (${String(code ?? error)}): it gives no plug-ins.`,
      );
      return null;
    }
  }
}

async function directoriesIn(directory: string): Promise<readonly string[] | null> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter((entry) => !entry.isFile()).map(({ name }) => name);
  } catch {
    // No node_modules: nothing is installed there.
    return null;
  }
}

function packageDirectory(require: NodeJS.Require, name: string): string | null {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    // Not installed, or it hides its package.json: then it says nothing about plug-ins.
    return null;
  }
}
