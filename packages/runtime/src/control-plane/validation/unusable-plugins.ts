import { ConfigError, type ConfigValue, type Props } from '@sluice/api';
import type { ConnectorConfigInput } from '@sluice/rest';
import type { Plugin, PluginCatalog } from '../../plugins/plugin-catalog.ts';
import type { PluginRef } from '../../task-host/contract.ts';
import { aliasesIn } from './enriched-config.ts';

/** A plug-in that a config names, and the key that names it. */
export interface NamedPlugin<K extends string = string> {
  readonly key: K;
  readonly plugin: Plugin;
}

/** Makes a plug-in where plug-in code runs, and asks it about these settings. */
export type ValidateInCode = (plugin: PluginRef, props: Props) => Promise<readonly ConfigValue[]>;

/** Whose plug-ins are known to be made without an error. */
const OWN_PACKAGES = '@sluice/';

/** The transformations and predicates of a config that are there; of others their keys tell. */
export function namedSteps(
  given: ConnectorConfigInput,
  catalog: PluginCatalog,
): readonly NamedPlugin[] {
  const lists = [
    ['transforms', 'transformation'],
    ['predicates', 'predicate'],
  ] as const;
  return lists.flatMap(([list, type]) =>
    [...aliasesIn(given, list)].flatMap((alias) => {
      const key = `${list}.${alias}.type`;
      const name = given[key]?.trim() ?? '';
      const version = given[`${list}.${alias}.plugin.version`] ?? null;
      const plugin = found(() => catalog.find(type, name, version));
      return plugin === null ? [] : [{ key, plugin }];
    }),
  );
}

/** Null when there is none, or none of that version: its key says so. */
export function found(find: () => Plugin | null): Plugin | null {
  try {
    return find();
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}

/**
 * What is wrong with each of them that can't be made, by key. Plug-ins of others are made once, as Java
 * does: that one can't be is better known here than when its task starts.
 */
export async function unusablePlugins(
  named: readonly NamedPlugin[],
  given: ConnectorConfigInput,
  validateInCode: ValidateInCode,
): Promise<ReadonlyMap<string, string>> {
  const errors = new Map<string, string>();
  for (const { key, plugin } of named) {
    if (plugin.packageName.startsWith(OWN_PACKAGES)) continue;
    try {
      await validateInCode(plugin.ref(), propsOf(key, given));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      errors.set(key, cannotBeMade(key, plugin, reason));
    }
  }
  return errors;
}

/** The texts under the prefix of the plug-in that a key names: `transforms.a.type`, `key.converter`. */
function propsOf(key: string, given: ConnectorConfigInput): Props {
  const prefix = key.endsWith('.type') ? key.slice(0, -'type'.length) : `${key}.`;
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, text]) =>
      name.startsWith(prefix) && name.length > prefix.length && text !== null
        ? [[name.slice(prefix.length), text]]
        : [],
    ),
  );
}

/** As Java says it, and why, which Java leaves to its log. */
function cannotBeMade(key: string, { type, className }: Plugin, reason: string): string {
  if (type !== 'transformation' && type !== 'predicate')
    return ConfigError.ofValue(key, className, `it can't be created: ${reason}`).message;
  const kind = type === 'transformation' ? 'Transformation' : 'Predicate';
  const text =
    `Error getting config definition from ${kind}: ` +
    `Could not instantiate class ${className}: ${reason}`;
  return ConfigError.ofValue(key, `class ${className}`, text).message;
}
