import { availableParallelism, totalmem } from 'node:os';
import { type ConfigValue, ConnectError, type Logger, type Props } from '@sluice/api';
import { parseLogLevel } from '../logging/log-level.ts';
import type { PluginValue } from '../metrics/plugin-value.ts';
import type { ConnectorOffsets } from '../storage/connector-offsets.ts';
import type {
  ConnectorSpec,
  ConnectorTarget,
  PluginRef,
  PreviewOutcome,
  PreviewSpec,
  SinkOffsetAlteration,
  SourceOffsetAlteration,
  TaskHost,
  TaskHostOptions,
  TaskId,
  TaskProgress,
  TaskReport,
  TaskSpec,
} from './contract.ts';
import { HostedConnectors } from './hosted-connectors.ts';
import { hostedPluginMetrics } from './hosted-plugin-metrics.ts';
import { HostedTasks } from './hosted-tasks.ts';
import { laneHeapMb } from './lane-heap.ts';
import { Lane, type LaneEnd } from './lane.ts';
import { LanePool } from './lane-pool.ts';
import { BLOCKED_LIMITS } from './blocked-limits.ts';
import { LaneWatchdog } from './lane-watchdog.ts';
import type { LaneEvent } from './lane-protocol.ts';
import { ValidationLanes } from './validation-lanes.ts';

const DEFAULT_KAFKA_MODULE = '@sluice/kafka';
const CLOSE_MS_DEFAULT = 5_000;

/**
 * The task host of a worker: connectors and tasks in worker threads, the main thread holds only the
 * channels to them. What a thread does to itself ends that thread and nothing else (Invariant 8).
 */
export class ThreadTaskHost implements TaskHost {
  readonly #options: TaskHostOptions;
  readonly #logger: Logger;
  readonly #offsets: ConnectorOffsets;
  readonly #pool: LanePool;
  readonly #tasks: HostedTasks;
  readonly #connectors: HostedConnectors;
  readonly #validation: ValidationLanes;
  readonly #watchdog: LaneWatchdog;
  /** Where a control group limits the memory. */
  readonly #sharedHeapMb: number | null;
  #isClosed = false;

