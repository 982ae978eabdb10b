/**
 * The seam between the control plane (herder, worker) and the threads where connectors and tasks
 * live. Everything here can cross to another thread as it is: plain objects, strings, numbers.
 */
import type { ConfigValue, Props } from '@sluice/api';
import type { SeenError } from '../data-plane/errors/seen-errors.ts';
import type { ActivitySnapshot } from '../data-plane/task-activity.ts';
import type { ClientValue } from '../metrics/client-value.ts';
import type { MetricGroups } from '../metrics/metric-values.ts';
import type { PluginValue } from '../metrics/plugin-value.ts';
import type { MetricWindow } from '../metrics/sampled-stat.ts';
import type { Loggers } from '../logging/loggers.ts';
import type { ConnectorOffsets } from '../storage/connector-offsets.ts';
import type { BlockedLimits } from './blocked-limits.ts';

/** Names one task. Printed as `connector-task`, e.g. `orders-0`. */
export interface TaskId {
  readonly connector: string;
  readonly task: number;
}

/** Where a plug-in's code is. Found from manifests by the control plane, imported by the lane. */
export interface PluginRef {
  /** What `import()` takes in any thread: a `file:` URL. */
  readonly moduleUrl: string;
  /** The export that holds the `PluginDefinition`. */
  readonly exportName: string;
  /** The class name for messages and for `__connect.errors.class.name`. */
  readonly className: string;
  readonly version: string;
}

/** A plug-in with its own config, the prefix (`key.converter.`, `transforms.a.`) removed. */
export interface ConfiguredPlugin {
  readonly plugin: PluginRef;
  readonly props: Props;
}

/** One link of the transformation chain, in the order of `transforms`. */
export interface TransformationSpec extends ConfiguredPlugin {
  /** The name under `transforms`. */
  readonly alias: string;
  /** Applied when the predicate's answer XOR `negate` is true (R5.22); `null`: always. */
  readonly predicate: ConfiguredPlugin | null;
  /** The predicate's name under `predicates`, for its metrics. */
  readonly predicateAlias?: string;
  readonly negate: boolean;
}

/**
 * Which neighbours a connector or task may have in its thread: `shared` any, `connector` only those
 * of the same connector, `task` none. The control plane derives it from `sluice.task.isolation` and
 * from where the plug-in comes from (ARCHITECTURE section 6).
 */
export type Isolation = 'shared' | 'connector' | 'task';

/** What a connector or a task is wanted to do; STOPPED connectors have no tasks. */
export type ConnectorTarget = 'STARTED' | 'PAUSED' | 'STOPPED';
export type TaskTarget = 'STARTED' | 'PAUSED';

/** A connector instance to start. */
export interface ConnectorSpec {
  readonly name: string;
  readonly type: 'source' | 'sink';
  readonly plugin: PluginRef;
  /** The connector's config after config providers. */
  readonly props: Props;
  readonly target: ConnectorTarget;
  readonly isolation: Isolation;
}

/** `errors.*` of a connector (R2.57 to R2.59). */
export interface ErrorHandlingSpec {
  readonly tolerance: 'none' | 'all';
  /** -1 is for ever, 0 no retry. */
  readonly retryTimeoutMs: number;
  readonly retryDelayMaxMs: number;
  readonly logEnable: boolean;
  readonly logIncludeMessages: boolean;
}

/** One group of `topic.creation.*` (R2.72 to R2.75), tried in order; the last is `default`. */
export interface TopicCreationGroupSpec {
  readonly name: string;
  /** Regular expressions; ignored for `default`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** -1 takes the broker's default. */
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: Props;
}

interface TaskSpecBase {
  readonly id: TaskId;
  /** The connector's plug-in: its `newTask()` makes the task. */
  readonly plugin: PluginRef;
  readonly connectorProps: Props;
  /** What `start(props)` of the task gets, `task.class` included (R2.77). */
  readonly taskProps: Props;
  readonly keyConverter: ConfiguredPlugin;
  readonly valueConverter: ConfiguredPlugin;
  readonly headerConverter: ConfiguredPlugin;
  readonly transformations: readonly TransformationSpec[];
  readonly errors: ErrorHandlingSpec;
  readonly target: TaskTarget;
  readonly isolation: Isolation;
  /** Caps the task's thread (`sluice.task.max.heap.mb`); `null` takes Node's own limit. */
  readonly maxHeapMb: number | null;
  readonly offsetFlushIntervalMs: number;
  readonly offsetFlushTimeoutMs: number;
  /** Whether `onTopicUsed` is wanted (`topic.tracking.enable`). */
  readonly isTopicTracked: boolean;
  readonly metricWindow: MetricWindow;
}

