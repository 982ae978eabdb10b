import { setTimeout as sleep } from 'node:timers/promises';
import {
  RetriableError,
  type Props,
  type SinkConnector,
  type SinkConnectorPlugin,
  type SinkRecord,
  type SinkTask,
  type SinkTaskContext,
  type TopicPartition,
  type TopicPartitionOffset,
} from '@sluice/api';
import { connectorContext } from './connector-checks.ts';
import { SILENT_LOGGER } from './silent-logger.ts';
import { within } from './within.ts';

/** How a sink is run. */
export interface SinkRunOptions {
  readonly plugin: SinkConnectorPlugin;
  readonly props: Props;
  readonly topic: string;
  /** How long a batch may be tried again before its error counts. */
  readonly timeoutMs: number;
  readonly stopTimeoutMs: number;
  /** False: the task gets no errant record reporter, as without a dead-letter topic. Default true. */
  readonly hasReporter?: boolean;
}

/** Partitions that a task is given. */
const PARTITIONS = 2;
const RETRY_PAUSE_MS = 50;

/** What the task asked of its context. */
export interface SinkRequests {
  readonly reported: readonly SinkRecord[];
  readonly rewinds: readonly TopicPartitionOffset[];
}

/** One sink task, driven as a worker drives it. */
export class SinkRun implements AsyncDisposable {
  readonly task: SinkTask;
  readonly assignment: readonly TopicPartition[];
  readonly requests: SinkRequests;
  readonly #options: SinkRunOptions;
  readonly #connector: SinkConnector;
  /** Where reading goes on, per partition: behind what was put. */
  readonly #positions = new Map<number, number>();
  #isStopped = false;

  private constructor(
    options: SinkRunOptions,
    connector: SinkConnector,
    task: SinkTask,
    assignment: readonly TopicPartition[],
    requests: SinkRequests,
  ) {
    this.#options = options;
    this.#connector = connector;
    this.task = task;
    this.assignment = assignment;
    this.requests = requests;
  }

  static async start(options: SinkRunOptions): Promise<SinkRun> {
    const { topic, plugin } = options;
    const assignment = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition }));
    const connector = plugin.create();
    connector.initialize(connectorContext());
    await connector.start(Object.freeze({ topics: topic, ...options.props }));
    const [config] = await connector.taskConfigs(1);
    const configs = Object.freeze({ topics: topic, ...config });
    const requests = { reported: [], rewinds: [] };
    const task = connector.newTask();
    task.initialize(contextOf(configs, assignment, options, requests));
    await task.start(configs);
    await task.open?.(assignment);
    return new SinkRun(options, connector, task, assignment, requests);
  }

  /** Puts a batch; as long as the task says that trying again may help, it is tried again. */
  async put(records: readonly SinkRecord[]): Promise<void> {
    const deadline = performance.now() + this.#options.timeoutMs;
    for (;;) {
      try {
        await this.task.put(records);
        break;
      } catch (error) {
        if (!(error instanceof RetriableError) || performance.now() > deadline) throw error;
        await sleep(RETRY_PAUSE_MS);
      }
    }
    for (const record of records)
      this.#positions.set(record.originalKafkaPartition, record.originalKafkaOffset + 1);
  }

  /** Offers what was put for commit; answers what the task lets go. */
  async commit(): Promise<readonly TopicPartitionOffset[]> {
    const offered = this.offered();
    if (this.task.preCommit !== undefined) return await this.task.preCommit(offered);
    await this.task.flush?.(offered);
    return offered;
  }

  /** The offsets behind what was put. */
  offered(): readonly TopicPartitionOffset[] {
    const { topic } = this.#options;
    return Array.from(this.#positions, ([partition, offset]) => ({ topic, partition, offset }));
  }

  /** Commits, gives all partitions away and gets them again, as in a rebalance. */
  async rebalance(): Promise<void> {
    await this.commit();
    await this.task.close?.(this.assignment);
    await this.task.open?.(this.assignment);
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    const { stopTimeoutMs } = this.#options;
    await within(stopTimeoutMs, 'close()', () => this.task.close?.(this.assignment));
    await within(stopTimeoutMs, "the task's stop()", () => this.task.stop());
    await within(stopTimeoutMs, "the connector's stop()", () => this.#connector.stop());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

function contextOf(
  configs: Props,
  assignment: readonly TopicPartition[],
  options: SinkRunOptions,
  requests: { readonly reported: SinkRecord[]; readonly rewinds: TopicPartitionOffset[] },
): SinkTaskContext {
  const report = (record: SinkRecord): Promise<void> => {
    requests.reported.push(record);
    return Promise.resolve();
  };
  return {
    configs,
    logger: SILENT_LOGGER,
    assignment: () => assignment,
    offset: (offsets) => void requests.rewinds.push(...offsets),
    timeout: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    requestCommit: () => undefined,
    errantRecordReporter: () => (options.hasReporter === false ? null : { report }),
  };
}
