import { connect, type Socket } from 'node:net';
import type { ClientConfig } from '../config/client-config.ts';
import { TIMER_MAX_MS } from '../clock.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import { addressText, type Address } from './address.ts';
import { Connection } from './connection.ts';
import { negotiateVersions } from './negotiate.ts';

/**
 * Opens a connection, ready for requests: socket, versions agreed. Every address that the host's name has is tried.
 *
 * @throws KafkaError `NETWORK_EXCEPTION`, retriable
 */
export async function openConnection(
  config: ClientConfig,
  address: Address,
  setupTimeoutMs: number,
  signal: AbortSignal,
): Promise<Connection> {
  const socket = await openSocket(address, setupTimeoutMs, signal);
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
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function openSocket(address: Address, timeoutMs: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address.host, port: address.port, noDelay: true });
    const fail = (what: string, cause?: unknown): void => {
      finish();
      socket.destroy();
      const text = `Connecting to the broker at ${addressText(address)}: ${what}`;
      reject(new KafkaError('NETWORK_EXCEPTION', text, { isRetriable: true, cause }));
    };
    const onConnect = (): void => {
      finish();
      socket.setKeepAlive(true);
      resolve(socket);
    };
    const onError = (error: Error): void => fail(reasonOf(error), error);
    const onAbort = (): void => fail('the client was closed');
    const timer = setTimeout(
      () => fail(`no connection within ${Math.round(timeoutMs)} ms`),
      Math.min(timeoutMs, TIMER_MAX_MS),
    );
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.off('connect', onConnect);
      socket.off('error', onError);
    };
    socket.on('connect', onConnect);
    socket.on('error', onError);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

/** Several addresses were tried: an aggregate error, whose own message is empty. */
function reasonOf(error: Error): string {
  if (!(error instanceof AggregateError)) return error.message;
  return error.errors.map((each) => (each instanceof Error ? each.message : String(each))).join('; ');
}