export interface SourceTaskSpec extends TaskSpecBase {
  readonly type: 'source';
  /** From `sourceProducerConfig` (client-configs.ts). */
  readonly producerConfig: Props;
  /** From `adminConfig`; used for topic creation. */
  readonly adminConfig: Props;
  /** `null`: the broker creates topics by itself, or not. */
  readonly topicCreation: readonly TopicCreationGroupSpec[] | null;
  /** From `sluice.errors.deadletterqueue.*`; Java's sources have none. */
  readonly deadLetters: DeadLetterSpec | null;
}

/** Where dead letters go (R2.64 to R2.66). */
export interface DeadLetterSpec {
  readonly topic: string;
  readonly replicationFactor: number;
  readonly isContextInHeaders: boolean;
  /** From `deadLetterProducerConfig`. */
  readonly producerConfig: Props;
  /** From `deadLetterAdminConfig`. */
  readonly adminConfig: Props;
}

export interface SinkTaskSpec extends TaskSpecBase {
  readonly type: 'sink';
  /** From `sinkConsumerConfig`. */
  readonly consumerConfig: Props;
  /** Exactly one of `topics` and `topicsRegex` is set. */
  readonly topics: readonly string[] | null;
  readonly topicsRegex: string | null;
  readonly deadLetters: DeadLetterSpec | null;
}

export type TaskSpec = SourceTaskSpec | SinkTaskSpec;

/** The states a task reports by itself. The herder adds the others (RESTARTING, DESTROYED). */
export type ReportedTaskState = 'RUNNING' | 'PAUSED' | 'FAILED' | 'UNASSIGNED' | 'RESTARTING';

/** Told of what happens in the threads; called on the main thread, one call after another. */
export interface TaskHostListener {
  /** `trace` is there exactly when the state is FAILED; `code` then is Sluice's code, if any. */
  onTaskStatus(id: TaskId, state: ReportedTaskState, trace?: string, code?: string): void;
  /** The connector called `raiseError`, threw in a callback or its thread ended under it. */
  onConnectorFailed(connector: string, trace: string): void;
  onTaskReconfigurationRequested(connector: string): void;
  /** First use of a topic by a connector's task since the task started. */
  onTopicUsed(id: TaskId, topic: string): void;
}

/**
 * One offset for `alterOffsets` of a source connector, as JSON texts (offset-json.ts): numbers keep
 * their form on the way to the thread, where they are parsed.
 */
export interface SourceOffsetAlteration {
  readonly partition: string;
  /** `null` resets it. */
  readonly offset: string | null;
}
/** One offset for `alterOffsets` of a sink connector. */
export interface SinkOffsetAlteration {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number | null;
}

/** How far a task is, for the progress endpoint and the metrics. All counts since its start. */
export interface TaskProgress {
  readonly id: TaskId;
  /** Records polled (source) or consumed (sink). */
  readonly recordsIn: number;
  /** Records acknowledged by Kafka (source) or taken by `put` (sink). */
  readonly recordsOut: number;
  readonly recordsFiltered: number;
  readonly recordsSkipped: number;
  readonly recordsFailed: number;
  readonly offsetCommits: number;
  readonly offsetCommitFailures: number;
  readonly activity: ActivitySnapshot;
}

/** Everything that is counted of one task. */
export interface TaskReport {
  readonly id: TaskId;
  readonly spec: TaskSpec;
  /** `null` while the task is being built, or held back because it is paused from the start. */
  readonly progress: Omit<TaskProgress, 'id'> | null;
  readonly metrics: MetricGroups;
  readonly clientMetrics: readonly ClientValue[];
  /** Of failing records, by code. */
  readonly errors: readonly SeenError[];
}

/** A config to try out in a thread, without deploying it. */
export interface PreviewSpec {
  readonly connector: ConnectorSpec;
  /** As for a task; a source's `taskProps` are asked of the connector. */
  readonly task: TaskSpec;
  /** At most so many records. */
  readonly records: number;
  /** How long to wait for them. */
  readonly timeoutMs: number;
}

