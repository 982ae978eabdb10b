import {
  ConfigDef,
  type ConfigKey,
  type ConfigKeySpec,
  type ConfigValue,
  parseType,
} from '@sluice/api';
import type { ConfigInfos, ConnectorConfigInput } from '@sluice/rest';
import { configInfo } from './config-infos.ts';
import { ADMIN_KEYS, CONSUMER_KEYS, PRODUCER_KEYS } from './gen/client-keys.ts';
import type { OverridePolicy } from './override-policy.ts';

/** Client settings that a connector overrides, in the order in which Java shows them. */
const CLIENTS = [
  { prefix: 'producer.override.', keys: PRODUCER_KEYS },
  { prefix: 'admin.override.', keys: ADMIN_KEYS },
  { prefix: 'consumer.override.', keys: CONSUMER_KEYS },
] as const;

type Prefix = (typeof CLIENTS)[number]['prefix'];

/**
 * What the policy says of each override of a client that the connector uses (R6.08), as the client's
 * own definition describes it; passwords are masked.
 *
 * @throws ConfigError for a value that its key's type can't be, as Java
 */
export function overrideInfos(
  type: 'source' | 'sink',
  config: ConnectorConfigInput,
  policy: OverridePolicy,
): ConfigInfos['configs'] {
  const used = usedClients(type, config);
  return CLIENTS.filter(({ prefix }) => used.has(prefix)).flatMap(({ prefix, keys }) => {
    const given = Object.entries(config).filter(([key]) => key.startsWith(prefix));
    return given.map(([name, text]) => {
      const key = clientKey(name.slice(prefix.length), keys);
      return configInfo(
        key ?? undefined,
        overrideValue(name.slice(prefix.length), text, key, policy),
        prefix,
      );
    });
  });
}

/** A source writes; it creates topics with an admin. A sink reads; its dead letters are written. */
function usedClients(type: 'source' | 'sink', config: ConnectorConfigInput): ReadonlySet<Prefix> {
  if (type === 'source') {
    const createsTopics = Object.keys(config).some((key) => key.startsWith('topic.creation.'));
    return new Set([
      'producer.override.',
      ...(createsTopics ? (['admin.override.'] as const) : []),
    ]);
  }
  const hasDeadLetters = (config['errors.deadletterqueue.topic.name']?.trim() ?? '') !== '';
  const others = ['producer.override.', 'admin.override.'] as const;
  return new Set(['consumer.override.', ...(hasDeadLetters ? others : [])]);
}

function overrideValue(
  name: string,
  text: string | null,
  key: ConfigKey | null,
  policy: OverridePolicy,
): ConfigValue {
  const refusal =
    `The '${policy.name}' policy does not allow '${name}' to be overridden in the connector ` +
    'configuration.';
  return {
    name,
    value: key === null ? text : parseType(name, text, key.type),
    recommendedValues: [],
    errorMessages: policy.allows(name) ? [] : [refusal],
    visible: true,
  };
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
