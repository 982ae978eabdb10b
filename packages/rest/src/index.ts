export type { ConnectorConfig, ConnectorConfigInput, Herder } from './contract/herder.ts';
export { LOG_LEVELS, type LoggerControl } from './contract/logger-control.ts';
export { RestError, badRequest, conflict, notFound } from './contract/rest-error.ts';
export type {
  ConfigInfos,
  ConfigKeyInfo,
  ConfigValueInfo,
  ConnectorInfo,
  ConnectorState,
  ConnectorStateInfo,
  ConnectorTaskId,
  ConnectorType,
  ErrorBody,
  ExpandedConnector,
  LoggerLevel,
  PluginInfo,
  ServerInfo,
  StateInfo,
  TargetState,
  TaskInfo,
  TaskStateInfo,
  WorkerHealth,
} from './contract/wire.ts';
export {
  JsonSyntaxError,
  parseJsonTree,
  type JsonNode,
  type JsonPosition,
} from './json/json-tree.ts';
