import { type ClientConfig, clientConfigOf } from '../config/client-config.ts';
import { type ConfigValues, parseConfig } from '../config/config-values.ts';
import { consumerKeys } from '../config/consumer-keys.ts';
import { type OffsetReset, parseOffsetReset } from '../config/offset-reset.ts';
import { ISOLATION } from '../cluster/partition-offsets.ts';
import type { TokenFunction } from '../connection/security/sasl-settings.ts';
import { ConfigError } from '../errors/config-error.ts';
import type { Assignor } from '../group/assignors/assignor.ts';
import { configuredAssignors } from '../group/assignors/configured-assignors.ts';
import type { KafkaLogger } from '../logger.ts';

/** How records are fetched. Names follow Java's keys. */
export interface FetchConfig {
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly maxWaitMs: number;
  readonly partitionMaxBytes: number;
  readonly isCheckingCrcs: boolean;
  /** As the wire writes it, see `ISOLATION`. */
  readonly isolationLevel: number;
  /** `client.rack`, empty when none. */
  readonly rack: string;
}

/** How a group is joined. */
export interface GroupConfig {
  readonly groupId: string;
  /** `consumer` is that of KIP-848. */
  readonly protocol: 'classic' | 'consumer';
  /** `group.remote.assignor`; `null` leaves it to the coordinator. */
  readonly remoteAssignor: string | null;
  readonly instanceId: string | null;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly pollIntervalMaxMs: number;
  readonly assignors: readonly Assignor[];
}

/** A consumer's settings, checked. */
export interface ConsumerConfig {
  readonly client: ClientConfig;
  readonly apiTimeoutMs: number;
  readonly fetch: FetchConfig;
  /** `null` without a `group.id`. */
  readonly group: GroupConfig | null;
  readonly pollRecordsMax: number;
  readonly offsetReset: OffsetReset;
  /** `null` when `enable.auto.commit` is off or there is no group. */
  readonly autoCommitIntervalMs: number | null;
  readonly isCreatingTopics: boolean;
  readonly isExcludingInternalTopics: boolean;
}

/** `token` gives OAuth tokens. @throws ConfigError in Java's wording */
export function parseConsumerConfig(
  properties: Readonly<Record<string, string>>,
  logger: KafkaLogger,
  token: TokenFunction | null = null,
): ConsumerConfig {
  const values = parseConfig('consumer', consumerKeys, properties, logger);
  const group = groupOf(values);
  const clientId = group === null ? 'consumer' : `consumer-${group.groupId}`;
  return {
    client: clientConfigOf(values, clientId, token),
    apiTimeoutMs: values.number('default.api.timeout.ms'),
    fetch: fetchOf(values),
    group,
    pollRecordsMax: values.number('max.poll.records'),
    offsetReset: parseOffsetReset(values.string('auto.offset.reset')) ?? { type: 'latest' },
    autoCommitIntervalMs: autoCommitOf(values, group),
    isCreatingTopics: values.boolean('allow.auto.create.topics'),
    isExcludingInternalTopics: values.boolean('exclude.internal.topics'),
  };
}

function fetchOf(values: ConfigValues): FetchConfig {
  const isCommitted = values.string('isolation.level') === 'read_committed';
  return {
    minBytes: values.number('fetch.min.bytes'),
    maxBytes: values.number('fetch.max.bytes'),
    maxWaitMs: values.number('fetch.max.wait.ms'),
    partitionMaxBytes: values.number('max.partition.fetch.bytes'),
    isCheckingCrcs: values.boolean('check.crcs'),
    isolationLevel: isCommitted ? ISOLATION.readCommitted : ISOLATION.readUncommitted,
    rack: values.string('client.rack'),
  };
}

function groupOf(values: ConfigValues): GroupConfig | null {
  const groupId = values.nullableString('group.id');
  if (groupId === null) return null;
  if (groupId === '') {
    throw new ConfigError(
      'Invalid value  for configuration group.id: it must not be empty; leave the key out to ' +
        'consume without a group',
    );
  }
  const protocol = protocolOf(values);
  const strategy = values.list('partition.assignment.strategy');
  if (strategy.length === 0) {
    throw new ConfigError(
      'Invalid value  for configuration partition.assignment.strategy: at least one assignor is needed',
    );
  }
  const sessionTimeoutMs = values.number('session.timeout.ms');
  const heartbeatIntervalMs = values.number('heartbeat.interval.ms');
  if (heartbeatIntervalMs >= sessionTimeoutMs) {
    throw new ConfigError(
      `Heartbeat must be set lower than the session timeout: heartbeat.interval.ms is ` +
        `${heartbeatIntervalMs}, session.timeout.ms is ${sessionTimeoutMs}`,
    );
  }
  return {
    groupId,
    protocol,
    remoteAssignor: values.nullableString('group.remote.assignor'),
    instanceId: values.nullableString('group.instance.id'),
    sessionTimeoutMs,
    heartbeatIntervalMs,
    pollIntervalMaxMs: values.number('max.poll.interval.ms'),
    assignors: configuredAssignors(strategy),
  };
}

/** Keys that the coordinator decides under KIP-848. */
const CLASSIC_ONLY = [
  'partition.assignment.strategy',
  'heartbeat.interval.ms',
  'session.timeout.ms',
] as const;

function protocolOf(values: ConfigValues): 'classic' | 'consumer' {
  const name = values.string('group.protocol').toLowerCase();
  if (name !== 'consumer') {
    if (values.nullableString('group.remote.assignor') === null) return 'classic';
    throw new ConfigError('group.remote.assignor cannot be set when group.protocol=CLASSIC');
  }
  const given = CLASSIC_ONLY.find((key) => values.isGiven(key));
  if (given === undefined) return 'consumer';
  throw new ConfigError(`${given} cannot be set when group.protocol=CONSUMER`);
}

/** Without a group there is nowhere to commit to: asked for outright, that is an error, as in Java. */
function autoCommitOf(values: ConfigValues, group: GroupConfig | null): number | null {
  const isOn = values.boolean('enable.auto.commit');
  if (group !== null) return isOn ? values.number('auto.commit.interval.ms') : null;
  if (isOn && values.isGiven('enable.auto.commit')) {
    throw new ConfigError(
      'enable.auto.commit cannot be set to true when default group id (null) is used.',
    );
  }
  return null;
}
