/**
 * `connect.json`, what a package says about its plug-ins, so that listing and validating need no
 * import. Generated from the plug-ins' code by `tools/generate-manifests.ts`.
 */
import { ConnectError, type PluginDescription, type PluginManifest } from '@sluice/api';

/** The version of the plug-in API that this worker speaks: `connect.api` of a package. */
export const PLUGIN_API_VERSION = 1;

/** A plug-in as `connect.json` tells of it. */
export interface ManifestPlugin extends PluginDescription {
  /** A connector that checks more than its keys say: validating its config needs its code. */
  readonly hasOwnValidation?: boolean;
}

/** The content of `connect.json`. */
export interface Manifest extends PluginManifest {
  readonly plugins: readonly ManifestPlugin[];
}

/**
 * Reads a manifest's text.
 *
 * @param path for the message
 * @throws ConnectError when it is not what the generator writes
 */
export function decodeManifest(text: string, path: string): Manifest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new ConnectError(`The plug-in manifest ${path} is no JSON: ${String(error)}`, {
      cause: error,
    });
  }
  const plugins = isRecord(parsed) ? parsed['plugins'] : undefined;
  if (!Array.isArray(plugins) || !plugins.every(isPlugin))
    throw new ConnectError(
      `The plug-in manifest ${path} does not list plug-ins with class, aliases, type, export, ` +
        'name, version and config: generate it again.',
    );
  return { api: PLUGIN_API_VERSION, plugins };
}

/** Types that this worker does not know are let through: it has no use for them, and no harm. */
function isPlugin(value: unknown): value is ManifestPlugin {
  return (
    isRecord(value) &&
    hasTexts(value, ['class', 'type', 'export', 'name', 'version']) &&
    isList(value['aliases'], (alias) => typeof alias === 'string') &&
    isList(value['config'], (key) => isRecord(key) && hasTexts(key, KEY_TEXTS))
  );
}

const KEY_TEXTS = ['name', 'type', 'importance', 'doc'];

function hasTexts(value: Readonly<Record<string, unknown>>, fields: readonly string[]): boolean {
  return fields.every((field) => typeof value[field] === 'string');
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
