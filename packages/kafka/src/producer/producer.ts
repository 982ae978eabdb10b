import { Compressions } from '../batch/compression/compressions.ts';
import { type Clock, systemClock } from '../clock.ts';
import { Cluster, type ClusterOptions } from '../cluster/cluster.ts';
import { Coordinators } from '../cluster/coordinators.ts';
import { retrying, withinDeadline } from '../cluster/retrying.ts';
import type { TokenFunction } from '../connection/security/sasl-settings.ts';
import { brokerError } from '../errors/broker-error.ts';
import { KafkaError } from '../errors/kafka-error.ts';
import type { ConsumerGroupMetadata } from '../consumer/consumer-group-metadata.ts';
import type { TopicPartitionOffset } from '../consumer/contract.ts';
import type { KafkaLogger } from '../logger.ts';
import type { ClientMetric } from '../metrics/client-metric.ts';
import { MetricsRegistry } from '../metrics/metrics-registry.ts';
import { NetworkMetrics } from '../metrics/network-metrics.ts';
import { ProducerMetrics, type TimedStep } from '../metrics/producer-metrics.ts';
import { TransactionManager } from '../transactions/transaction-manager.ts';
import type { TransactionState } from '../transactions/transaction-state.ts';
import { Accumulator } from './accumulator.ts';
import { BatchSettler } from './batch-settler.ts';
import type {
  ColumnProducer,
  DeliveryReport,
  OutgoingColumns,
  OutgoingRecord,
  TransactionalProducer,
} from './contract.ts';
import { FlushWaiters } from './flush-waiters.ts';
import { parseProducerConfig, type ProducerConfig } from './producer-config.ts';
import type { IdentitySource } from './identity-source.ts';
import { ProducerId } from './producer-id.ts';
import { Sender } from './sender.ts';

/** What a producer is given besides its configuration. */
export interface ProducerOptions {
  readonly logger: KafkaLogger;
  /** Gives OAuth tokens for `OAUTHBEARER`, in place of what "sasl.jaas.config" would say. Default: none. */
  readonly token?: TokenFunction;
  /**
   * Called once for every batch, when its fate is known: in the order of sending within a
   * partition. Must not throw.
   */
  readonly onDelivery?: (report: DeliveryReport) => void;
  /** For tests. */
  readonly clock?: Clock;
  /** From 0 to 1; for tests. */
  readonly random?: () => number;
  /** For tests: the way to the brokers. */
  readonly makeCluster?: (options: ClusterOptions) => Cluster;
}

/**
 * Makes a producer from Java's producer properties (`bootstrap.servers`, `acks`, `linger.ms` ...;
 * serializers are not needed, records are bytes). Nothing is connected before it is used.
 *
 * @throws ConfigError for wrong values and combinations, in Java's wording
 * @see org.apache.kafka.clients.producer.KafkaProducer
 */
export function createProducer(
  config: Readonly<Record<string, string>>,
  options: ProducerOptions,
): Producer {
  return new Producer(parseProducerConfig(config, options.logger, options.token), options);
}

const MS_PER_S = 1000;
/** Java's default for a close without a limit. */
const CLOSE_TIMEOUT_MS = Number.POSITIVE_INFINITY;

/**
 * A Kafka producer for encoded records; see {@link RecordProducer}, {@link ColumnProducer} and
 * {@link TransactionalProducer} for the calls.
 */
export class Producer implements ColumnProducer, TransactionalProducer {
  readonly #config: ProducerConfig;
  readonly #cluster: Cluster;
  readonly #accumulator: Accumulator;
  readonly #compressions = new Compressions();
  readonly #producerId: IdentitySource | null;
  /** `null` without a `transactional.id`. */
  readonly #transactions: TransactionManager | null;
  readonly #settler: BatchSettler;
  readonly #sender: Sender;
  readonly #flushes = new FlushWaiters();
  readonly #registry: MetricsRegistry;
  readonly #metrics: ProducerMetrics;
  /** Callers that wait for room. */
  #waiting = 0;
  /** NaN: never. */
  #refreshedMs = Number.NaN;
  #loading: Promise<void> | null = null;
  #isLoaded = false;
  #closing: Promise<void> | null = null;

