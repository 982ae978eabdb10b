import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { ConnectError, type Logger, type Props } from '@sluice/api';
import type { Herder } from '../contract/herder.ts';
import type { LoggerControl } from '../contract/logger-control.ts';
import type { RequestTracer } from '../contract/request-tracer.ts';
import { advertisedUrl, workerIdOf } from './advertised-url.ts';
import { RESOURCES } from './all-resources.ts';
import { RestExtensions, type LoadRestExtension } from './extension/rest-extensions.ts';
import { Forwarder } from './forward.ts';
import { CorsPolicy } from './http/cors.ts';
import { HTTP_LIMITS, HttpListener, type HttpLimits } from './http/http-listener.ts';
import { listenerTls, workerClientTls, type ListenerTls } from './http/listener-tls.ts';
import { ResponseHeaders } from './http/response-headers.ts';
import { SslConfig, type ReadStore } from './http/ssl-config.ts';
import { urlHost, type Listener } from './listener.ts';
import type { Audience, Resource, ResourceContext } from './resource.ts';
import { JsonFragments } from './resources/json-fragments.ts';
import { RestApp, type Guard } from './rest-app.ts';
import { restConfig, type RestConfig } from './rest-config.ts';

/** What a worker tells its REST server. */
export interface RestServerOptions {
  /** The worker's properties, after config providers: REST finds its own keys in them. */
  readonly props: Props;
  readonly logger: Logger;
  /** Where `KAFKA_OPTS` is; default: this process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** REST extensions of plug-in packages; default: there are none. */
  readonly loadExtension?: LoadRestExtension;
  /** Loads what reads JKS and PKCS12 stores, once one is configured; default: they are refused. */
  readonly loadStoreReader?: () => Promise<ReadStore>;
  /**
   * How long a request may take, in milliseconds, asked when it comes; default 90,000 as in Java.
   * Mirrors `RestRequestTimeout`.
   */
  readonly requestTimeoutMs?: () => number;
  /** How long `close` waits for requests under way, in milliseconds; default 60,000 as in Java. */
  readonly closeTimeoutMs?: number;
  readonly limits?: HttpLimits;
  /** Default: requests are not traced. */
  readonly requestTracer?: RequestTracer;
}

const REQUEST_TIMEOUT_MS = 90_000;
/** R1.07. */
const CLOSE_TIMEOUT_MS = 60_000;

/**
 * The REST server of one worker. It listens before the worker is ready (R9.06): until `mount`
 * every path answers 404. Mirrors `org.apache.kafka.connect.runtime.rest.RestServer`.
 */
export class RestServer implements AsyncDisposable {
  readonly #config: RestConfig;
  readonly #options: RestServerOptions;
  readonly #extensions: RestExtensions;
  readonly #main: HttpListener[] = [];
  readonly #admin: HttpListener[] = [];
  #resources: readonly Resource[] = RESOURCES;
  #context: ResourceContext | null = null;

  private constructor(config: RestConfig, options: RestServerOptions, extensions: RestExtensions) {
    this.#config = config;
    this.#options = options;
    this.#extensions = extensions;
  }

