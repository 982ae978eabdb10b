/**
 * Keys that are right in a worker's properties although a standalone worker does not use them:
 * those of distributed workers and of Kafka's clients (which the worker's own clients inherit).
 */

/** Everything under these prefixes belongs to somebody else: clients, plug-ins, providers. */
export const KNOWN_PREFIXES: readonly string[] = [
  'producer.',
  'consumer.',
  'admin.',
  'key.converter.',
  'value.converter.',
  'header.converter.',
  'config.providers.',
  'config.storage.',
  'offset.storage.',
  'status.storage.',
  'listeners.https.',
  'admin.listeners.https.',
  'metrics.context.',
  'ssl.',
  'sasl.',
];

export const DISTRIBUTED_KEYS: readonly string[] = [
  'group.id',
  'session.timeout.ms',
  'heartbeat.interval.ms',
  'rebalance.timeout.ms',
  'exactly.once.source.support',
  'worker.sync.timeout.ms',
  'worker.unsync.backoff.ms',
  'config.storage.topic',
  'offset.storage.topic',
  'status.storage.topic',
  'connect.protocol',
  'scheduled.rebalance.max.delay.ms',
  'inter.worker.key.generation.algorithm',
  'inter.worker.key.size',
  'inter.worker.key.ttl.ms',
  'inter.worker.signature.algorithm',
  'inter.worker.verification.algorithms',
];

export const CLIENT_KEYS: readonly string[] = [
  'client.id',
  'metadata.max.age.ms',
  'metadata.recovery.strategy',
  'metadata.recovery.rebootstrap.trigger.ms',
  'send.buffer.bytes',
  'receive.buffer.bytes',
  'reconnect.backoff.ms',
  'reconnect.backoff.max.ms',
  'socket.connection.setup.timeout.ms',
  'socket.connection.setup.timeout.max.ms',
  'retry.backoff.ms',
  'retry.backoff.max.ms',
  'request.timeout.ms',
  'default.api.timeout.ms',
  'connections.max.idle.ms',
  'security.protocol',
  'security.providers',
  'retries',
  'bootstrap.controllers',
  'enable.metrics.push',
  'auto.include.jmx.reporter',
];

/** Keys of earlier versions: still tolerated, without effect, each with what to do instead. */
export const REMOVED_KEYS: ReadonlyMap<string, string> = new Map([
  ['rest.port', 'set the port in "listeners", for example listeners=http://:8083'],
  ['rest.host.name', 'set the host in "listeners", for example listeners=http://myhost:8083'],
  ['rest.advertised.host.port', 'the key is "rest.advertised.port"'],
  ['internal.key.converter', 'internal data is always JSON without schemas: remove it'],
  ['internal.value.converter', 'internal data is always JSON without schemas: remove it'],
  ['internal.key.converter.schemas.enable', 'internal data is always without schemas: remove it'],
  ['internal.value.converter.schemas.enable', 'internal data is always without schemas: remove it'],
  ['zookeeper.connect', 'Connect has not used ZooKeeper for many versions: remove it'],
  ['schemas.enable', 'use "key.converter.schemas.enable" and "value.converter.schemas.enable"'],
]);
