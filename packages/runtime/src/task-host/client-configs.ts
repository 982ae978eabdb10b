/**
 * The property maps of the Kafka clients that connectors and tasks use: Java's defaults, then the
 * worker's `producer.`, `consumer.`, `admin.` keys, then the connector's overrides. Rows R2.24,
 * R4.16 to R4.18, R5.01, R5.18.
 */
import type { Props } from '@sluice/api';
import { ADMIN_KEYS } from '../control-plane/validation/gen/client-keys.ts';
import type { TaskId } from './contract.ts';

/** What the builders read. Policy checks of the overrides have happened before. */
export interface ClientConfigInput {
  /** The worker's properties as in its file, config providers resolved. */
  readonly workerProps: Props;
  /** The connector's config, config providers resolved. */
  readonly connectorProps: Props;
}

const BYTE_ARRAY_SERIALIZER = 'org.apache.kafka.common.serialization.ByteArraySerializer';
const BYTE_ARRAY_DESERIALIZER = 'org.apache.kafka.common.serialization.ByteArrayDeserializer';
const BOOTSTRAP_SERVERS = 'bootstrap.servers';
const DEFAULT_BOOTSTRAP_SERVERS = 'localhost:9092';
const LONG_MAX = '9223372036854775807';
const INT_MAX = '2147483647';
/** Keys of the worker's REST server that only look like an admin client's. */
const ADMIN_LISTENERS = /^listeners(\.|$)/;

/** The producer of a source task: at-least-once and in order (R4.16). */
export function sourceProducerConfig(input: ClientConfigInput, id: TaskId): Props {
  return producerConfig(input, `connector-producer-${id.connector}-${id.task}`);
}

/** The producer of dead letters: the same defaults under its own client id (R5.18). */
export function deadLetterProducerConfig(input: ClientConfigInput, id: TaskId): Props {
  return producerConfig(input, `connector-dlq-producer-${id.connector}-${id.task}`);
}

/** The consumer of a sink task, in the group `connect-<connector>` (R5.01). */
export function sinkConsumerConfig(input: ClientConfigInput, id: TaskId): Props {
  return {
    'group.id': defaultGroupId(id.connector),
    'client.id': `connector-consumer-${id.connector}-${id.task}`,
    [BOOTSTRAP_SERVERS]: bootstrapServers(input.workerProps),
    'enable.auto.commit': 'false',
    'auto.offset.reset': 'earliest',
    'key.deserializer': BYTE_ARRAY_DESERIALIZER,
    'value.deserializer': BYTE_ARRAY_DESERIALIZER,
    ...withPrefix(input.workerProps, 'consumer.'),
    ...withPrefix(input.connectorProps, 'consumer.override.'),
  };
}

/** The admin client of a source task, for topic creation (R4.18). */
export function adminConfig(input: ClientConfigInput, id: TaskId): Props {
  return namedAdminConfig(input, `connector-adminclient-${id.connector}-${id.task}`);
}

/** The admin client that creates the dead-letter topic (R5.18). */
export function deadLetterAdminConfig(input: ClientConfigInput, id: TaskId): Props {
  return namedAdminConfig(input, `connector-dlq-adminclient-${id.connector}-${id.task}`);
}

/** The consumer group of a sink connector: `connect-<connector>`, unless it is overridden. */
export function sinkGroupId(input: ClientConfigInput, connector: string): string {
  const group = sinkConsumerConfig(input, { connector, task: 0 })['group.id'];
  return group ?? defaultGroupId(connector);
}

/** The admin client that reads and changes offsets of a sink connector's group. */
export function connectorAdminConfig(input: ClientConfigInput, connector: string): Props {
  return namedAdminConfig(input, `connector-worker-adminclient-${connector}`);
}

/** The admin client with which the worker asks how Kafka is. */
export function workerAdminConfig(workerProps: Props): Props {
  return namedAdminConfig({ workerProps, connectorProps: {} }, 'sluice-worker-adminclient');
}

function defaultGroupId(connector: string): string {
  return `connect-${connector}`;
}

/** The entries whose key starts with `prefix`, the prefix removed. */
export function withPrefix(props: Props, prefix: string): Props {
  const found: Record<string, string> = {};
  for (const [key, value] of Object.entries(props)) {
    if (key.startsWith(prefix) && key.length > prefix.length)
      found[key.slice(prefix.length)] = value;
  }
  return found;
}

function producerConfig(input: ClientConfigInput, clientId: string): Props {
  return {
    [BOOTSTRAP_SERVERS]: bootstrapServers(input.workerProps),
    'key.serializer': BYTE_ARRAY_SERIALIZER,
    'value.serializer': BYTE_ARRAY_SERIALIZER,
    // Java waits for ever rather than lose or reorder: a task blocks, it does not fail.
    'max.block.ms': LONG_MAX,
    'enable.idempotence': 'false',
    acks: 'all',
    'max.in.flight.requests.per.connection': '1',
    'delivery.timeout.ms': INT_MAX,
    'client.id': clientId,
    ...withPrefix(input.workerProps, 'producer.'),
    ...withPrefix(input.connectorProps, 'producer.override.'),
  };
}

// Admin clients alone also inherit the worker's keys without a prefix (R2.24): those that such a
// client has. The worker's other keys mean nothing to it, and it would complain of each.
function namedAdminConfig(input: ClientConfigInput, clientId: string): Props {
  const inherited = Object.entries(input.workerProps).filter(([key]) =>
    Object.hasOwn(ADMIN_KEYS, key),
  );
  const given = Object.entries(withPrefix(input.workerProps, 'admin.')).filter(
    ([key]) => !ADMIN_LISTENERS.test(key),
  );
  return {
    [BOOTSTRAP_SERVERS]: bootstrapServers(input.workerProps),
    'client.id': clientId,
    ...Object.fromEntries(inherited),
    ...Object.fromEntries(given),
    ...withPrefix(input.connectorProps, 'admin.override.'),
  };
}

function bootstrapServers(workerProps: Props): string {
  return workerProps[BOOTSTRAP_SERVERS] ?? DEFAULT_BOOTSTRAP_SERVERS;
}
