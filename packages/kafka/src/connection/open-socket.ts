import { connect, type Socket } from 'node:net';
import { TIMER_MAX_MS } from '../clock.ts';
import { asKafkaError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import { addressText, type Address } from './address.ts';
import { type HostAddress, resolveHost } from './resolve-host.ts';
import type { Security } from './security/security.ts';
import { tlsFailure } from './security/tls-failure.ts';

/** What a plain socket reads into, again and again: pieces are copied out into their frames. */
const READ_BYTES = 64 * 1024;

/** How long a socket may take to open, and who may stop it. */
export interface OpenLimits {
  /** For TCP, at each address. */
  readonly connectMs: number;
  /** For TLS. */
  readonly handshakeMs: number;
  readonly signal: AbortSignal;
}

/**
 * Opens a socket: TCP to the first address of the host that answers, and TLS over it where it is
 * set.
 *
 * @throws KafkaError `NETWORK_EXCEPTION`, retriable; `SSL_AUTHENTICATION_FAILED` and
 *   `SSL_CONFIGURATION`, which are not
 */
export async function openSocket(
  address: Address,
  security: Security,
  limits: OpenLimits,
): Promise<Socket> {
  const hosts = await resolveHost(address);
  const failures: KafkaError[] = [];
  for (const host of hosts) {
    try {
      return await openAt(host, address, security, limits);
    } catch (error) {
      const failure = asKafkaError(error);
      // What is wrong with a certificate is wrong at every address.
      if (!failure.isRetriable || limits.signal.aborted) throw failure;
      failures.push(failure);
    }
  }
  const [first] = failures;
  if (first !== undefined && failures.length === 1) throw first;
  throw network(address, failures.map((each) => reasonOf(each.cause, each)).join('; '), first);
}

async function openAt(
  host: HostAddress,
  address: Address,
  { tls, kept }: Security,
  limits: OpenLimits,
): Promise<Socket> {
  const plain = tcp(host, address, tls === null);
  await opened(plain, 'connect', address, limits.connectMs, limits.signal);
  plain.setKeepAlive(true);
  if (tls === null) return plain;
  try {
    if (kept.tls === null) {
      // Loaded by those who need it: it takes as long as the rest of the client.
      const { TlsContext } = await import('./security/tls-context.ts');
      kept.tls ??= new TlsContext(tls);
    }
    const secure = await kept.tls.wrap(plain, address);
    await opened(secure, 'secureConnect', address, limits.handshakeMs, limits.signal);
    return secure;
  } catch (error) {
    plain.destroy();
    throw error;
  }
}

/**
 * `isPlain`: nothing is wrapped around it. It then reads into one buffer of its own: a buffer for
 * each piece makes V8 collect the whole heap twice as often while much is fetched.
 */
function tcp({ ip, family }: HostAddress, address: Address, isPlain: boolean): Socket {
  const target = { host: ip, family, port: address.port, noDelay: true };
  try {
    if (!isPlain) return connect(target);
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    const socket = connect({
      ...target,
      onread: {
        buffer,
        callback: (bytes) => {
          socket.emit('data', buffer.subarray(0, bytes));
          return true;
        },
      },
    });
    return socket;
  } catch (error) {
    // A port beyond all ports: brokers say where they are, and one may say nonsense.
    throw network(address, error instanceof Error ? error.message : String(error), error);
  }
}

/** A Kafka port without TLS closes without a word; so does a broker that is just being stopped. */
const DURING_TLS =
  ', during the TLS handshake. Its port may expect another "security.protocol" (no TLS)';

function opened(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  address: Address,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const hint = event === 'secureConnect' ? DURING_TLS : '';
  return new Promise((resolve, reject) => {
    const fail = (error: KafkaError): void => {
      finish();
      socket.destroy();
      reject(error);
    };
    const onReady = (): void => {
      finish();
      resolve();
    };
    const onError = (error: Error): void =>
      fail(tlsFailure(error, address) ?? network(address, error.message + hint, error));
    const onClose = (): void => fail(network(address, `the broker closed the connection${hint}`));
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

function reasonOf(cause: unknown, error: KafkaError): string {
  return cause instanceof Error ? cause.message : error.message;
}
