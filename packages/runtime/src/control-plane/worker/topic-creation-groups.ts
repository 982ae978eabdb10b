import { ConfigDef, ConfigError, lambdaValidator, type Props } from '@sluice/api';
import type { TopicCreationGroupSpec } from '../../task-host/contract.ts';
import { aliasesIn } from '../validation/enriched-config.ts';

const PREFIX = 'topic.creation.';
const DEFAULT_GROUP = 'default';
const BROKER_DEFAULT = -1;

const GROUP_CONFIG = new ConfigDef({
  include: {
    type: 'LIST',
    default: '',
    importance: 'LOW',
    doc: 'Regular expressions of the topics that belong to the group: none by default.',
  },
  exclude: {
    type: 'LIST',
    default: '',
    importance: 'LOW',
    doc: 'Regular expressions of topics that do not, although they are included.',
  },
  partitions: {
    type: 'INT',
    default: null,
    validator: lambdaValidator(requireCount, 'at least 1, or -1 for the default of the broker'),
    importance: 'LOW',
    doc: 'How many partitions a topic gets.',
  },
  'replication.factor': {
    type: 'SHORT',
    default: null,
    validator: lambdaValidator(requireCount, 'at least 1, or -1 for the default of the broker'),
    importance: 'LOW',
    doc: 'How many replicas a partition gets.',
  },
});

/**
 * The groups of `topic.creation.*` in the order in which they are tried, `default` last (R2.72 to
 * R2.75); `null` when the connector has none of these keys.
 *
 * @throws ConfigError at the connector's start: the validate endpoint does not check them (R2.76)
 */
export function topicCreationGroups(props: Props): readonly TopicCreationGroupSpec[] | null {
  if (!Object.keys(props).some((key) => key.startsWith(PREFIX))) return null;
  const base = groupOf(DEFAULT_GROUP, props, null);
  const named = [...aliasesIn(props, `${PREFIX}groups`)].filter((name) => name !== DEFAULT_GROUP);
  return [...named.map((name) => groupOf(name, props, base)), base];
}

function groupOf(
  name: string,
  props: Props,
  base: TopicCreationGroupSpec | null,
): TopicCreationGroupSpec {
  const prefix = `${PREFIX}${name}.`;
  const own = Object.entries(props).filter(([key]) => key.startsWith(prefix));
  const given = Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
  const parsed = parse(prefix, given);
  const settings = Object.entries(given).filter(([key]) => !GROUP_CONFIG.keys.has(key));
  return {
    name,
    include: parsed.include,
    exclude: parsed.exclude,
    partitions: parsed.partitions ?? inherited(base?.partitions, `${prefix}partitions`),
    replicationFactor:
      parsed['replication.factor'] ??
      inherited(base?.replicationFactor, `${prefix}replication.factor`),
    configs: { ...base?.configs, ...Object.fromEntries(settings) },
  };
}

/** Named groups take what they do not set from `default`, which has to set both (R2.73). */
function inherited(value: number | undefined, key: string): number {
  if (value !== undefined) return value;
  throw new ConfigError(`Missing required configuration "${key}" which has no default value.`);
}

function parse(prefix: string, given: Props): ReturnType<typeof GROUP_CONFIG.parse> {
  try {
    return GROUP_CONFIG.parse(given);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(`${error.message} (under ${prefix})`, { cause: error });
  }
}

function requireCount(name: string, value: unknown): void {
  if (value === null || value === BROKER_DEFAULT || Number(value) >= 1) return;
  throw ConfigError.ofValue(
    name,
    value,
    `Value must be at least 1, or ${BROKER_DEFAULT} for the default of the broker`,
  );
}
