import {
  type ClientConfigOverridePolicy,
  type ClientConfigRequest,
  ConfigDef,
  type ConfigKey,
  type ConfigKeySpec,
  type ConfigValue,
  type Props,
  parseType,
} from '@sluice/api';
import type { ConfigInfos, ConnectorConfigInput } from '@sluice/rest';
import type { Plugin } from '../../plugins/plugin-catalog.ts';
import { configInfo } from './config-infos.ts';
import { ADMIN_KEYS, CONSUMER_KEYS, PRODUCER_KEYS } from './gen/client-keys.ts';

/** Client settings that a connector overrides, in the order in which Java shows them. */
const CLIENTS = [
  { prefix: 'producer.override.', clientType: 'PRODUCER', keys: PRODUCER_KEYS },
  { prefix: 'admin.override.', clientType: 'ADMIN', keys: ADMIN_KEYS },
  { prefix: 'consumer.override.', clientType: 'CONSUMER', keys: CONSUMER_KEYS },
] as const;

type Prefix = (typeof CLIENTS)[number]['prefix'];

/**
 * What the policy says of each override of a client that the connector uses (R6.08), as the client's
 * own definition describes it; passwords are masked.
 *
 * @throws ConfigError for a value that its key's type can't be, as Java; what the policy throws
 */
export function overrideInfos(
  connector: Pick<Plugin, 'type' | 'className'>,
  config: ConnectorConfigInput,
  policy: ClientConfigOverridePolicy,
): ConfigInfos['configs'] {
  const connectorType = connector.type === 'sink' ? 'sink' : 'source';
  const used = usedClients(connectorType, config);
  const asker = {
    connectorName: config['name'] ?? '',
    connectorType,
    connectorClass: connector.className,
  } as const;
  return CLIENTS.filter(({ prefix }) => used.has(prefix)).flatMap(
    ({ prefix, clientType, keys }) => {
      const clientProps = overridesOf(config, prefix);
      const request: ClientConfigRequest = { ...asker, clientType, clientProps };
      return policy.validate(request).map((value) => {
        const key = clientKey(value.name, keys);
        return configInfo(key ?? undefined, overrideValue(value, clientProps, key), prefix);
      });
    },
  );
}

function overridesOf(config: ConnectorConfigInput, prefix: Prefix): Props {
  const found: Record<string, string> = {};
  for (const [name, text] of Object.entries(config))
    if (name.startsWith(prefix) && text !== null) found[name.slice(prefix.length)] = text;
  return found;
}

const SOURCE_DEAD_LETTER_TOPIC = 'sluice.errors.deadletterqueue.topic.name';

/**
 * A source writes; it creates topics with an admin. A sink reads; dead letters are written, and their
 * topic created.
 */
function usedClients(type: 'source' | 'sink', config: ConnectorConfigInput): ReadonlySet<Prefix> {
  if (type === 'source') {
    const createsTopics =
      Object.keys(config).some((key) => key.startsWith('topic.creation.')) ||
      (config[SOURCE_DEAD_LETTER_TOPIC]?.trim() ?? '') !== '';
    return new Set([
      'producer.override.',
      ...(createsTopics ? (['admin.override.'] as const) : []),
    ]);
  }
  const hasDeadLetters = (config['errors.deadletterqueue.topic.name']?.trim() ?? '') !== '';
  const others = ['producer.override.', 'admin.override.'] as const;
  return new Set(['consumer.override.', ...(hasDeadLetters ? others : [])]);
}

/** What the policy says, about the value as the client would read it. */
function overrideValue(said: ConfigValue, given: Props, key: ConfigKey | null): ConfigValue {
  const text = Object.hasOwn(given, said.name) ? (given[said.name] ?? null) : null;
  return { ...said, value: key === null ? text : parseType(said.name, text, key.type) };
}

function clientKey(name: string, keys: typeof PRODUCER_KEYS): ConfigKey | null {
  const known = Object.hasOwn(keys, name) ? keys[name] : undefined;
  if (known === undefined) return null;
  const [type, importance, defaultText] = known;
  const spec: ConfigKeySpec = {
    type,
    importance,
    doc: '',
    ...(defaultText === undefined ? {} : { default: defaultText }),
  };
  return new ConfigDef({ [name]: spec }).keys.get(name) ?? null;
}
