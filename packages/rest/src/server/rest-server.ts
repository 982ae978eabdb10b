import type { AddressInfo } from 'node:net';
import { ConfigError, ConnectError, type Logger } from '@sluice/api';
import type { FastifyInstance } from 'fastify';
import type { Herder } from '../contract/herder.ts';
import type { LoggerControl } from '../contract/logger-control.ts';
import { advertisedUrl, type Advertised } from './advertised-url.ts';
import { CONNECTOR_PLUGIN_RESOURCES } from './connector-plugins.ts';
import { CONNECTOR_RESOURCES } from './connectors.ts';
import { HEALTH_RESOURCES } from './health.ts';
import { INTERNAL_RESOURCES } from './internal.ts';
import { parseListener, urlHost, type Listener } from './listener.ts';
import { LOGGER_RESOURCES } from './loggers.ts';
import type { Resource, ResourceContext } from './resource.ts';
import { createRestApp } from './rest-app.ts';
import { ROOT_RESOURCES } from './root.ts';

/** What a worker tells its REST server. */
export interface RestServerOptions {
  /** `listeners`, e.g. `http://:8083`. At least one. */
  readonly listeners: readonly string[];
  /** `rest.advertised.*`; what is null is derived from the listeners (R1.13, R1.14). */
  readonly advertised?: Advertised;
  readonly logger: Logger;
  /** How long a request may take; Java's is 90 seconds. */
  readonly requestTimeoutMs?: number;
}

/** All of Connect's resources. */
export const RESOURCES: readonly Resource[] = [
  ...ROOT_RESOURCES,
  ...HEALTH_RESOURCES,
  ...CONNECTOR_RESOURCES,
  ...CONNECTOR_PLUGIN_RESOURCES,
  ...INTERNAL_RESOURCES,
  ...LOGGER_RESOURCES,
];

const REQUEST_TIMEOUT_MS = 90_000;
/** How long `close` waits for requests under way (R1.07). */
const CLOSE_TIMEOUT_MS = 60_000;
/** IPv4 and IPv6 together, where the machine has both. */
const ALL_INTERFACES = ['::', '0.0.0.0'] as const;

/**
 * The REST server of one worker. It listens before the worker is ready (R9.06): until `mount`
 * every path answers 404. Mirrors `org.apache.kafka.connect.runtime.rest.RestServer`.
 */
export class RestServer implements AsyncDisposable {
  readonly #apps: FastifyInstance[] = [];
  readonly #bound: Listener[] = [];
  readonly #options: RestServerOptions;
  #context: ResourceContext | null = null;

  private constructor(options: RestServerOptions) {
    this.#options = options;
  }

  /**
   * Starts listening.
   *
   * @throws ConfigError when a listener can't be understood; ConnectError when a port is taken
   */
  static async start(options: RestServerOptions): Promise<RestServer> {
    const listeners = options.listeners.map((text) => parseListener(text));
    if (listeners.length === 0)
      throw ConfigError.ofValue('listeners', '', 'at least one listener is needed');
    const server = new RestServer(options);
    try {
      for (const listener of listeners) await server.#listen(listener);
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  /** What other workers and users call this worker, with a slash at the end (R1.15). */
  get advertisedUrl(): URL {
    return advertisedUrl(this.#bound, this.#options.advertised);
  }

  /** Where the first listener can be reached from this machine. */
  get localUrl(): string {
    const [first] = this.#bound;
    if (first === undefined) throw new ConnectError('The REST server has no listener.');
    const isAll = first.host === '' || first.host === '::' || first.host === '0.0.0.0';
    return `${first.protocol}://${isAll ? 'localhost' : urlHost(first.host)}:${first.port}`;
  }

  /** From here on requests are answered. */
  mount(herder: Herder, loggers: LoggerControl | null = null): void {
    this.#context = { herder, loggers };
  }

  /** Takes no more requests and waits for those under way, at most a minute. */
  async close(): Promise<void> {
    const { promise: timeout, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    try {
      await Promise.race([Promise.all(this.#apps.map((app) => app.close())), timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #listen(listener: Listener): Promise<void> {
    if (listener.protocol === 'https')
      throw ConfigError.ofValue(
        'listeners',
        `https://${listener.host}:${listener.port}`,
        'this version serves http only; put a TLS proxy in front, or use http',
      );
    const app = createRestApp({
      resources: RESOURCES,
      context: () => this.#context,
      logger: this.#options.logger,
      requestTimeoutMs: this.#options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    });
    this.#apps.push(app);
    const { port } = await bind(app, listener);
    this.#bound.push({ ...listener, port });
  }
}

async function bind(app: FastifyInstance, listener: Listener): Promise<AddressInfo> {
  const hosts = listener.host === '' ? ALL_INTERFACES : [listener.host];
  let failure: unknown = null;
  for (const host of hosts) {
    try {
      await app.listen({ host, port: listener.port });
      const address = app.server.address();
      if (address === null || typeof address === 'string')
        throw new ConnectError(`The REST server has no port on ${host}.`);
      return address;
    } catch (error) {
      failure = error;
      // A machine without IPv6: the other form of "all interfaces" may do.
      if (codeOf(error) !== 'EAFNOSUPPORT' && codeOf(error) !== 'EADDRNOTAVAIL') break;
    }
  }
  throw bindError(listener, failure);
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
