import {
  describePlugin,
  type DescribablePlugin,
  type PluginDescription,
  type PluginManifest,
  type PluginPlace,
} from '@sluice/api';

/** A plug-in that its package imports when it is first needed. */
interface LazyPlugin extends PluginPlace {
  load(): Promise<unknown>;
}

/**
 * What `connect.json` of a package has to say, from the package's main module: its exported plug-in
 * definitions, or, when it exports a list `plugins` of places and loaders, those.
 *
 * @throws Error when the module exports no plug-in
 */
export async function packageManifest(module: object): Promise<PluginManifest> {
  const exported = new Map<string, unknown>(Object.entries(module));
  const plugins = await describedPlugins(exported);
  if (plugins.length === 0) throw new Error('The module exports no plug-in definition.');
  return { api: 1, plugins };
}

/** The manifest as its file holds it. */
export function manifestText(manifest: PluginManifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

async function describedPlugins(
  exported: ReadonlyMap<string, unknown>,
): Promise<readonly PluginDescription[]> {
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

function describe(value: unknown, place: PluginPlace): PluginDescription | null {
  if (!isPlugin(value)) return null;
  const { export: subpath, name } = place;
  const described = describePlugin(value, { export: subpath, name });
  const own = hasOwnValidation(value) ? { hasOwnValidation: true } : {};
  return { ...described, ...own };
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
