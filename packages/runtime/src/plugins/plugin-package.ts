import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConnectError } from '@sluice/api';
import { PLUGIN_API_VERSION, decodeManifest, type Manifest } from './manifest.ts';

/** A package that carries plug-ins. */
export interface PluginPackage {
  readonly name: string;
  readonly directory: string;
  readonly manifest: Manifest;
}

/**
 * Reads the package in a directory.
 *
 * @returns `null` when there is no package, or one that carries no plug-ins
 * @throws ConnectError when it says that it carries plug-ins but can't be used
 */
export async function readPluginPackage(directory: string): Promise<PluginPackage | null> {
  const description = await readJson(join(directory, 'package.json'));
  const connect = fieldOf(description, 'connect');
  if (connect === undefined) return null;
  const name = textOf(fieldOf(description, 'name')) ?? directory;
  const api = fieldOf(connect, 'api');
  if (api !== PLUGIN_API_VERSION)
    throw new ConnectError(
      `The package ${name} in ${directory} is made for plug-in API ${String(api)}, this worker ` +
        `has ${PLUGIN_API_VERSION}: install a version of it that fits.`,
    );
  const path = join(directory, textOf(fieldOf(connect, 'manifest')) ?? 'connect.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new ConnectError(
      `The package ${name} in ${directory} says that it carries plug-ins, but its manifest ` +
        `can't be read: ${String(error)}`,
      { cause: error },
    );
  }
  return { name, directory, manifest: decodeManifest(text, path) };
}

/**
 * A module of a plug-in package, as `import()` takes it.
 *
 * @param subpath as in the package's exports: `.` or `./json-converter`
 * @throws ConnectError when the package has no such module
 */
export function moduleUrlOf(
  plugins: { readonly name: string; readonly directory: string },
  subpath: string,
): string {
  const specifier = plugins.name + subpath.replace(/^\./, '');
  try {
    // A package may name itself where it has exports; the path alone would not honour them.
    const require = createRequire(join(plugins.directory, 'package.json'));
    return pathToFileURL(require.resolve(specifier)).href;
  } catch (error) {
    throw new ConnectError(
      `The module ${specifier} of the plug-in package in ${plugins.directory} can't be found: ` +
        `${String(error)}. Is the package built and completely installed?`,
      { cause: error },
    );
  }
}

/** The names of the packages that a package depends on. */
export async function dependenciesOf(directory: string): Promise<readonly string[]> {
  const description = await readJson(join(directory, 'package.json'));
  const dependencies = fieldOf(description, 'dependencies');
  return typeof dependencies === 'object' && dependencies !== null ? Object.keys(dependencies) : [];
}

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    // No package here: nothing to say, directories without one are the rule.
    return null;
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConnectError(`${path} is no JSON: ${String(error)}`, { cause: error });
  }
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
