export { readConnectorFile, type ConnectorFile } from './config/connector-file.ts';
export { ConfigTransformer, type TransformedConfig } from './config/config-transformer.ts';
export { effectiveOrigins, environmentOrigins } from './config/config-origins.ts';
export { errorWithOrigin, valueMessage } from './config/origin-message.ts';
export type { StandaloneValues } from './config/worker-config-def.ts';
export {
  readWorkerFile,
  standaloneConfig,
  workerOrigins,
  type StandaloneConfig,
  type WorkerFile,
} from './config/worker-config.ts';
export {
  discoverPlugins,
  type Discovery,
  type DiscoveryOptions,
} from './plugins/discover-plugins.ts';
export { configProviderPlugins } from './plugins/config-provider-plugins.ts';
export { overridePolicyPlugin } from './plugins/override-policy-plugins.ts';
export { makeRestExtension } from './plugins/rest-extension-plugins.ts';
export {
  PLUGIN_TYPES,
  PluginCatalog,
  type Plugin,
  type PluginType,
} from './plugins/plugin-catalog.ts';
export { StandaloneHerder } from './control-plane/standalone/standalone-herder.ts';
export type { StandaloneHerderOptions } from './control-plane/standalone/standalone-parts.ts';
export { configProblems } from './control-plane/validation/config-problems.ts';
export { ConfigTryOut } from './control-plane/validation/config-try-out.ts';
export type { ConnectorValidator } from './control-plane/validation/connector-validator.ts';
export { connectorValidator } from './control-plane/worker/worker-validator.ts';
export { findingText, lintConnector } from './lint/lint-connector.ts';
export { findingsWithOrigins } from './lint/finding-origins.ts';
export type { WorkerConverters } from './control-plane/validation/enriched-config.ts';
export type { WorkerContext } from './control-plane/worker/worker-context.ts';
export { workerConverters } from './control-plane/worker/worker-converters.ts';
export { jsonLayout } from './logging/connect-layout.ts';
export { FileDescriptorOutput, type LineOutput } from './logging/line-output.ts';
export { parseLogLevel, type LogLevel } from './logging/log-level.ts';
export { Loggers, type LoggerInfo, type LoggersOptions } from './logging/loggers.ts';
export { ConnectorOffsets } from './storage/connector-offsets.ts';
export { MemoryOffsetBackingStore } from './storage/memory-offset-backing-store.ts';
export { FileOffsetBackingStore } from './storage/file-offset-backing-store.ts';
export type { OffsetBackingStore } from './storage/offset-backing-store.ts';
export { adminConfig } from './task-host/client-configs.ts';
export type {
  PluginRef,
  TaskHost,
  TaskHostListener,
  TaskId,
  TaskProgress,
} from './task-host/contract.ts';
export { openTelemetry, type OpenTelemetry } from './tracing/open-telemetry.ts';
export { requestTracer } from './tracing/request-tracing.ts';
export { ThreadTaskHost } from './task-host/thread-task-host.ts';
