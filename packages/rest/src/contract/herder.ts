import type { ConnectorConfig, ConnectorConfigInput } from './connector-config.ts';
import type { WorkerInsight } from './insight.ts';
import type { MetricsSource } from './metrics.ts';
import type {
  ConfigInfos,
  ConfigKeyInfo,
  ConnectorInfo,
  ConnectorStateInfo,
  OffsetsMessage,
  PluginInfo,
  ServerInfo,
  TargetState,
  TaskInfo,
  TaskStateInfo,
} from './wire.ts';

/**
 * One offset of a connector as JSON text, so that no number loses digits or its form (`1.0` stays
 * `1.0`) on the way between REST and the offset store. Both are JSON objects.
 */
export interface OffsetEntryText {
  /** Null stands for a missing or null `partition`. */
  readonly partition: string | null;
  /** Null resets the partition when altering (R1.53). */
  readonly offset: string | null;
}

/**
 * What the REST server asks of a worker; standalone and distributed herders implement it.
 * Every call may throw a `RestError` (contract/rest-error.ts) which carries the status; all other
 * errors become 500. What only another worker can do is refused with a `ForwardError`
 * (contract/forward-error.ts), which the server follows (R1.16 to R1.20).
 *
 * Infos and statuses are immutable: as long as nothing has changed, answer the same object again.
 * The server keeps the JSON text of each object that it has sent, so that `GET
 * /connectors?expand=...` over hundreds of connectors is a join of texts (R1.23).
 */
export interface Herder {
  serverInfo(): ServerInfo;
  /** True once the worker has done all that its command line asked for (R1.22, R9.03). */
  readonly isReady: boolean;
  /** What the herder is doing or did last, as a sentence for timeouts and health (R1.05). */
  stage(): string;
  connectors(): Promise<readonly string[]>;
  connectorInfo(name: string): Promise<ConnectorInfo>;
  connectorConfig(name: string): Promise<ConnectorConfig>;
  connectorStatus(name: string): Promise<ConnectorStateInfo>;
  taskStatus(name: string, task: number): Promise<TaskStateInfo>;
  taskConfigs(name: string): Promise<readonly TaskInfo[]>;
  /** `isNew` false when it existed and `allowReplace` let it be updated; 409 otherwise. */
  putConnectorConfig(
    name: string,
    config: ConnectorConfigInput,
    options: { readonly targetState?: TargetState; readonly allowReplace: boolean },
  ): Promise<{ readonly isNew: boolean; readonly info: ConnectorInfo }>;
  patchConnectorConfig(name: string, patch: ConnectorConfigInput): Promise<ConnectorInfo>;
  deleteConnector(name: string): Promise<void>;
  pauseConnector(name: string): Promise<void>;
  resumeConnector(name: string): Promise<void>;
  stopConnector(name: string): Promise<void>;
  /** Restarts the Connector object only (R1.48, both flags false). */
  restartConnector(name: string): Promise<void>;
  /** Plans and begins a restart (KIP-745); answers the status with what restarts as RESTARTING. */
  restartConnectorAndTasks(
    name: string,
    request: { readonly onlyFailed: boolean; readonly includeTasks: boolean },
  ): Promise<ConnectorStateInfo>;
  restartTask(name: string, task: number): Promise<void>;
  /**
   * Topics that the connector's tasks have used since its creation or the last reset (KIP-558).
   * Sorted; empty for a connector that is not there, never 404 (R1.38). The server answers 403
   * itself when `topic.tracking.enable` is false.
   */
  connectorTopics(name: string): Promise<readonly string[]>;
  /** Forgets the used topics; for an unknown connector too (R1.39). */
  resetConnectorTopics(name: string): Promise<void>;
  /**
   * The committed offsets (KIP-875): of a source from its store, of a sink `{"kafka_topic",
   * "kafka_partition"}` and `{"kafka_offset"}` from its group. In any state.
   *
   * @throws RestError 404 `Connector <name> not found`
   */
  connectorOffsets(name: string): Promise<readonly OffsetEntryText[]>;
  /**
   * Alters offsets (R1.52 to R1.58). At least one entry; of equal partitions only the last is here.
   * The message is `The offsets for this connector have been altered successfully`, or, when the
   * connector's `alterOffsets` was not true: `The Connect framework-managed offsets for this
   * connector have been altered successfully. However, if this connector manages offsets externally,
   * they will need to be manually altered in the system that the connector uses.`
   *
   * @throws RestError 404 unknown connector; 400 when it is not STOPPED or has tasks: `Connectors
   * must be in the STOPPED state before their offsets can be modified. This can be done for the
   * specified connector by issuing a 'PUT' request to the '/connectors/<name>/stop' endpoint`; 400
   * for a sink's partitions and offsets of a wrong shape (R1.55)
   */
  alterConnectorOffsets(name: string, offsets: readonly OffsetEntryText[]): Promise<OffsetsMessage>;
  /** Resets all offsets (R1.56, R1.60); as above, with `reset` in place of `altered`. */
  resetConnectorOffsets(name: string): Promise<OffsetsMessage>;
  /**
   * `PUT /admin/loggers/{name}?scope=cluster` (KIP-976): sets the level on every worker. A worker
   * that stands alone has none: the server then sets its own level. @param level one of LOG_LEVELS
   */
  setClusterLogLevel?(logger: string, level: string): Promise<void>;
  /** What `/sluice/v1/` shows beyond Java's API. */
  readonly insight: WorkerInsight;
  /** What `/metrics` and `/sluice/v1/metrics` show. */
  readonly metrics: MetricsSource;
  /** From another worker's leader only (R1.43). @param body as it came: its signature covers it */
  putTaskConfigs(name: string, body: string): Promise<void>;
  /** From another worker only (R1.43). */
  fenceZombieSourceTasks(name: string): Promise<void>;
  plugins(connectorsOnly: boolean): readonly PluginInfo[];
  /** @param version a Maven version range (KIP-891), null for the newest */
  pluginConfig(plugin: string, version?: string | null): Promise<readonly ConfigKeyInfo[]>;
  validateConfig(plugin: string, config: ConnectorConfigInput): Promise<ConfigInfos>;
}
