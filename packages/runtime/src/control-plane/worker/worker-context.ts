import type { ClientConfigOverridePolicy, Props } from '@sluice/api';
import type { ConfigTransformer } from '../../config/config-transformer.ts';
import type { StandaloneValues } from '../../config/worker-config-def.ts';
import type { PluginCatalog } from '../../plugins/plugin-catalog.ts';
import type { WorkerConverters } from '../validation/enriched-config.ts';

/** What connectors and tasks take from the worker they run on. */
export interface WorkerContext {
  readonly catalog: PluginCatalog;
  readonly converters: WorkerConverters;
  /** As in the worker's file, references resolved. */
  readonly props: Props;
  readonly values: StandaloneValues;
  readonly transformer: ConfigTransformer;
  /** A package's, configured; without one the worker's properties name one of Kafka's own. */
  readonly overridePolicy?: ClientConfigOverridePolicy;
}
