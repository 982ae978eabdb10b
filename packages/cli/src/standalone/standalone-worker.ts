import { fileURLToPath } from 'node:url';
import { ConnectError, type ConfigOrigins, type Logger, type Props } from '@sluice/api';
import type { RestServer } from '@sluice/rest/server';
import {
  configProviderPlugins,
  ConfigTransformer,
  ConnectorOffsets,
  FileOffsetBackingStore,
  PluginCatalog,
  StandaloneHerder,
  ThreadTaskHost,
  discoverPlugins,
  makeRestExtension,
  openTelemetry,
  overridePolicyPlugin,
  requestTracer,
  standaloneConfig,
  workerConverters,
  workerOrigins,
  type ConnectorFile,
  type Discovery,
  type Loggers,
  type OffsetBackingStore,
  type TaskHost,
  type TaskId,
  type TaskProgress,
  type WorkerContext,
} from '@sluice/runtime';
import { WORKER_COMMIT, WORKER_VERSION } from '../sluice-version.ts';
import { kafkaClusterId } from './kafka-cluster-id.ts';
import { loggerControl } from './logger-control.ts';

/** What a standalone worker starts from. */
export interface StandaloneWorkerOptions {
  /** As in the file. */
  readonly props: Props;
  /** The file's name, for messages. */
  readonly propsFile: string;
  /** Where each of them was written, as far as it is known. */
  readonly origins?: ConfigOrigins;
  readonly loggers: Loggers;
  /** Aborts a start that is under way. */
  readonly signal: AbortSignal;
  /** How long REST lets a request take, in milliseconds, asked when it comes; default 90,000. */
  readonly requestTimeoutMs?: () => number;
}

/** The worker could not begin its work: exit code 3 in place of 2. */
export class WorkerStartError extends ConnectError {
  static override readonly defaultCode: string = 'CONNECT_WORKER_START';
}

const REST_LOGGER = 'org.apache.kafka.connect.runtime.rest.RestServer';
const HERDER_LOGGER = 'org.apache.kafka.connect.runtime.standalone.StandaloneHerder';
const WORKER_LOGGER = 'org.apache.kafka.connect.runtime.Worker';
const ADMIN_LOGGER = 'org.apache.kafka.clients.admin.KafkaAdminClient';
const OFFSETS_LOGGER = 'org.apache.kafka.connect.storage.FileOffsetBackingStore';
const VERSION_LOGGER = 'org.apache.kafka.common.utils.AppInfoParser';
/** The folder of this package: its dependencies carry the worker's own plug-ins. */
const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));

interface WorkerParts {
  readonly server: RestServer;
  readonly herder: StandaloneHerder;
  readonly host: TaskHost;
  readonly offsets: OffsetBackingStore;
  readonly logger: Logger;
}

/** A standalone worker that runs: herder, tasks, offsets file and REST server. */
export class StandaloneWorker implements AsyncDisposable {
  readonly #parts: WorkerParts;

  private constructor(parts: WorkerParts) {
    this.#parts = parts;
  }

  /**
   * Starts in Java's order (R9.06): plug-ins, config, cluster id, REST bound, herder, REST open.
   *
   * @throws WorkerStartError when the worker's own state is to blame (the offsets file); any other
   *   error when config, ports or brokers are
   */
  static async start(options: StandaloneWorkerOptions): Promise<StandaloneWorker> {
    const { loggers, signal, requestTimeoutMs } = options;
    const logger = loggers.get(WORKER_LOGGER);
    // In Java each client tells it; who waits for a worker's plug-ins waits for this line.
    loggers.get(VERSION_LOGGER).info(`Kafka version: ${WORKER_VERSION}`);
    const { worker, discovery } = await workerContext(options, logger);
    const props = worker.props;
    const origins = workerOrigins({ props: options.props, origins: options.origins ?? new Map() });
    // The server loads while the brokers are asked.
    const [clusterId, { RestServer }] = await Promise.all([
      kafkaClusterId({ props, propsFile: options.propsFile, origins, logger, signal }),
      import('@sluice/rest/server'),
    ]);
    logger.info(`Kafka cluster ID: ${clusterId}`);
    const telemetry = await openTelemetry(worker.values['sluice.tracing']);
    const server = await RestServer.start({
      props,
      logger: loggers.get(REST_LOGGER),
      loadExtension: (className) => makeRestExtension(discovery, className),
      loadStoreReader: async () => (await import('./read-tls-store.ts')).readTlsStore,
      ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
      ...(telemetry === null ? {} : { requestTracer: requestTracer(telemetry) }),
    });
    try {
      return await StandaloneWorker.#open(server, worker, clusterId, loggers);
    } catch (error) {
      await server.close();
      const reason = error instanceof Error ? error.message : String(error);
      throw new WorkerStartError(`The worker can't start: ${reason}`, { cause: error });
    }
  }

