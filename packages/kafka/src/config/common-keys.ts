import {
  atLeast,
  between,
  type ConfigTable,
  ignored,
  key,
  oneOf,
  oneOfIgnoringCase,
  unsupported,
} from './config-key.ts';
import { saslKeys } from './sasl-keys.ts';
import { sslKeys } from './ssl-keys.ts';

/**
 * Names, types, defaults and ranges of Apache Kafka 4.3.1's `CommonClientConfigs` that all three
 * clients share.
 */
export const commonKeys: ConfigTable = {
  'bootstrap.servers': key('LIST', undefined),
  'client.dns.lookup': key(
    'STRING',
    'use_all_dns_ips',
    oneOf('use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'),
  ),
  'client.id': key('STRING', ''),
  'config.providers': ignored('LIST', []),
  'connections.max.idle.ms': key('LONG', 540_000),
  'enable.metrics.push': ignored('BOOLEAN', true),
  'metadata.max.age.ms': key('LONG', 300_000, atLeast(0)),
  'metadata.recovery.rebootstrap.trigger.ms': key('LONG', 300_000, atLeast(0)),
  'metadata.recovery.strategy': key(
    'STRING',
    'rebootstrap',
    oneOfIgnoringCase('REBOOTSTRAP', 'NONE'),
  ),
  'metric.reporters': ignored('LIST', ['org.apache.kafka.common.metrics.JmxReporter']),
  'metrics.num.samples': ignored('INT', 2, atLeast(1)),
  'metrics.recording.level': ignored('STRING', 'INFO', oneOf('INFO', 'DEBUG', 'TRACE')),
  'metrics.sample.window.ms': ignored('LONG', 30_000, atLeast(0)),
  'receive.buffer.bytes': unsupported('INT', 65_536, atLeast(-1)),
  'reconnect.backoff.max.ms': key('LONG', 1000, atLeast(0)),
  'reconnect.backoff.ms': key('LONG', 50, atLeast(0)),
  'request.timeout.ms': key('INT', 30_000, atLeast(0)),
  'retry.backoff.max.ms': key('LONG', 1000, atLeast(0)),
  'retry.backoff.ms': key('LONG', 100, atLeast(0)),
  'security.protocol': key(
    'STRING',
    'PLAINTEXT',
    oneOfIgnoringCase('SASL_SSL', 'PLAINTEXT', 'SSL', 'SASL_PLAINTEXT'),
  ),
  'security.providers': unsupported('STRING', null),
  'send.buffer.bytes': unsupported('INT', 131_072, atLeast(-1)),
  'socket.connection.setup.timeout.max.ms': key('LONG', 30_000),
  'socket.connection.setup.timeout.ms': key('LONG', 10_000),
  ...sslKeys,
  ...saslKeys,
};

/** `retries` of producer and admin. */
export const retries = key('INT', 2_147_483_647, between(0, 2_147_483_647));
