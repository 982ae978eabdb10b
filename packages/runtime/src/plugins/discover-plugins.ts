import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { isJavaArchive, javaArchivesIn } from './java-archives.ts';
import type { SearchedPlaces } from './missing-plugin.ts';
import { dependenciesOf, readPluginPackage, type PluginPackage } from './plugin-package.ts';

/** Where to look. */
export interface DiscoveryOptions {
  /** The package whose dependencies carry the worker's own plug-ins; usually the command's. */
  readonly workerDirectory: string;
  /** `plugin.path`. */
  readonly pluginPath: readonly string[];
}

/** What was found. */
export interface Discovery extends SearchedPlaces {
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
  const pluginPath = options.pluginPath
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  for (const entry of pluginPath) await search.pluginPathEntry(entry);
  const { packages, problems, javaArchives } = search;
  return { packages: [...packages.values()], problems, pluginPath, javaArchives };
}

class Search {
  readonly packages = new Map<string, PluginPackage>();
  readonly problems: string[] = [];
  readonly javaArchives: string[] = [];

  async dependencies(workerDirectory: string): Promise<void> {
    const require = createRequire(join(workerDirectory, 'package.json'));
    for (const name of await dependenciesOf(workerDirectory)) {
      const directory = packageDirectory(require, name);
      if (directory !== null) await this.#package(directory);
    }
  }

  async pluginPathEntry(entry: string): Promise<void> {
    const directory = resolve(entry);
    const children = await this.#children(directory);
    const jars = children === null ? oneJar(directory) : await javaArchivesIn(directory);
    this.javaArchives.push(...jars);
    if (jars.length > 0) this.problems.push(javaProblem(entry, jars));
    if (children === null) return;
    await this.#prefix(directory);
    for (const name of children)
      if (name !== 'node_modules') await this.#prefix(join(directory, name));
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

  /** The directories in a directory; null for what is none. */
  async #children(directory: string): Promise<readonly string[] | null> {
    try {
      const entries = await readdir(directory, { withFileTypes: true });
      return entries.filter((entry) => !entry.isFile()).map(({ name }) => name);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      // A file may be a jar, which is told of elsewhere.
      if (code === 'ENOTDIR') return null;
      this.problems.push(
        `plugin.path ${directory} can't be read (${String(code ?? error)}): it gives no plug-ins.`,
      );
      return null;
    }
  }
}

/** An entry of `plugin.path` may be a jar itself. */
function oneJar(path: string): readonly string[] {
  return isJavaArchive(path) ? [path] : [];
}

function javaProblem(entry: string, jars: readonly string[]): string {
  return (
    `plugin.path ${entry} holds ${jars.length} Java plug-in file(s) (such as ${jars[0]}): ` +
    "they can't be loaded here and are left out; install the npm package of the connector " +
    'with "npm install --prefix" instead.'
  );
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
