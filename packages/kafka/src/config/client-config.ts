import type { Backoff } from '../connection/backoff.ts';
import { type Address, parseBootstrapServers } from '../connection/address.ts';
import type { TokenFunction } from '../connection/security/sasl-settings.ts';
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
  /** The bootstrap list is also used when metadata could not be fetched for so long (KIP-1102). */
  readonly rebootstrapTriggerMs: number;
  /** Whether the bootstrap list is looked up backwards, to brokers' own names. */
  readonly isUsingCanonicalNames: boolean;
  /** Responses above this close the connection. */
  readonly responseMaxBytes: number;
}

/**
 * Java has no bound. The largest answers are fetches; a broker may exceed `fetch.max.bytes` by one
 * batch, and batches of more than some hundred megabytes exist nowhere.
 */
const RESPONSE_MAX_BYTES = 512 * 1024 * 1024;

/**
 * @param token - a function that gives OAuth tokens, instead of what "sasl.jaas.config" would say
 * @throws ConfigError for servers that are no addresses, and for security settings that can't be
 */
export function clientConfigOf(
  values: ConfigValues,
  defaultClientId: string,
  token: TokenFunction | null = null,
): ClientConfig {
  const clientId = values.string('client.id');
  return {
    bootstrap: parseBootstrapServers(values.list('bootstrap.servers')),
    clientId: clientId === '' ? defaultClientId : clientId,
    security: securityOf(values, token),
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
    rebootstrapTriggerMs: values.number('metadata.recovery.rebootstrap.trigger.ms'),
    isUsingCanonicalNames:
      values.string('client.dns.lookup') === 'resolve_canonical_bootstrap_servers_only',
    responseMaxBytes: RESPONSE_MAX_BYTES,
  };
}

/** A first delay above the largest one counts as the largest, as Java's clients take it. */
function backoffOf(values: ConfigValues, initial: string, max: string): Backoff {
  const maxMs = values.number(max);
  return { initialMs: Math.min(values.number(initial), maxMs), maxMs };
}
