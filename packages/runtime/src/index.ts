export { readConnectorFile, type ConnectorFile } from './config/connector-file.ts';
export { ConfigTransformer, type TransformedConfig } from './config/config-transformer.ts';
export type { StandaloneValues } from './config/worker-config-def.ts';
export {
  readWorkerProps,
  standaloneConfig,
  type StandaloneConfig,
} from './config/worker-config.ts';
export {
  discoverPlugins,
  type Discovery,
  type DiscoveryOptions,
} from './plugins/discover-plugins.ts';
export {
  PLUGIN_TYPES,
  PluginCatalog,
  type Plugin,
  type PluginType,
} from './plugins/plugin-catalog.ts';
export {
  StandaloneHerder,
  type StandaloneHerderOptions,
} from './control-plane/standalone/standalone-herder.ts';
export { ConnectorValidator } from './control-plane/validation/connector-validator.ts';
export { overridePolicy } from './control-plane/validation/override-policy.ts';
export type { WorkerConverters } from './control-plane/validation/enriched-config.ts';
export type { WorkerContext } from './control-plane/worker/worker-context.ts';
export { workerConverters } from './control-plane/worker/worker-converters.ts';
export { jsonLayout } from './logging/connect-layout.ts';
export { FileDescriptorOutput, type LineOutput } from './logging/line-output.ts';
export { parseLogLevel, type LogLevel } from './logging/log-level.ts';
export { Loggers, type LoggerInfo, type LoggersOptions } from './logging/loggers.ts';
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
export { ThreadTaskHost } from './task-host/thread-task-host.ts';
