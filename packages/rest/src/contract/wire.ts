/** The JSON bodies of Connect's REST API, field for field as Java's. */

export type ConnectorType = 'source' | 'sink' | 'unknown';
export type ConnectorState =
  | 'RUNNING'
  | 'PAUSED'
  | 'STOPPED'
  | 'FAILED'
  | 'UNASSIGNED'
  | 'RESTARTING'
  | 'DESTROYED';
export type TargetState = 'STARTED' | 'PAUSED' | 'STOPPED';

export interface ServerInfo {
  readonly version: string;
  readonly commit: string;
  readonly kafka_cluster_id: string;
}
export interface ConnectorTaskId {
  readonly connector: string;
  readonly task: number;
}
export interface ConnectorInfo {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  readonly tasks: readonly ConnectorTaskId[];
  readonly type: ConnectorType;
}
export interface StateInfo {
  readonly state: ConnectorState;
  readonly worker_id: string;
  readonly trace?: string;
  readonly version?: string;
}
export interface TaskStateInfo extends StateInfo {
  readonly id: number;
}
export interface ConnectorStateInfo {
  readonly name: string;
  readonly connector: StateInfo;
  readonly tasks: readonly TaskStateInfo[];
  readonly type: ConnectorType;
}
export interface TaskInfo {
  readonly id: ConnectorTaskId;
  readonly config: Readonly<Record<string, string>>;
}
export interface PluginInfo {
  readonly class: string;
  readonly type:
    | 'source'
    | 'sink'
    | 'converter'
    | 'header_converter'
    | 'transformation'
    | 'predicate';
  readonly version?: string;
}
/** `GET /health` (KIP-1017). */
export interface WorkerHealth {
  readonly status: 'healthy' | 'starting' | 'unhealthy';
  readonly message: string;
}
/** One logger of `GET /admin/loggers`; `last_modified` in milliseconds, null when never changed. */
export interface LoggerLevel {
  readonly level: string;
  readonly last_modified: number | null;
}
/** One entry of `GET /connectors?expand=...`. */
export interface ExpandedConnector {
  readonly status?: ConnectorStateInfo;
  readonly info?: ConnectorInfo;
}
/** One offset as `GET /connectors/{name}/offsets` shows it. */
export interface ConnectorOffset {
  readonly partition: Readonly<Record<string, unknown>>;
  /** Null, when altering, resets the partition. */
  readonly offset: Readonly<Record<string, unknown>> | null;
}
export interface ConnectorOffsets {
  readonly offsets: readonly ConnectorOffset[];
}
/** `PATCH` and `DELETE /connectors/{name}/offsets` (R1.54). */
export interface OffsetsMessage {
  readonly message: string;
}
export interface ErrorBody {
  readonly error_code: number;
  readonly message: string;
}
export interface ConfigKeyInfo {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly default_value: string | null;
  readonly importance: string;
  readonly documentation: string;
  readonly group: string | null;
  readonly order_in_group: number;
  readonly width: string;
  readonly display_name: string;
  readonly dependents: readonly string[];
}
export interface ConfigValueInfo {
  readonly name: string;
  readonly value: string | null;
  readonly recommended_values: readonly string[];
  readonly errors: readonly string[];
  readonly visible: boolean;
}
export interface ConfigInfos {
  readonly name: string;
  readonly error_count: number;
  readonly groups: readonly string[];
  readonly configs: readonly {
    readonly definition: ConfigKeyInfo | null;
    readonly value: ConfigValueInfo | null;
  }[];
}
