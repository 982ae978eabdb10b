export { ForwardError } from './contract/forward-error.ts';
export type { ConnectorConfig, ConnectorConfigInput } from './contract/connector-config.ts';
export type { Herder, OffsetEntryText } from './contract/herder.ts';
export type {
  ErrorCount,
  HealthPart,
  LintFinding,
  LintReport,
  PreviewReport,
  PreviewRequest,
  PreviewStep,
  StalledTask,
  TaskProgressInfo,
  WorkerHealthDetail,
  WorkerInsight,
} from './contract/insight.ts';
export type { MetricFamily, MetricSample, MetricsSource } from './contract/metrics.ts';
export { LOG_LEVELS, type LoggerControl } from './contract/logger-control.ts';
export type { RequestSpan, RequestTracer } from './contract/request-tracer.ts';
export { RestError, badRequest, conflict, notFound } from './contract/rest-error.ts';
export type {
  ConfigInfos,
  ConfigKeyInfo,
  ConfigValueInfo,
  ConnectorInfo,
  ConnectorOffset,
  ConnectorOffsets,
  ConnectorState,
  ConnectorStateInfo,
  ConnectorTaskId,
  ConnectorType,
  ErrorBody,
  ExpandedConnector,
  LoggerLevel,
  OffsetsMessage,
  PluginInfo,
  ServerInfo,
  StateInfo,
  TargetState,
  TaskInfo,
  TaskStateInfo,
  WorkerHealth,
} from './contract/wire.ts';
export { JsonSyntaxError, type JsonPosition } from './json/json-syntax-error.ts';
export { parseJsonTree, type JsonNode } from './json/json-tree.ts';
