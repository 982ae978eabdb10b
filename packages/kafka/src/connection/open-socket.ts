import { connect, type Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { TIMER_MAX_MS } from '../clock.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import { addressText, type Address } from './address.ts';
import { tlsOptions } from './security/tls-options.ts';
import type { TlsSettings } from './security/tls-settings.ts';

/** How long a socket may take to open, and who may stop it. */
export interface OpenLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Opens a socket: TCP, and TLS over it where it is set.
 *
 * @throws KafkaError `NETWORK_EXCEPTION`, retriable; `SSL_AUTHENTICATION_FAILED`, which is not
 */
export async function openSocket(
  address: Address,
  tls: TlsSettings | null,
  limits: OpenLimits,
): Promise<Socket> {
  if (tls === null) {
    const socket = connect({ host: address.host, port: address.port, noDelay: true });
    return ready(socket, 'connect', address, limits);
  }
  const options = await tlsOptions(tls, address);
  // Loaded by those who need it: it takes as long as the rest of the client.
  const node = await import('node:tls');
  return ready(secure(node.connect, options, address), 'secureConnect', address, limits);
}

function secure(
  connectTls: (options: ConnectionOptions) => TLSSocket,
  options: ConnectionOptions,
  address: Address,
): Socket {
  try {
    const socket = connectTls({ ...options, host: address.host, port: address.port });
    socket.setNoDelay(true);
    return socket;
  } catch (error) {
    // A key that is no key, a wrong password: Node finds out before it connects.
    const reason = error instanceof Error ? error.message : String(error);
    const text = `Preparing TLS for ${addressText(address)}: ${reason}. Check the "ssl." keys.`;
    throw new KafkaError('SSL_CONFIGURATION', text, { cause: error });
  }
}

function ready(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  address: Address,
  { timeoutMs, signal }: OpenLimits,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const fail = (error: KafkaError): void => {
      finish();
      socket.destroy();
      reject(error);
    };
    const onReady = (): void => {
      finish();
      socket.setKeepAlive(true);
      resolve(socket);
    };
    const onError = (error: Error): void => fail(failureOf(error, address));
    const onClose = (): void => fail(network(address, 'the broker closed the connection'));
    const onAbort = (): void => fail(network(address, 'the client was closed'));
    const timer = setTimeout(
      () => fail(network(address, `no connection within ${Math.round(timeoutMs)} ms`)),
      Math.min(timeoutMs, TIMER_MAX_MS),
    );
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.off(event, onReady);
      socket.off('error', onError);
      socket.off('close', onClose);
      // What still comes before the connection takes over must not end the process.
      socket.on('error', () => undefined);
    };
    socket.on(event, onReady);
    socket.on('error', onError);
    socket.on('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

function network(address: Address, what: string, cause?: unknown): KafkaError {
  const text = `Connecting to the broker at ${addressText(address)}: ${what}`;
  return new KafkaError('NETWORK_EXCEPTION', text, { isRetriable: true, cause });
}

/**
 * A certificate that is not right stays so: no use in trying again. Java's
 * SslAuthenticationException.
 */
const CERTIFICATE = /CERT|ALTNAME|UNABLE_TO|SELF_SIGNED|INVALID_CA|PATH_LENGTH|ERR_SSL|ERR_TLS/;

function failureOf(error: Error, address: Address): KafkaError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (!CERTIFICATE.test(code)) return network(address, reasonOf(error), error);
  const text =
    `The TLS handshake with ${addressText(address)} failed: ${error.message} (${code}). ` +
    'Check "ssl.truststore.*", "ssl.keystore.*", the name in the broker\'s certificate, and ' +
    'whether the port speaks TLS.';
  return new KafkaError('SSL_AUTHENTICATION_FAILED', text, { cause: error });
}

/** Several addresses were tried: an aggregate error, whose own message is empty. */
function reasonOf(error: Error): string {
  if (!(error instanceof AggregateError)) return error.message;
  return error.errors
    .map((each) => (each instanceof Error ? each.message : String(each)))
    .join('; ');
}
