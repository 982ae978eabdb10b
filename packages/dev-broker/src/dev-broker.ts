import { BrokerConfig } from './config/broker-config.ts';
import { GroupCoordinator } from './groups/group-coordinator.ts';
import { GroupStore } from './groups/group-store.ts';
import { advertisedApis } from './handlers/api-table.ts';
import type { BrokerServices } from './handlers/broker-services.ts';
import { ProducerIds } from './producers/producer-ids.ts';
import { Listener } from './server/listener.ts';
import { RetentionTimer } from './server/retention-timer.ts';
import { type BrokerLogger, SILENT_LOGGER } from './storage/broker-log.ts';
import { BrokerStartError } from './storage/broker-start-error.ts';
import { type DataDirectory, openDataDirectory } from './storage/data-directory.ts';
import { openLogFile } from './storage/log-file.ts';
import { TopicRegistry } from './topics/topic-registry.ts';
import { TransactionCoordinator } from './transactions/transaction-coordinator.ts';
import { TransactionStore } from './transactions/transaction-store.ts';

/** How to start a {@link DevBroker}. */
export interface DevBrokerOptions {
  /** Where everything is kept; made when it is not there. One broker at a time. */
  readonly dataDir: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** A loopback address: the broker has no security of any kind. Default `127.0.0.1`. */
  readonly host?: string;
  /** Default: nothing is logged. */
  readonly logger?: BrokerLogger;
  /**
   * Apache Kafka's broker configs, by their names, as far as the broker heeds them, e.g.
   * `{ 'num.partitions': '3', 'log.flush.interval.messages': '1' }`. Defaults are Kafka's, except
   * for `group.initial.rebalance.delay.ms`, which is 0.
   */
  readonly config?: Readonly<Record<string, string>>;
}

/** A broker that runs. */
export interface DevBroker extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** `host:port`, for `bootstrap.servers`. */
  readonly bootstrapServers: string;
  /** 22 characters, kept with the data. */
  readonly clusterId: string;
  /** Ends all connections, puts everything on the disk and gives the data directory free. */
  close(): Promise<void>;
}

const HOST_DEFAULT = '127.0.0.1';

/**
 * Starts a Kafka broker of one node inside this process: for first steps and for tests, not for
 * production. It speaks the protocol to any client and keeps its data on disk. An acknowledged record
 * has been handed to the operating system: it survives the end of this process (`kill -9` included),
 * and, with `log.flush.interval.messages=1`, that of the machine.
 *
 * @throws BrokerStartError with a code, when it can't
 */
export async function startDevBroker(options: DevBrokerOptions): Promise<DevBroker> {
  const { dataDir, port = 0, host = HOST_DEFAULT, logger = SILENT_LOGGER } = options;
  requireLoopback(host);
  const config = new BrokerConfig(options.config);
  const cleanUp = new AsyncDisposableStack();
  try {
    const directory = await openDataDirectory(dataDir);
    cleanUp.defer(() => directory.release());
    const stores = await openStores(directory, config, logger, cleanUp);
    const listener = await Listener.bind(host, port);
    cleanUp.defer(() => listener.close());
    const { endpoint } = listener;
    const now = Date.now;
    const { clusterId } = directory;
    const apis = advertisedApis();
    listener.serve({ ...stores, apis, config, endpoint, clusterId, logger, now });
    const bootstrapServers = hostAndPort(endpoint.host, endpoint.port);
    logger.info(`The dev broker listens on ${bootstrapServers}`, { dataDir });
    const close = closeOnce(cleanUp);
    return { ...endpoint, bootstrapServers, clusterId, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await cleanUp.disposeAsync();
    throw error;
  }
}

type Stores = Pick<BrokerServices, 'topics' | 'groups' | 'producerIds' | 'transactions'>;

/** What is opened last is closed first: connections, coordinators, logs, the lock. */
async function openStores(
  directory: DataDirectory,
  config: BrokerConfig,
  logger: BrokerLogger,
  cleanUp: AsyncDisposableStack,
): Promise<Stores> {
  const topics = await TopicRegistry.open({
    dataDir: directory.path,
    leaderEpoch: directory.startCount,
    config,
    openFile: openLogFile,
    logger,
    now: Date.now,
  });
  cleanUp.defer(() => topics.close());
  const retention = new RetentionTimer(topics, config, logger);
  cleanUp.defer(() => retention.stop());
  const store = await GroupStore.open(directory.path, openLogFile);
  cleanUp.defer(() => store.close());
  const limits = {
    initialDelayMs: config.number('group.initial.rebalance.delay.ms'),
    membersMax: config.number('group.max.size'),
  };
  const groups = new GroupCoordinator(limits, store, logger);
  cleanUp.defer(() => groups.close());
  const producerIds = await ProducerIds.open(directory.path);
  const transactionStore = await TransactionStore.open(directory.path, openLogFile);
  cleanUp.defer(() => transactionStore.close());
  const parts = { store: transactionStore, topics, groups, producerIds };
  const transactions = new TransactionCoordinator({ ...parts, logger, now: Date.now });
  cleanUp.defer(() => transactions.close());
  return { topics, groups, producerIds, transactions };
}

/** Whoever closes second waits for the first. */
function closeOnce(cleanUp: AsyncDisposableStack): () => Promise<void> {
  let closing: Promise<void> | null = null;
  return () => {
    closing ??= cleanUp.disposeAsync();
    return closing;
  };
}

function requireLoopback(host: string): void {
  if (host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)) return;
  const text = `Starting the dev broker on ${host}: it has no security, so it listens on loopback addresses only (127.0.0.1, localhost, ::1). For other machines, run Apache Kafka.`;
  throw new BrokerStartError('INVALID_CONFIG', text);
}

function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
