import type { KafkaClients } from '../../data-plane/kafka-clients.ts';
import { closeChain } from '../../data-plane/transformation-chain.ts';
import type { Loggers } from '../../logging/loggers.ts';
import { PluginMetricsRegistry } from '../../metrics/plugin-metrics-registry.ts';
import { loadConverters, loadSteps, type PluginSurroundings } from '../task-builder.ts';
import type { PreviewOutcome, PreviewSpec } from '../contract.ts';
import { previewSink } from './preview-sink.ts';
import { previewSource } from './preview-source.ts';

const PREVIEW_LOGGER = 'sluice.preview';

/** Tries a config out in this thread: real plug-ins, real records, nothing written anywhere. */
export async function preview(
  spec: PreviewSpec,
  loggers: Loggers,
  loadClients: () => Promise<KafkaClients>,
): Promise<PreviewOutcome> {
  const { task, connector } = spec;
  const context = `[${connector.name}|preview] `;
  const logger = loggers.get(PREVIEW_LOGGER, context);
  const given: PluginSurroundings = {
    loggerOf: (className) => loggers.get(className, context),
    // As in a task, but nobody looks at them.
    pluginMetrics: new PluginMetricsRegistry({ connector: connector.name }, task.metricWindow),
  };
  const converters = await loadConverters(task, given);
  const chain = await loadSteps(task, given);
  try {
    if (task.type === 'source') {
      const metrics = given.pluginMetrics;
      return await previewSource(spec, { converters, chain, logger, metrics });
    }
    const clients = await loadClients();
    return await previewSink(spec, task, { converters, chain, clients, logger });
  } finally {
    closeChain(chain);
    converters.key.close?.();
    converters.value.close?.();
    converters.header.close?.();
  }
}
