import type { Backoff } from '../connection/backoff.ts';
import { type Address, parseBootstrapServers } from '../connection/address.ts';
import { type Security, securityOf } from '../connection/security/security.ts';
import type { ConfigValues } from './config-values.ts';

/** What every client's connections and metadata need. */
export interface ClientConfig {
  readonly bootstrap: readonly Address[];
  readonly clientId: string;
  readonly security: Security;
  readonly requestTimeoutMs: number;
  readonly retryBackoff: Backoff;
  readonly reconnectBackoff: Backoff;
  /** Time to connect, doubling with every failure in a row. */
  readonly setupTimeout: Backoff;
  readonly connectionsMaxIdleMs: number;
  readonly metadataMaxAgeMs: number;
  /** Whether the bootstrap list is used again when no known broker can be reached. */
  readonly isRebootstrapping: boolean;
  /** Responses above this close the connection. */
  readonly responseMaxBytes: number;
}

/**
 * Java has no bound. The largest answers are fetches; a broker may exceed `fetch.max.bytes` by one
 * batch, and batches of more than some hundred megabytes exist nowhere.
 */
const RESPONSE_MAX_BYTES = 512 * 1024 * 1024;

/**
 * @throws ConfigError for servers that are no addresses, and for security settings that can't be
 */
export function clientConfigOf(values: ConfigValues, defaultClientId: string): ClientConfig {
  const clientId = values.string('client.id');
  return {
    bootstrap: parseBootstrapServers(values.list('bootstrap.servers')),
    clientId: clientId === '' ? defaultClientId : clientId,
    security: securityOf(values),
    requestTimeoutMs: values.number('request.timeout.ms'),
    retryBackoff: backoffOf(values, 'retry.backoff.ms', 'retry.backoff.max.ms'),
    reconnectBackoff: backoffOf(values, 'reconnect.backoff.ms', 'reconnect.backoff.max.ms'),
    setupTimeout: backoffOf(
      values,
      'socket.connection.setup.timeout.ms',
      'socket.connection.setup.timeout.max.ms',
    ),
    connectionsMaxIdleMs: values.number('connections.max.idle.ms'),
    metadataMaxAgeMs: values.number('metadata.max.age.ms'),
    isRebootstrapping: values.string('metadata.recovery.strategy').toLowerCase() === 'rebootstrap',
    responseMaxBytes: RESPONSE_MAX_BYTES,
  };
}

/** A first delay above the largest one counts as the largest, as Java's clients take it. */
function backoffOf(values: ConfigValues, initial: string, max: string): Backoff {
  const maxMs = values.number(max);
  return { initialMs: Math.min(values.number(initial), maxMs), maxMs };
}
