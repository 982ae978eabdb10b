import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { ConnectError } from '@sluice/api';
import { urlHost, type Listener } from '../listener.ts';
import { errorAnswer, httpError } from './http-errors.ts';
import { nodeHttp, nodeHttps } from './node-http.ts';

/** What a listener does with a request. It never throws. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Bounds of every connection. */
export interface HttpLimits {
  /** How long the head of a request may take, in milliseconds: who is slower is cut off. */
  readonly headersTimeoutMs: number;
  /** How long a whole request with its body may take, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** How long a connection may stay open without a request, in milliseconds; Java's is 30 seconds. */
  readonly keepAliveTimeoutMs: number;
  readonly connectionsMax: number;
}

export const HTTP_LIMITS: HttpLimits = {
  headersTimeoutMs: 20_000,
  requestTimeoutMs: 120_000,
  keepAliveTimeoutMs: 30_000,
  connectionsMax: 4096,
};

/** How often connections are looked at for being too slow. */
const CHECKS_PER_TIMEOUT = 4;
/** Longer than Java's 8 KiB, as names may be long. */
const HEADER_BYTES_MAX = 64 * 1024;
/** IPv4 and IPv6 together, where the machine has both. */
const ALL_INTERFACES = ['::', '0.0.0.0'] as const;

/** One bound address of the REST server, plain or TLS. */
export class HttpListener {
  /** With the port that is really bound. */
  readonly bound: Listener;
  readonly #server: Server;
  /** Answers that are not sent yet. */
  readonly #pending: ReadonlySet<ServerResponse>;

  private constructor(bound: Listener, server: Server, pending: ReadonlySet<ServerResponse>) {
    this.bound = bound;
    this.#server = server;
    this.#pending = pending;
  }

  /**
   * Binds the address.
   *
   * @param tls for `https`
   * @throws ConnectError `CONNECT_REST_BIND`
   */
  static async start(
    listener: Listener,
    handler: RequestHandler,
    tls: TlsOptions | null,
    limits: HttpLimits = HTTP_LIMITS,
  ): Promise<HttpListener> {
    const options = serverOptions(limits);
    const pending = new Set<ServerResponse>();
    const tracked: RequestHandler = (request, response) => {
      pending.add(response);
      response.once('close', () => pending.delete(response));
      handler(request, response);
    };
    const server =
      listener.protocol === 'https'
        ? nodeHttps().createServer({ ...options, ...tls }, tracked)
        : nodeHttp().createServer(options, tracked);
    server.maxConnections = limits.connectionsMax;
    server.on('clientError', answerBrokenRequest);
    const port = await bind(server, listener);
    return new HttpListener({ ...listener, port }, server, pending);
  }

  /** Takes no more requests; settles when those under way are answered. */
  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#server.closeIdleConnections();
    // Their connections would stay open for the next request otherwise.
    for (const response of this.#pending)
      if (!response.headersSent) response.setHeader('connection', 'close');
    await promise;
  }

  /** Ends what {@link close} still waits for. */
  destroy(): void {
    this.#server.closeAllConnections();
  }
}

function serverOptions(limits: HttpLimits): ServerOptions {
  const shortestMs = Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs);
  return {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.ceil(shortestMs / CHECKS_PER_TIMEOUT),
    maxHeaderSize: HEADER_BYTES_MAX,
    // Jersey answers requests without a Host header too.
    requireHostHeader: false,
    joinDuplicateHeaders: true,
  };
}

async function bind(server: Server, listener: Listener): Promise<number> {
  const hosts = listener.host === '' ? ALL_INTERFACES : [listener.host];
  let failure: unknown = null;
  for (const host of hosts) {
    try {
      return await listen(server, host, listener.port);
    } catch (error) {
      failure = error;
      // A machine without IPv6: the other form of "all interfaces" may do.
      if (codeOf(error) !== 'EAFNOSUPPORT' && codeOf(error) !== 'EADDRNOTAVAIL') break;
    }
  }
  throw bindError(listener, failure);
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host, port }, resolve);
  try {
    await promise;
  } finally {
    server.removeListener('error', reject);
  }
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new ConnectError(`The REST server has no port on ${host}.`);
  return address.port;
}

function bindError(listener: Listener, cause: unknown): ConnectError {
  const where = `${listener.protocol}://${urlHost(listener.host)}:${listener.port}`;
  const advice = 'change "listeners" in the worker properties';
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE:
      `port ${listener.port} is in use by another process; stop that process, or ${advice} ` +
      '(for example listeners=http://:8084)',
    EADDRNOTAVAIL: `this machine has no address ${listener.host}; ${advice}`,
    ENOTFOUND: `the host name ${listener.host} is not known; ${advice}`,
    EACCES: `this user may not use port ${listener.port}; ${advice} to a port above 1023`,
  };
  const reason = reasons[codeOf(cause)] ?? `${String(cause)}; ${advice}`;
  return new ConnectError(`Can't start the REST server on ${where}: ${reason}.`, {
    code: 'CONNECT_REST_BIND',
    cause,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Bytes that are no HTTP request, or too slow ones: answered in JSON too, then cut off. */
function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const { status, body } = errorAnswer(httpError(statusOf(error.code)));
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${status} ${nodeHttp().STATUS_CODES[status] ?? ''}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}

function statusOf(code: string | undefined): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}