  static async #open(
    server: RestServer,
    worker: WorkerContext,
    clusterId: string,
    loggers: Loggers,
  ): Promise<StandaloneWorker> {
    const logger = loggers.get(WORKER_LOGGER);
    const offsets = new FileOffsetBackingStore(
      worker.values['offset.storage.file.filename'],
      loggers.get(OFFSETS_LOGGER),
    );
    await offsets.start();
    const connectorOffsets = new ConnectorOffsets(offsets);
    const adminLogger = loggers.get(ADMIN_LOGGER);
    const hosts: TaskHost[] = [];
    const herder = new StandaloneHerder({
      worker,
      createTaskHost: (listener) => {
        const tracing = worker.values['sluice.tracing'];
        const host = new ThreadTaskHost({
          listener,
          offsets: connectorOffsets,
          loggers,
          tracing,
        });
        hosts.push(host);
        return host;
      },
      serverInfo: {
        version: WORKER_VERSION,
        commit: WORKER_COMMIT,
        kafka_cluster_id: clusterId,
      },
      workerId: server.workerId,
      logger: loggers.get(HERDER_LOGGER),
      offsets: connectorOffsets,
      openAdmin: async (config) => {
        const { createAdmin } = await import('@sluice/kafka/admin');
        return createAdmin(config, { logger: adminLogger });
      },
    });
    const [host] = hosts;
    if (host === undefined) throw new ConnectError('The herder made no task host.');
    const control = loggerControl(loggers, (name, level) => host.setLogLevel(name, level));
    server.mount(herder, control);
    logger.info(`REST resources initialized; server is started at ${server.advertisedUrl.href}`);
    return new StandaloneWorker({ server, herder, host, offsets, logger });
  }

  /** Where REST can be reached from this machine. */
  get restUrl(): string {
    return this.#parts.server.localUrl;
  }

  get herder(): StandaloneHerder {
    return this.#parts.herder;
  }

  /** Creates a connector of the command line. @throws what REST would answer */
  async createConnector({ name, config, targetState, origins }: ConnectorFile): Promise<void> {
    await this.herder.putConnectorConfig(name, config, {
      allowReplace: false,
      targetState,
      origins,
    });
    this.#parts.logger.info(`Created connector ${name}`);
  }

  /** All connectors of the command line are there (R9.03). */
  ready(): void {
    this.herder.ready();
    this.#parts.logger.info('Kafka Connect started');
  }

  taskProgress(id: TaskId): Promise<TaskProgress | null> {
    return this.#parts.host.taskProgress(id);
  }

  /** REST first, then the work, then the offsets (R9.06). */
  async close(): Promise<void> {
    const { server, herder, offsets, logger } = this.#parts;
    logger.info('Kafka Connect stopping');
    await server.close();
    await herder.close();
    await offsets.stop();
    logger.info('Kafka Connect stopped');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Reads the config and finds the plug-ins. @throws ConfigError naming the key */
async function workerContext(
  { props: given, origins }: StandaloneWorkerOptions,
  logger: Logger,
): Promise<{ readonly worker: WorkerContext; readonly discovery: Discovery }> {
  const discovery = await discoverPlugins({
    workerDirectory: PACKAGE,
    // Taken as written: providers do not apply to it (R2.08).
    pluginPath: (given['plugin.path'] ?? '').split(','),
  });
  const providers = await configProviderPlugins(given, discovery);
  const transformer = ConfigTransformer.ofWorker(given, providers);
  const { props } = await transformer.transform(given);
  const { values, warnings } = standaloneConfig(props, origins);
  for (const warning of warnings) logger.warn(warning);
  for (const problem of discovery.problems) logger.warn(problem);
  const catalog = new PluginCatalog(discovery);
  const converters = workerConverters(catalog, values);
  const policy = await overridePolicyPlugin(props, discovery);
  const worker = { catalog, converters, props, values, transformer };
  return { worker: policy === null ? worker : { ...worker, overridePolicy: policy }, discovery };
}