  constructor(options: TaskHostOptions) {
    this.#options = options;
    const { listener, loggers } = options;
    this.#logger = loggers.get('sluice.task-host', '[worker] ');
    this.#offsets = options.offsets;
    const lanes = options.sharedLanesMax ?? availableParallelism();
    const limits = { constrained: process.constrainedMemory(), total: totalmem() };
    this.#sharedHeapMb = laneHeapMb(limits, lanes);
    this.#pool = new LanePool({
      sharedLanesMax: options.sharedLanesMax,
      start: (label, maxHeapMb) => this.#startLane(label, maxHeapMb),
    });
    const parts = { pool: this.#pool, listener, logger: this.#logger };
    this.#tasks = new HostedTasks(parts);
    this.#connectors = new HostedConnectors(parts);
    this.#validation = new ValidationLanes((label) => this.#startLane(label, null));
    this.#watchdog = new LaneWatchdog({
      lanes: () => this.#pool.lanes(),
      isShared: (lane) => this.#pool.isShared(lane),
      limits: options.blockedLimits ?? BLOCKED_LIMITS,
      onBlocked: (lane, blockedMs) => {
        const reason =
          `The thread '${lane.label}' did nothing but one call for more than ${blockedMs} ms: ` +
          'plug-in code spins or blocks there';
        void lane.end(reason, true);
      },
    });
  }

  async startConnector(spec: ConnectorSpec): Promise<void> {
    this.#requireOpen();
    await this.#connectors.start(spec);
  }

  setConnectorTarget(name: string, target: ConnectorTarget): Promise<void> {
    return this.#connectors.setTarget(name, target);
  }

  taskConfigs(name: string, maxTasks: number): Promise<readonly Props[]> {
    return this.#connectors.taskConfigs(name, maxTasks);
  }

  stopConnector(name: string, timeoutMs: number): Promise<void> {
    return this.#connectors.stop(name, timeoutMs);
  }

  hurryConnector(name: string, timeoutMs: number): Promise<void> {
    return this.#connectors.hurry(name, timeoutMs);
  }

  validate(plugin: PluginRef, props: Props): Promise<readonly ConfigValue[]> {
    this.#requireOpen();
    return this.#validation.validate(plugin, props);
  }

  alterOffsets(
    plugin: PluginRef,
    props: Props,
    offsets: readonly (SourceOffsetAlteration | SinkOffsetAlteration)[],
  ): Promise<boolean | null> {
    this.#requireOpen();
    return this.#validation.alterOffsets(plugin, props, offsets);
  }

  preview(spec: PreviewSpec): Promise<PreviewOutcome> {
    this.#requireOpen();
    return this.#validation.preview(spec);
  }

  async startTask(spec: TaskSpec): Promise<void> {
    this.#requireOpen();
    await this.#tasks.start(spec);
  }

  async pauseTask(id: TaskId): Promise<void> {
    await this.#tasks.setTarget(id, 'PAUSED');
  }

  async resumeTask(id: TaskId): Promise<void> {
    await this.#tasks.setTarget(id, 'STARTED');
  }

  async stopTasks(ids: readonly TaskId[], timeoutMs: number): Promise<void> {
    await this.#tasks.stop(ids, timeoutMs);
  }

  taskProgress(id: TaskId): Promise<TaskProgress | null> {
    return this.#tasks.progress(id);
  }

  taskReports(): Promise<readonly TaskReport[]> {
    return this.#tasks.reports();
  }

  pluginMetrics(): Promise<readonly PluginValue[]> {
    return hostedPluginMetrics(this.#pool.lanes(), {
      hasConnector: (lane, name) => this.#connectors.isIn(lane, name),
      hasTask: (incarnation) => this.#tasks.has(incarnation),
    });
  }

  forgetTopics(connector: string): void {
    for (const lane of this.#pool.lanes()) lane.channel.tell({ type: 'forgetTopics', connector });
  }

  setLogLevel(logger: string, level: string): void {
    const parsed = parseLogLevel(level);
    if (parsed === null) throw new ConnectError(`There is no log level '${level}'`);
    this.#options.loggers.setLevel(logger, parsed);
    for (const lane of this.#allLanes()) {
      // A lane that is gone or busy takes the levels with its next start.
      void lane.channel.call('setLogLevel', { logger, level: parsed }, null).catch(() => undefined);
    }
  }

  async close(timeoutMs = CLOSE_MS_DEFAULT): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watchdog.stop();
    await Promise.all([this.#tasks.stopAll(timeoutMs), this.#connectors.stopAll(timeoutMs)]);
    for (const lane of this.#allLanes()) await lane.end('The worker is shutting down');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #requireOpen(): void {
    if (this.#isClosed) throw new ConnectError('The worker is shutting down');
  }

  #allLanes(): readonly Lane[] {
    return [...this.#pool.lanes(), ...this.#validation.lanes];
  }

  #startLane(label: string, maxHeapMb: number | null): Lane {
    const { loggers, kafkaModuleUrl, tracing } = this.#options;
    this.#logger.debug(`Starting thread '${label}'`);
    const lane: Lane = new Lane({
      label,
      lane: {
        kafkaModuleUrl: kafkaModuleUrl ?? DEFAULT_KAFKA_MODULE,
        levels: loggers.levels(),
        isJsonLog: loggers.isJson,
        logFds: loggers.fds,
        tracing: tracing ?? 'none',
      },
      maxHeapMb: maxHeapMb ?? this.#sharedHeapMb,
      handlers: {
        readOffsets: ({ connector, partitions }) => this.#offsets.read(connector, partitions),
        writeOffsets: async ({ connector, offsets }) => {
          await this.#offsets.write(connector, offsets);
          return null;
        },
      },
      onEvent: (event) => this.#onEvent(event),
      onGone: (end) => this.#onGone(lane, end),
    });
    return lane;
  }

  #onEvent(event: LaneEvent): void {
    switch (event.type) {
      case 'taskStatus':
        return this.#tasks.onStatus(event.incarnation, event.state, event.trace, event.code);
      case 'taskEnded':
        return this.#tasks.onEnded(event.incarnation);
      case 'topicUsed':
        return this.#tasks.onTopicUsed(event.incarnation, event.topic);
      case 'connectorFailed':
        return this.#options.listener.onConnectorFailed(event.connector, event.trace);
      case 'reconfigurationRequested':
        return this.#options.listener.onTaskReconfigurationRequested(event.connector);
      default:
        return assertNever(event);
    }
  }

  #onGone(lane: Lane, end: LaneEnd): void {
    this.#pool.remove(lane);
    this.#validation.onGone(lane);
    if (end.isGuiltInside) this.#logger.error(`Thread '${lane.label}' has ended: ${end.trace}`);
    else this.#logger.debug(`Thread '${lane.label}' has been ended`);
    if (this.#isClosed) return;
    const lodgers = this.#tasks.countIn(lane) + this.#connectors.countIn(lane);
    const isGuiltKnown = lodgers <= 1 && end.isGuiltInside;
    this.#connectors.onLaneGone(lane, end.trace, isGuiltKnown);
    this.#tasks.onLaneGone(lane, end.trace, isGuiltKnown);
  }
}

function assertNever(event: never): never {
  throw new Error(`unknown event ${JSON.stringify(event)}`);
}
