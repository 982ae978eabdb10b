import type { KafkaClients } from '../../data-plane/kafka-clients.ts';
import { closeChain } from '../../data-plane/transformation-chain.ts';
import type { Loggers } from '../../logging/loggers.ts';
import { type LoggerOf, loadConverters, loadSteps } from '../task-builder.ts';
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
  const loggerOf: LoggerOf = (className) => loggers.get(className, context);
  const converters = await loadConverters(task, loggerOf);
  const chain = await loadSteps(task, loggerOf);
  try {
    if (task.type === 'source') return await previewSource(spec, converters, chain, logger);
    const clients = await loadClients();
    return await previewSink(spec, task, { converters, chain, clients, logger });
  } finally {
    closeChain(chain);
    converters.key.close?.();
    converters.value.close?.();
    converters.header.close?.();
  }
}
