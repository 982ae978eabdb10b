import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Props } from '@sluice/api';
import { RestClient } from '@sluice/rest/client';
import { Loggers } from '@sluice/runtime';
import { makeTempDir, type TempDir } from '@sluice/testing';
import { StandaloneWorker } from '../../../packages/cli/src/standalone/standalone-worker.ts';
import { aPluginFolder, type PluginFolder } from './plugin-folder.ts';
import type { Journal } from './plugins/journal.ts';

/** How to start a worker. */
export interface ConnectWorkerOptions {
  readonly bootstrapServers: string;
  /** Added to the worker's properties, or put in their place. */
  readonly props?: Props;
  /** Default: a folder of the worker's own, removed with it. */
  readonly plugins?: PluginFolder;
}

/** What a worker has answered. */
export interface RestAnswer {
  readonly status: number;
  /** Parsed where it is JSON. */
  readonly body: unknown;
  readonly headers: Headers;
}

const STRING = 'org.apache.kafka.connect.storage.StringConverter';
/** Of `MonitorableSource` and its like; see `plugins/monitorable-source.ts` for what it takes. */
export const MONITORABLE_SOURCE = 'MonitorableSourceConnector';
/** See `plugins/monitorable-sink.ts`. */
export const MONITORABLE_SINK = 'MonitorableSinkConnector';

const REQUEST_TIMEOUT_MS = 90_000;

interface WorkerParts {
  readonly dir: TempDir;
  readonly journal: Journal;
  /** Of requests that come from now on. */
  readonly timeout: { ms: number };
  readonly dispose: () => Promise<void>;
}

/**
 * A standalone worker in this process, wired as `sluice standalone` wires it, with REST on a free
 * port, String converters, an offset commit every 100 ms and the test plug-ins on its `plugin.path`.
 *
 * ```ts
 * await using worker = await ConnectWorker.start({ bootstrapServers });
 * await worker.rest.createConnector({ name: 'orders', config: sourceConfig('orders-topic') });
 * await connectorRuns(worker, 'orders', 2);          // connector-states.ts
 * worker.journal.startsAndStops('orders-0');         // plugins/journal.ts
 * ```
 */
export class ConnectWorker implements AsyncDisposable {
  /** Throws a `RestError` with `status` and `message` for what is not 2xx. */
  readonly rest: RestClient;
  readonly url: string;
  /** What the test plug-ins have lived through. */
  readonly journal: Journal;
  readonly dir: TempDir;
  readonly #worker: StandaloneWorker;
  readonly #timeout: { ms: number };
  readonly #dispose: () => Promise<void>;
  #isStopped = false;

  private constructor(worker: StandaloneWorker, { dir, journal, timeout, dispose }: WorkerParts) {
    this.#worker = worker;
    this.dir = dir;
    this.journal = journal;
    this.#timeout = timeout;
    this.url = worker.restUrl.replace(/\/$/, '');
    this.rest = new RestClient({ baseUrl: this.url });
    this.#dispose = dispose;
  }

  /** Starts one; `/health` says starting until `isReady`, which is set at once by default. */
  static async start(
    options: ConnectWorkerOptions,
    { isReady = true }: { readonly isReady?: boolean } = {},
  ): Promise<ConnectWorker> {
    await using stack = new AsyncDisposableStack();
    const dir = stack.use(await makeTempDir('connect-worker'));
    const plugins = options.plugins ?? stack.use(await aPluginFolder());
    const logFd = openSync(dir.join('log'), 'a');
    stack.defer(() => closeSync(logFd));
    const loggers = new Loggers({ fds: [logFd] });
    const timeout = { ms: REQUEST_TIMEOUT_MS };
    const worker = stack.use(
      await StandaloneWorker.start({
        props: {
          'bootstrap.servers': options.bootstrapServers,
          'key.converter': STRING,
          'value.converter': STRING,
          'offset.storage.file.filename': dir.join('offsets'),
          'offset.flush.interval.ms': '100',
          listeners: 'http://127.0.0.1:0',
          'plugin.path': plugins.path,
          ...options.props,
        },
        propsFile: 'the test',
        loggers,
        signal: new AbortController().signal,
        requestTimeoutMs: () => timeout.ms,
      }),
    );
    if (isReady) worker.ready();
    const owned = stack.move();
    return new ConnectWorker(worker, {
      dir,
      timeout,
      journal: plugins.journal,
      dispose: () => owned.disposeAsync(),
    });
  }

  /** All connectors of the command line are there: `/health` says so from now on. */
  ready(): void {
    this.#worker.ready();
  }

  /** All that the worker and its threads have logged. */
  get log(): string {
    return readFileSync(this.dir.join('log'), 'utf8');
  }

  /** One request, as `curl` would send it; a body is sent as JSON, a string as it is. */
  async ask(method: string, path: string, body?: unknown): Promise<RestAnswer> {
    const isBody = body !== undefined;
    const answer = await fetch(`${this.url}${path}`, {
      method,
      ...(isBody
        ? {
            body: typeof body === 'string' ? body : JSON.stringify(body),
            headers: { 'content-type': 'application/json' },
          }
        : {}),
    });
    const text = await answer.text();
    return { status: answer.status, body: parsed(text), headers: answer.headers };
  }

  /**
   * Requests sent within `send` may only take so long; those that come later have Java's 90 seconds.
   * Answers once all are answered.
   */
  async withRequestTimeout<T>(timeoutMs: number, send: () => Promise<T>): Promise<T> {
    this.#timeout.ms = timeoutMs;
    try {
      return await send();
    } finally {
      this.#timeout.ms = REQUEST_TIMEOUT_MS;
    }
  }

  /** Ends it as a signal would, and keeps its files. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    await this.#worker.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#dispose();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not everything that a worker answers is JSON.
    return text;
  }
}

/** The config of a monitorable source; two tasks with ten records a second each. */
export function sourceConfig(topic: string, changes: Props = {}): Props {
  return {
    'connector.class': MONITORABLE_SOURCE,
    'tasks.max': '2',
    topic,
    throughput: '10',
    'messages.per.poll': '10',
    'key.converter': STRING,
    'value.converter': STRING,
    'topic.creation.default.replication.factor': '1',
    'topic.creation.default.partitions': '1',
    ...changes,
  };
}

/** The config of a monitorable sink with one task. */
export function sinkConfig(topics: string, changes: Props = {}): Props {
  return {
    'connector.class': MONITORABLE_SINK,
    'tasks.max': '1',
    topics,
    'key.converter': STRING,
    'value.converter': STRING,
    ...changes,
  };
}
