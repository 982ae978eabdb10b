/**
 * Writes `connect.json` of every package that carries plug-ins, from their code. Run it after a
 * change to a plug-in's config: `node --conditions=@sluice/source tools/generate-manifests.ts`.
 * With `--check` it writes nothing and fails when a manifest is out of date.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  describePlugin,
  type DescribablePlugin,
  type PluginManifest,
  type PluginPlace,
} from '@sluice/api';
import type { ManifestPlugin } from '../packages/runtime/src/plugins/manifest.ts';

/** The packages with plug-ins: name and folder. */
export const PLUGIN_PACKAGES: ReadonlyMap<string, string> = new Map([
  ['@sluice/connector-file', 'connectors/file'],
  ['@sluice/converters', 'packages/converters'],
  ['@sluice/transforms', 'packages/transforms'],
]);

const ROOT = new URL('../', import.meta.url);

interface LazyPlugin extends PluginPlace {
  load(): Promise<unknown>;
}

/** The manifest that a package's code asks for, as it stands in its file. */
export async function manifestText(packageName: string): Promise<string> {
  const module: unknown = await import(packageName);
  const plugins = await describedPlugins(module);
  if (plugins.length === 0) throw new Error(`${packageName} exports no plug-in.`);
  const manifest: PluginManifest = { api: 1, plugins };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Where a package's manifest is. */
export function manifestPath(folder: string): string {
  return fileURLToPath(new URL(`${folder}/connect.json`, ROOT));
}

/**
 * A package lists its plug-ins as `plugins`, each with its place and a loader; or its main module
 * exports the definitions themselves.
 */
async function describedPlugins(module: unknown): Promise<readonly ManifestPlugin[]> {
  const exported = new Map<string, unknown>(Object.entries(Object(module)));
  const listed = exported.get('plugins');
  if (Array.isArray(listed) && listed.every(isLazy)) {
    const described = listed.map(async (place) => describe(await place.load(), place));
    return (await Promise.all(described)).filter((one) => one !== null);
  }
  return [...exported]
    .map(([name, value]) => describe(value, { export: '.', name }))
    .filter((one) => one !== null)
    .sort((a, b) => (a.class < b.class ? -1 : 1));
}

function describe(value: unknown, { export: subpath, name }: PluginPlace): ManifestPlugin | null {
  if (!isPlugin(value)) return null;
  const described = describePlugin(value, { export: subpath, name });
  return hasOwnValidation(value) ? { ...described, hasOwnValidation: true } : described;
}

/** Whether a connector checks configs by a method of its own, which a manifest can't tell. */
function hasOwnValidation(plugin: DescribablePlugin): boolean {
  if (plugin.type !== 'source' && plugin.type !== 'sink') return false;
  const create: unknown = Reflect.get(plugin, 'create');
  const made: unknown = typeof create === 'function' ? create.call(plugin) : null;
  return typeof made === 'object' && made !== null && 'validate' in made;
}

function isPlugin(value: unknown): value is DescribablePlugin {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['className', 'version', 'type', 'config', 'create'].every((field) => field in value)
  );
}

function isLazy(value: unknown): value is LazyPlugin {
  return typeof value === 'object' && value !== null && 'load' in value && 'export' in value;
}

async function main(isCheck: boolean): Promise<void> {
  for (const [packageName, folder] of PLUGIN_PACKAGES) {
    const path = manifestPath(folder);
    const text = await manifestText(packageName);
    const old = await readFile(path, 'utf8').catch(() => '');
    const isCurrent =
      old !== '' && JSON.stringify(JSON.parse(old)) === JSON.stringify(JSON.parse(text));
    if (isCurrent) continue;
    if (isCheck) {
      console.error(`${folder}/connect.json is out of date: run tools/generate-manifests.ts.`);
      process.exitCode = 1;
    } else {
      await writeFile(path, text);
      console.log(`${folder}/connect.json written.`);
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await main(process.argv.includes('--check'));
