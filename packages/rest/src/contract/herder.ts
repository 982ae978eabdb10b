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

/** A config as users write it: what was not a string in the JSON body stays as given (null removes a key in PATCH). */
export type ConnectorConfig = Readonly<Record<string, string>>;

/**
 * What the REST server asks of a worker; standalone and distributed herders implement it.
 * Every call may throw a `RestError` (contract/rest-error.ts) which carries the status; all other errors become 500.
 */
export interface Herder {
  serverInfo(): ServerInfo;
  /** True once the herder takes commands (R1.22). */
  readonly isReady: boolean;
  connectors(): Promise<readonly string[]>;
  connectorInfo(name: string): Promise<ConnectorInfo>;
  connectorConfig(name: string): Promise<ConnectorConfig>;
  connectorStatus(name: string): Promise<ConnectorStateInfo>;
  taskStatus(name: string, task: number): Promise<TaskStateInfo>;
  taskConfigs(name: string): Promise<readonly TaskInfo[]>;
  /** `isNew` false when the connector existed and `allowReplace` let it be updated; 409 otherwise. */
  putConnectorConfig(
    name: string,
    config: ConnectorConfig,
    options: { readonly targetState?: TargetState; readonly allowReplace: boolean },
  ): Promise<{ readonly isNew: boolean; readonly info: ConnectorInfo }>;
  patchConnectorConfig(name: string, patch: Readonly<Record<string, string | null>>): Promise<ConnectorInfo>;
  deleteConnector(name: string): Promise<void>;
  pauseConnector(name: string): Promise<void>;
  resumeConnector(name: string): Promise<void>;
  stopConnector(name: string): Promise<void>;
  restartConnector(name: string): Promise<void>;
  restartTask(name: string, task: number): Promise<void>;
  plugins(connectorsOnly: boolean): readonly PluginInfo[];
  pluginConfig(plugin: string): Promise<readonly ConfigKeyInfo[]>;
  validateConfig(plugin: string, config: ConnectorConfig): Promise<ConfigInfos>;
}