  constructor(config: ProducerConfig, options: ProducerOptions) {
    const { logger, clock = systemClock, random = Math.random } = options;
    this.#config = config;
    this.#registry = new MetricsRegistry(clock);
    const network = new NetworkMetrics(this.#registry, 'producer', config.client.clientId);
    const isCreatingTopics = true;
    const rest = { logger, clock, random, isCreatingTopics, network };
    const clusterOptions = { config: config.client, ...rest };
    this.#cluster = options.makeCluster?.(clusterOptions) ?? new Cluster(clusterOptions);
    this.#accumulator = new Accumulator(config, clock, random);
    this.#metrics = this.#makeMetrics();
    this.#transactions = this.#makeTransactions(config.transactionalId);
    this.#producerId = this.#transactions ?? this.#makeProducerId();
    const parts = {
      cluster: this.#cluster,
      config,
      accumulator: this.#accumulator,
      compressions: this.#compressions,
      producerId: this.#producerId,
      metrics: this.#metrics,
    };
    this.#settler = new BatchSettler({
      ...parts,
      onAnswered: () => this.#sender.wake(),
      onReport: (report) => this.#deliver(report, options),
    });
    this.#settler.onSplit = (batch, part) => this.#flushes.replaced(batch, part);
    this.#sender = new Sender({ ...parts, settler: this.#settler });
    this.#cluster.onRefresh(() => this.#takeMetadata());
  }

  get hasRoom(): boolean {
    return this.#accumulator.memory.hasRoom;
  }

  /** What this producer counted, under the names of Java's JMX attributes. Costs only when asked for. */
  metrics(): readonly ClientMetric[] {
    return this.#registry.snapshot();
  }

  /** Where its transactions stand; `null` without a `transactional.id`. */
  get transactionState(): TransactionState['type'] | null {
    return this.#transactions?.state ?? null;
  }

  async prepare(topics: Iterable<string>, signal?: AbortSignal): Promise<void> {
    const missing: string[] = [];
    for (const topic of topics) {
      if (this.#accumulator.topic(topic) === undefined) missing.push(topic);
    }
    if (missing.length === 0 && this.#isLoaded) return;
    this.#checkOpen();
    await this.#load();
    const deadlineMs = this.#cluster.clock.now() + this.#config.maxBlockMs;
    this.#cluster.want(missing);
    const what = `Preparing to send to ${missing.join(', ')}`;
    const retry = this.#cluster.retry({ deadlineMs, signal, what });
    const fetching = retrying(retry, async () => {
      if (missing.every((topic) => this.#accumulator.topic(topic) !== undefined)) return;
      await this.#cluster.refresh();
      for (const topic of missing) this.#checkTopic(topic);
    });
    await this.#timed('metadata', fetching);
    this.#producerId?.request();
  }

  append(record: OutgoingRecord): void {
    this.#checkOpen();
    this.#transactions?.checkAppend();
    const became = this.#accumulator.append(record);
    if (became !== 'joined') this.#onBatch(became);
  }

  appendColumns(columns: OutgoingColumns, from = 0): number {
    this.#checkOpen();
    this.#transactions?.checkAppend();
    return this.#accumulator.appendColumns(columns, from, this.#onBatch);
  }

  async room(signal?: AbortSignal): Promise<void> {
    const { memory } = this.#accumulator;
    if (memory.hasRoom) return;
    this.#sender.wake();
    let cancel = (): void => undefined;
    const free = new Promise<void>((resolve) => {
      cancel = memory.whenRoom(resolve);
    });
    const what =
      `Waiting for room in the ${this.#config.bufferMemory} bytes of "buffer.memory" ` +
      `(at most "max.block.ms", ${this.#config.maxBlockMs} ms)`;
    const deadlineMs = this.#cluster.clock.now() + this.#config.maxBlockMs;
    const { clock } = this.#cluster;
    this.#waiting++;
    try {
      await this.#timed('buffer', withinDeadline({ clock, deadlineMs, signal, what }, free));
    } catch (error) {
      if (clock.now() >= deadlineMs) this.#metrics.exhausted();
      throw error;
    } finally {
      this.#waiting--;
      cancel();
    }
  }

  flush(): Promise<void> {
    return this.#timed('flush', this.#flush());
  }

  async #flush(): Promise<void> {
    this.#sender.startFlush();
    try {
      await this.#flushes.wait(this.#accumulator.unreported);
    } finally {
      this.#sender.endFlush();
    }
  }

  initTransactions(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#timed('init', this.#transactional().initTransactions(options.signal));
  }

  beginTransaction(): void {
    const { clock } = this.#cluster;
    const startMs = clock.now();
    this.#transactional().beginTransaction();
    this.#metrics.took('begin', clock.now() - startMs);
  }

  sendOffsetsToTransaction(
    offsets: readonly TopicPartitionOffset[],
    group: ConsumerGroupMetadata,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    const sending = this.#transactional().sendOffsets(offsets, group, options.signal);
    return this.#timed('sendOffsets', sending);
  }

  commitTransaction(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#timed('commit', this.#transactional().commitTransaction(options.signal));
  }

  abortTransaction(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.#timed('abort', this.#transactional().abortTransaction(options.signal));
  }

  close(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.timeoutMs ?? CLOSE_TIMEOUT_MS);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(timeoutMs: number): Promise<void> {
    const { clock } = this.#cluster;
    const what = 'Sending what is left before closing';
    try {
      if (timeoutMs > 0) {
        const deadlineMs = clock.now() + timeoutMs;
        await withinDeadline({ clock, deadlineMs, what }, this.#finish());
      }
    } catch {
      // Not everything went out in time: the reports below say which.
    } finally {
      const error = new KafkaError(
        'PRODUCER_CLOSED',
        'The producer was closed before the records were acknowledged',
      );
      this.#settler.failAll(() => true, error);
      this.#transactions?.[Symbol.dispose]();
      this.#sender.close();
      this.#cluster[Symbol.dispose]();
    }
  }

  readonly #onBatch = (became: 'began' | 'full'): void => {
    // A partition that is new to a transaction is told of while its batch fills.
    if (became === 'full' || this.#transactions !== null) this.#sender.wake();
    if (became === 'began') this.#sender.wakeAfterLinger();
  };

  /** An open transaction is aborted: whoever wanted its commit would have waited for that. */
  async #finish(): Promise<void> {
    await this.#transactions?.finish();
    await this.#flush();
  }

  /** Adds the time until `done` settles, however it does. */
  async #timed(step: TimedStep, done: Promise<void>): Promise<void> {
    const { clock } = this.#cluster;
    const startMs = clock.now();
    try {
      await done;
    } finally {
      this.#metrics.took(step, clock.now() - startMs);
    }
  }

  #makeMetrics(): ProducerMetrics {
    const { bufferMemory, client } = this.#config;
    const { clock } = this.#cluster;
    return new ProducerMetrics(this.#registry, client.clientId, {
      bufferTotalBytes: () => bufferMemory,
      bufferAvailableBytes: () => Math.max(0, bufferMemory - this.#accumulator.memory.usedBytes),
      waiting: () => this.#waiting,
      requestsInFlight: () => this.#sender.inFlight,
      metadataAgeSeconds: () => (clock.now() - this.#refreshedMs) / MS_PER_S,
    });
  }

  #makeTransactions(transactionalId: string | null): TransactionManager | null {
    if (transactionalId === null) return null;
    return new TransactionManager({
      cluster: this.#cluster,
      coordinators: new Coordinators(this.#cluster),
      transactionalId,
      transactionTimeoutMs: this.#config.transactionTimeoutMs,
      maxBlockMs: this.#config.maxBlockMs,
      onChange: () => this.#sender.wake(),
      flush: () => this.#flush(),
    });
  }

  #makeProducerId(): ProducerId | null {
    if (!this.#config.isIdempotent) return null;
    return new ProducerId(this.#cluster, () => this.#sender.wake());
  }

  #transactional(): TransactionManager {
    this.#checkOpen();
    if (this.#transactions !== null) return this.#transactions;
    throw new KafkaError(
      'ILLEGAL_STATE',
      'Transactional method invoked on a non-transactional producer: set "transactional.id".',
    );
  }

  #load(): Promise<void> {
    this.#loading ??= this.#loadCompression();
    return this.#loading;
  }

  async #loadCompression(): Promise<void> {
    const { compressionType, compressionLevel } = this.#config;
    this.#accumulator.compression = await this.#compressions.load(
      compressionType,
      compressionLevel,
    );
    this.#isLoaded = true;
  }

  #takeMetadata(): void {
    this.#refreshedMs = this.#cluster.clock.now();
    for (const info of this.#cluster.metadata.topics.values()) {
      if (info.partitions.length > 0) this.#accumulator.setTopic(info);
    }
    this.#sender.wake();
  }

  #checkTopic(topic: string): void {
    if (this.#accumulator.topic(topic) !== undefined) return;
    const what = `Fetching metadata of the topic "${topic}"`;
    const code = this.#cluster.metadata.topicErrors.get(topic);
    if (code !== undefined) throw brokerError(code, what);
    throw new KafkaError('LEADER_NOT_AVAILABLE', `${what}: it has no partitions yet`, {
      isRetriable: true,
    });
  }

  #deliver(report: DeliveryReport, options: ProducerOptions): void {
    try {
      options.onDelivery?.(report);
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      options.logger.error(`The delivery callback for ${report.topic} threw: ${text}`);
    }
    this.#flushes.reported(this.#accumulator.unreported);
  }

  #checkOpen(): void {
    if (this.#closing === null) return;
    throw new KafkaError(
      'PRODUCER_CLOSED',
      'Cannot perform operation after producer has been closed',
    );
  }
}