/** A record after one step, as texts for people. */
export interface PreviewedStep {
  readonly step: string;
  /** `null`: the step dropped the record, or failed. */
  readonly record: Readonly<Record<string, string | number | null>> | null;
  readonly error: string | null;
}

/** What became of the sampled records, step by step. */
export interface PreviewOutcome {
  readonly records: readonly { readonly steps: readonly PreviewedStep[] }[];
  readonly notes: readonly string[];
}

/** Starts and stops connectors and tasks in threads. One per worker. */
export interface TaskHost extends AsyncDisposable {
  /**
   * Makes the instance, calls `initialize`, and `start` when the target is STARTED. Rejects with
   * the connector's own error; nothing is left behind then.
   */
  startConnector(spec: ConnectorSpec): Promise<void>;
  /** STARTED calls `start`, PAUSED and STOPPED call `stop`, when the connector is not so already. */
  setConnectorTarget(name: string, target: ConnectorTarget): Promise<void>;
  taskConfigs(name: string, maxTasks: number): Promise<readonly Props[]>;
  /** Stops and forgets the instance; after `timeoutMs` it is given up. Never rejects. */
  stopConnector(name: string, timeoutMs: number): Promise<void>;
  /**
   * Something else is asked of the connector: a call into it that is under way and takes longer than
   * `timeoutMs` fails, and the instance is forgotten. Never rejects.
   */
  hurryConnector(name: string, timeoutMs: number): Promise<void>;
  /** The connector's own `validate(props)`, else its ConfigDef's. Needs no started connector. */
  validate(plugin: PluginRef, props: Props): Promise<readonly ConfigValue[]>;
  /** `null` when the connector has no `alterOffsets` (the worker then only changes the store). */
  alterOffsets(
    plugin: PluginRef,
    props: Props,
    offsets: readonly (SourceOffsetAlteration | SinkOffsetAlteration)[],
  ): Promise<boolean | null>;
  /** Tries a config out on some records, with real plug-ins and nothing written (preview.ts). */
  preview(spec: PreviewSpec): Promise<PreviewOutcome>;
  /**
   * Hands the task to its thread and returns once it has been taken there; everything after that,
   * failing included, is told by `onTaskStatus`. Rejects when a task of that id is still there.
   */
  startTask(spec: TaskSpec): Promise<void>;
  /** Settle once the wish is known to the task; PAUSED or RUNNING comes by `onTaskStatus`. */
  pauseTask(id: TaskId): Promise<void>;
  resumeTask(id: TaskId): Promise<void>;
  /**
   * Ends the tasks gracefully, all within one `timeoutMs` (`task.shutdown.graceful.timeout.ms`),
   * then cancels what is left: clients closed at once, and the thread ended where the task is alone
   * in it. UNASSIGNED is reported for those that ended by themselves. Never rejects.
   */
  stopTasks(ids: readonly TaskId[], timeoutMs: number): Promise<void>;
  taskProgress(id: TaskId): Promise<TaskProgress | null>;
  /** Reports of all tasks, one call per thread; a thread that does not answer in time is left out. */
  taskReports(): Promise<readonly TaskReport[]>;
  /** What plug-ins measure of their own (KIP-877), one call per thread; as above for late ones. */
  pluginMetrics(): Promise<readonly PluginValue[]>;
  /** The connector's tasks tell `onTopicUsed` again of every topic that they use from now on. */
  forgetTopics(connector: string): void;
  /** Level of one logger and its children in every thread; the same name as in the main thread. */
  setLogLevel(logger: string, level: string): void;
  /** Stops every connector and task within `timeoutMs` and ends all threads. */
  close(timeoutMs?: number): Promise<void>;
}

/** What `new ThreadTaskHost(options)` (thread-task-host.ts) takes. */
export interface TaskHostOptions {
  readonly listener: TaskHostListener;
  /** Source offsets are read and written here, on the main thread. The caller starts its store. */
  readonly offsets: ConnectorOffsets;
  readonly loggers: Loggers;
  /** How many threads tasks of `shared` isolation may share. Default: one per core. */
  readonly sharedLanesMax?: number;
  /** The module that makes Kafka clients in the lanes. Default `@sluice/kafka`; tests give fakes. */
  readonly kafkaModuleUrl?: string;
  /** `sluice.tracing` of the worker. Default `none`. */
  readonly tracing?: string;
  /** How long a thread may be blocked before it is ended. Default: BLOCKED_LIMITS. */
  readonly blockedLimits?: BlockedLimits;
}