  /**
   * Starts listening.
   *
   * @throws ConfigError naming the key; ConnectError when a port is taken
   */
  static async start(options: RestServerOptions): Promise<RestServer> {
    const { props } = options;
    const config = restConfig(props);
    const extensions = await RestExtensions.load({
      classNames: config.extensionClasses,
      props,
      environment: options.environment ?? process.env,
      load: options.loadExtension ?? (() => Promise.resolve(null)),
    });
    const server = new RestServer(config, options, extensions);
    try {
      await server.#listen();
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  /** What other workers and users call this worker, with a slash at the end (R1.15). */
  get advertisedUrl(): URL {
    const bound = this.#main.map((listener) => listener.bound);
    return advertisedUrl(bound, this.#config.advertised);
  }

  /** `worker_id` in every status. */
  get workerId(): string {
    return workerIdOf(this.advertisedUrl);
  }

  /** Where the first listener can be reached from this machine. */
  get localUrl(): string {
    return localUrl(this.#main);
  }

  /** The same of the first admin listener; null when the admin paths have none of their own. */
  get localAdminUrl(): string | null {
    return this.#admin.length === 0 ? null : localUrl(this.#admin);
  }

  /** From here on requests are answered. */
  mount(herder: Herder, loggers: LoggerControl | null = null): void {
    const { logger } = this.#options;
    this.#extensions.register(herder);
    this.#resources = [...this.#extensions.resources, ...RESOURCES];
    this.#context = {
      herder,
      loggers,
      topicTracking: this.#config.topicTracking,
      fragments: new JsonFragments(),
      warn: (message) => logger.warn(message),
    };
  }

  /** Takes no more requests, waits a bounded time for those under way, then cuts them off. */
  async close(): Promise<void> {
    const listeners = [...this.#main, ...this.#admin];
    const { closeTimeoutMs = CLOSE_TIMEOUT_MS, logger } = this.#options;
    const timer = setTimeout(() => {
      logger.warn(
        `Requests that were not answered within ${closeTimeoutMs} ms of the REST server's stop ` +
          'are cut off',
      );
      for (const listener of listeners) listener.destroy();
    }, closeTimeoutMs);
    try {
      await Promise.all(listeners.map((listener) => listener.close()));
    } finally {
      clearTimeout(timer);
    }
    for (const error of await this.#extensions.close())
      this.#options.logger.warn('A REST extension could not be closed', { error });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #listen(): Promise<void> {
    const { listeners, adminListeners } = this.#config;
    const tls = await this.#tls(listeners, 'listeners.https.');
    const adminTls = await this.#tls(adminListeners ?? [], 'admin.listeners.https.');
    const audiences: readonly Audience[] = adminListeners === null ? ['main', 'admin'] : ['main'];
    const main = this.#app(audiences, () => this.#extensions.guards);
    // Extensions are not for the admin listeners: Java registers none there (R1.71).
    const admin = this.#app(['admin'], () => []);
    for (const listener of listeners) this.#main.push(await this.#start(listener, main, tls));
    for (const listener of adminListeners ?? [])
      this.#admin.push(await this.#start(listener, admin, adminTls));
  }

  async #tls(listeners: readonly Listener[], prefix: string): Promise<ListenerTls | null> {
    if (listeners.every(({ protocol }) => protocol === 'http')) return null;
    return listenerTls(await this.#sslConfig(prefix));
  }

  async #sslConfig(prefix: string): Promise<SslConfig> {
    const { props, loadStoreReader } = this.#options;
    const config = SslConfig.of(props, prefix);
    if (loadStoreReader === undefined || !config.usesStores) return config;
    return config.readingWith(await loadStoreReader());
  }

  #start(listener: Listener, app: RestApp, tls: ListenerTls | null): Promise<HttpListener> {
    const handler = (request: IncomingMessage, response: ServerResponse): void => {
      if (tls?.isRequested === true && hasBadCertificate(request)) request.socket.destroy();
      else app.handle(request, response);
    };
    const limits = this.#options.limits ?? HTTP_LIMITS;
    return HttpListener.start(listener, handler, tls?.server ?? null, limits);
  }

  #app(audiences: readonly Audience[], guards: () => readonly Guard[]): RestApp {
    const { logger, requestTimeoutMs, requestTracer } = this.#options;
    const tls = async (): Promise<ConnectionOptions> =>
      workerClientTls(await this.#sslConfig('listeners.https.'));
    const shown = new Shown(audiences);
    return new RestApp({
      resources: () => shown.of(this.#resources),
      context: () => this.#context,
      guards,
      logger,
      get requestTimeoutMs() {
        return requestTimeoutMs?.() ?? REQUEST_TIMEOUT_MS;
      },
      tracer: requestTracer ?? null,
      cors: new CorsPolicy(this.#config.cors),
      responseHeaders: new ResponseHeaders(this.#config.responseHeaders),
      forwarder: new Forwarder({ tls, log: (message) => logger.debug(message) }),
    });
  }
}

/** The resources for some audiences; the same array for the same resources. */
class Shown {
  readonly #audiences: readonly Audience[];
  #all: readonly Resource[] = [];
  #shown: readonly Resource[] = [];

  constructor(audiences: readonly Audience[]) {
    this.#audiences = audiences;
  }

  of(resources: readonly Resource[]): readonly Resource[] {
    if (this.#all !== resources) {
      this.#all = resources;
      this.#shown = resources.filter(({ audience = 'main' }) => this.#audiences.includes(audience));
    }
    return this.#shown;
  }
}

/** With `ssl.client.auth=requested` none need be shown, but a bad one is refused. */
function hasBadCertificate({ socket }: IncomingMessage): boolean {
  if (!isTlsSocket(socket)) return false;
  return !socket.authorized && Object.keys(socket.getPeerCertificate()).length > 0;
}

function isTlsSocket(socket: Socket): socket is TLSSocket {
  return 'encrypted' in socket;
}

function localUrl(listeners: readonly HttpListener[]): string {
  const [first] = listeners;
  if (first === undefined) throw new ConnectError('The REST server has no listener.');
  const { protocol, host, port } = first.bound;
  const isAll = host === '' || host === '::' || host === '0.0.0.0';
  return `${protocol}://${isAll ? 'localhost' : urlHost(host)}:${port}`;
}
