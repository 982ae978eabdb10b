import type { ConfigDef } from '../config/config-def.ts';
import type { ConfigKey } from '../config/config-key.ts';
import { configValueToString } from '../config/parse-type.ts';
import { Password } from '../config/password.ts';
import { pluginAliases } from './plugin-aliases.ts';
import type { ConfigKeyDescription, PluginDescription, PluginType } from './plugin-description.ts';

/** What {@link describePlugin} needs to know of a definition. */
export interface DescribablePlugin {
  readonly className: string;
  readonly aliases?: readonly string[];
  readonly version: string;
  readonly type: PluginType;
  readonly config: ConfigDef;
}

/** Where a plug-in's definition is exported. */
export interface PluginPlace {
  /** Subpath of the package: `./json-converter`. */
  readonly export: string;
  /** Name of the export. */
  readonly name: string;
}

/** A plug-in as data for its package's manifest. Pure. */
export function describePlugin(plugin: DescribablePlugin, place: PluginPlace): PluginDescription {
  return {
    class: plugin.className,
    aliases: plugin.aliases ?? pluginAliases(plugin.className, plugin.type),
    type: plugin.type,
    export: place.export,
    name: place.name,
    version: plugin.version,
    config: Array.from(plugin.config.keys.values(), describeKey),
  };
}

/** What is usual is left out. */
function describeKey(key: ConfigKey): ConfigKeyDescription {
  return {
    name: key.name,
    type: key.type,
    ...(key.hasDefault ? { default: defaultText(key) } : {}),
    importance: key.importance,
    doc: key.documentation,
    ...(key.group === null ? {} : { group: key.group }),
    ...(key.orderInGroup === -1 ? {} : { orderInGroup: key.orderInGroup }),
    ...(key.width === 'NONE' ? {} : { width: key.width }),
    ...(key.displayName === key.name ? {} : { displayName: key.displayName }),
    ...(key.dependents.length === 0 ? {} : { dependents: key.dependents }),
    ...(key.validator === null ? {} : { validator: key.validator.description }),
    ...(key.recommender === null ? {} : { isRecommended: true }),
    ...(key.internal ? { internal: true } : {}),
  };
}

/** A default is no secret: it stands in the code. */
function defaultText(key: ConfigKey): string | null {
  const { defaultValue } = key;
  if (defaultValue instanceof Password) return defaultValue.value();
  return configValueToString(defaultValue, key.type);
}
