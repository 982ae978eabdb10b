import type { Address } from './address.ts';
import { Connection } from './connection.ts';
import type { LinkOptions } from './link-options.ts';
import { negotiateVersions } from './negotiate.ts';
import { openSocket } from './open-socket.ts';

/** The first of the bootstrap list, as Java names it; the others count down from there. */
const BOOTSTRAP_NODE = 'node--1';

/**
 * Opens a connection, ready for requests: socket, TLS, versions agreed, logged in. Every address
 * that the host's name has is tried. `nodeId` is the broker's name in metrics, such as `node-1`.
 *
 * @throws KafkaError `NETWORK_EXCEPTION` (retriable), `SSL_AUTHENTICATION_FAILED`,
 *   `SASL_AUTHENTICATION_FAILED` and others that trying again does not help
 */
export async function openConnection(
  options: LinkOptions,
  address: Address,
  setupTimeoutMs: number,
  signal: AbortSignal,
  nodeId: string = BOOTSTRAP_NODE,
): Promise<Connection> {
  const { config, clock } = options;
  const socket = await openSocket(address, config.security, {
    connectMs: setupTimeoutMs,
    handshakeMs: Math.max(setupTimeoutMs, config.requestTimeoutMs),
    signal,
  });
  const connection = new Connection({
    address,
    socket,
    clientId: config.clientId,
    responseMaxBytes: config.responseMaxBytes,
    idleMaxMs: config.connectionsMaxIdleMs,
    now: () => clock.now(),
    meters: options.network?.opened(nodeId) ?? null,
  });
  const abort = (): void => connection.close();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await negotiateVersions(connection, config.requestTimeoutMs);
    if (config.security.sasl !== null) {
      const { logIn } = await import('./security/sasl.ts');
      await logIn(connection, options);
    }
    connection.acceptData();
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
