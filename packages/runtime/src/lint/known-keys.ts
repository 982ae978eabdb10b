import { TRANSFORMATION_KEYS } from '../config/alias-keys.ts';
import { SINK_CONNECTOR_CONFIG, SOURCE_CONNECTOR_CONFIG } from '../config/connector-config-def.ts';
import { RESTART_CONFIG } from '../config/restart-config-def.ts';
import { SOURCE_DEAD_LETTER_CONFIG } from '../config/source-dead-letter-def.ts';
import { aliasesIn } from '../control-plane/validation/enriched-config.ts';
import type { Plugin, PluginCatalog, PluginType } from '../plugins/plugin-catalog.ts';
import type { ConnectorConfigInput } from '@sluice/rest';
import { CLIENT_SETTINGS } from './client-settings.ts';

/** Which keys may stand behind one prefix. */
interface KnownGroup {
  /** Ends with a dot, or is empty for the connector's own keys. */
  readonly prefix: string;
  readonly keys: readonly string[];
  /** Others may stand there too: nobody here knows what they mean. */
  readonly isOpen: boolean;
}

/** A prefix with an alias behind it that the list does not name. */
interface AliasList {
  readonly list: 'transforms' | 'predicates' | 'topic.creation.groups';
  readonly prefix: string;
  readonly aliases: readonly string[];
}

/** Everything that a connector's config may hold, as far as it can be known. */
export interface KnownKeys {
  /** Longest prefix first. */
  readonly groups: readonly KnownGroup[];
  readonly aliases: readonly AliasList[];
}

const OVERRIDES = ['producer', 'consumer', 'admin'] as const;
const CONVERTERS = ['key.converter', 'value.converter', 'header.converter'] as const;
const GROUP_KEYS = ['include', 'exclude', 'partitions', 'replication.factor'];

/** The keys that a config of this connector may hold. */
export function knownKeys(
  connector: Plugin,
  config: ConnectorConfigInput,
  catalog: PluginCatalog,
): KnownKeys {
  const isSource = connector.type === 'source';
  const framework = isSource ? SOURCE_CONNECTOR_CONFIG : SINK_CONNECTOR_CONFIG;
  const own = [
    ...framework.keys.keys(),
    ...connector.config.keys.keys(),
    ...RESTART_CONFIG.keys.keys(),
    ...(isSource ? SOURCE_DEAD_LETTER_CONFIG.keys.keys() : []),
  ];
  const groups: KnownGroup[] = [{ prefix: '', keys: own, isOpen: false }];
  for (const client of OVERRIDES)
    groups.push({ prefix: `${client}.override.`, keys: CLIENT_SETTINGS[client], isOpen: false });
  for (const key of CONVERTERS) {
    const type = key === 'header.converter' ? 'header_converter' : 'converter';
    groups.push(pluginGroup(`${key}.`, type, config[key], catalog, ['plugin.version']));
  }
  const transforms = [...aliasesIn(config, 'transforms')];
  for (const alias of transforms) {
    const prefix = `transforms.${alias}.`;
    const framed = ['type', 'plugin.version', ...TRANSFORMATION_KEYS.keys.keys()];
    groups.push(pluginGroup(prefix, 'transformation', config[`${prefix}type`], catalog, framed));
  }
  const predicates = [...aliasesIn(config, 'predicates')];
  for (const alias of predicates) {
    const prefix = `predicates.${alias}.`;
    const framed = ['type', 'plugin.version'];
    groups.push(pluginGroup(prefix, 'predicate', config[`${prefix}type`], catalog, framed));
  }
  const creation = isSource ? ['default', ...aliasesIn(config, 'topic.creation.groups')] : [];
  // Whatever else stands here is a setting of the topic.
  for (const group of creation)
    groups.push({ prefix: `topic.creation.${group}.`, keys: GROUP_KEYS, isOpen: true });
  return {
    groups: groups.sort((a, b) => b.prefix.length - a.prefix.length),
    aliases: [
      { list: 'transforms', prefix: 'transforms.', aliases: transforms },
      { list: 'predicates', prefix: 'predicates.', aliases: predicates },
      ...(isSource
        ? [
            {
              list: 'topic.creation.groups' as const,
              prefix: 'topic.creation.',
              aliases: creation,
            },
          ]
        : []),
    ],
  };
}

/** The keys of a plug-in behind its prefix; open when the plug-in is not here. */
function pluginGroup(
  prefix: string,
  type: PluginType,
  className: string | null | undefined,
  catalog: PluginCatalog,
  framed: readonly string[],
): KnownGroup {
  const plugin =
    className === null || className === undefined ? null : find(type, className, catalog);
  return {
    prefix,
    keys: [...framed, ...(plugin?.config.keys.keys() ?? [])],
    isOpen: plugin === null,
  };
}

function find(type: PluginType, className: string, catalog: PluginCatalog): Plugin | null {
  try {
    return catalog.find(type, className.trim());
  } catch {
    // An ambiguous name: validation says so.
    return null;
  }
}
