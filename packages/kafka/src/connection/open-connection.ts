import type { ClientConfig } from '../config/client-config.ts';
import type { Address } from './address.ts';
import { Connection } from './connection.ts';
import { negotiateVersions } from './negotiate.ts';
import { openSocket } from './open-socket.ts';

/**
 * Opens a connection, ready for requests: socket, TLS, versions agreed, logged in. Every address
 * that the host's name has is tried.
 *
 * @throws KafkaError `NETWORK_EXCEPTION` (retriable), `SSL_AUTHENTICATION_FAILED`,
 *   `SASL_AUTHENTICATION_FAILED` and others that trying again does not help
 */
export async function openConnection(
  config: ClientConfig,
  address: Address,
  setupTimeoutMs: number,
  signal: AbortSignal,
): Promise<Connection> {
  const { tls, sasl } = config.security;
  const socket = await openSocket(address, tls, { timeoutMs: setupTimeoutMs, signal });
  const connection = new Connection({
    address,
    socket,
    clientId: config.clientId,
    responseMaxBytes: config.responseMaxBytes,
    idleMaxMs: config.connectionsMaxIdleMs,
  });
  const abort = (): void => connection.close();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await negotiateVersions(connection, config.requestTimeoutMs);
    if (sasl !== null) {
      const { authenticate } = await import('./security/sasl.ts');
      await authenticate(connection, sasl, config.requestTimeoutMs);
    }
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
