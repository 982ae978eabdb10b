import type {
  ConfigInfos,
  ConfigKeyInfo,
  ConnectorInfo,
  ConnectorStateInfo,
  PluginInfo,
  ServerInfo,
  TargetState,
  TaskInfo,
  TaskStateInfo,
} from './wire.ts';

/** A connector's config as it is kept and echoed: what was no string in JSON as its JSON text. */
export type ConnectorConfig = Readonly<Record<string, string>>;

/** A config on its way in. A null is an invalid value, in a patch it removes the key. */
export type ConnectorConfigInput = Readonly<Record<string, string | null>>;

/**
 * What the REST server asks of a worker; standalone and distributed herders implement it.
 * Every call may throw a `RestError` (contract/rest-error.ts) which carries the status; all other
 * errors become 500.
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
  /** From another worker's leader only (R1.43). @param body as it came: its signature covers it */
  putTaskConfigs(name: string, body: string): Promise<void>;
  /** From another worker only (R1.43). */
  fenceZombieSourceTasks(name: string): Promise<void>;
  plugins(connectorsOnly: boolean): readonly PluginInfo[];
  pluginConfig(plugin: string): Promise<readonly ConfigKeyInfo[]>;
  validateConfig(plugin: string, config: ConnectorConfigInput): Promise<ConfigInfos>;
}
