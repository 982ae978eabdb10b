import type { Logger, OffsetStorageReader, SourceRecord, SourceTask } from '@sluice/api';
import type { TaskConverters } from '../../data-plane/source/convert.ts';
import type { TransformationStep } from '../../data-plane/transformation-chain.ts';
import type { PluginMetricsRegistry } from '../../metrics/plugin-metrics-registry.ts';
import { loadPlugin } from '../plugin-loader.ts';
import type { PreviewOutcome, PreviewSpec } from '../contract.ts';
import { StepTrail } from './preview-steps.ts';
import { bytesText, recordText } from './preview-text.ts';

/** A preview has no past: the source begins at its beginning, and nothing is committed. */
const NO_OFFSETS: OffsetStorageReader = {
  offset: () => Promise.resolve(null),
  offsets: (partitions) => Promise.resolve(partitions.map(() => null)),
};

interface SourcePreviewParts {
  readonly converters: TaskConverters;
  readonly chain: readonly TransformationStep[];
  readonly logger: Logger;
  readonly metrics: PluginMetricsRegistry;
}

/** Polls a source without stored offsets, and shows each record's way to its bytes. */
export async function previewSource(
  spec: PreviewSpec,
  { converters, chain, logger, metrics }: SourcePreviewParts,
): Promise<PreviewOutcome> {
  const sampled = await sample(spec, logger, metrics);
  const aliases = spec.task.transformations.map(({ alias }) => alias);
  const records = sampled.map((polled) => {
    const trail = new StepTrail();
    trail.show('poll', recordText(polled));
    const record = trail.transform(polled, chain, aliases);
    if (record !== null) showConverted(trail, record, converters);
    return { steps: trail.steps };
  });
  const notes = ['The source was read from its beginning; no offset was read or stored.'];
  if (sampled.length < spec.records)
    notes.push(`Only ${sampled.length} of ${spec.records} records came in ${spec.timeoutMs} ms.`);
  return { records, notes };
}

function showConverted(trail: StepTrail, record: SourceRecord, converters: TaskConverters): void {
  const { topic, headers, keySchema, key, valueSchema, value } = record;
  const raw = trail.attempt('HEADER_CONVERTER', () =>
    headers.map((each) => ({
      key: each.key,
      value: converters.header.fromConnectHeader(topic, each.key, each.schema, each.value),
    })),
  );
  if (raw === null) return;
  const keyBytes = trail.attempt('KEY_CONVERTER', () =>
    converters.key.fromConnectData(topic, keySchema, key, raw.value),
  );
  if (keyBytes === null) return;
  const valueBytes = trail.attempt('VALUE_CONVERTER', () =>
    converters.value.fromConnectData(topic, valueSchema, value, raw.value),
  );
  if (valueBytes === null) return;
  trail.show('KAFKA_PRODUCE', {
    topic,
    partition: record.kafkaPartition,
    key: bytesText(keyBytes.value),
    value: bytesText(valueBytes.value),
    timestamp: record.timestamp,
  });
}

async function sample(
  spec: PreviewSpec,
  logger: Logger,
  metrics: PluginMetricsRegistry,
): Promise<readonly SourceRecord[]> {
  const { connector, records } = spec;
  const instance = (await loadPlugin(connector.plugin, ['source'])).create();
  instance.initialize({
    logger,
    pluginMetrics: metrics.of(),
    offsetStorageReader: NO_OFFSETS,
    requestTaskReconfiguration: () => undefined,
    raiseError: (error) => logger.warn('The connector raised an error', { error }),
  });
  await instance.start(connector.props);
  try {
    const [config] = await instance.taskConfigs(1);
    if (config === undefined) return [];
    const task = instance.newTask();
    task.initialize({
      configs: config,
      offsetStorageReader: NO_OFFSETS,
      logger,
      pluginMetrics: metrics.of(),
    });
    try {
      await task.start({ ...spec.task.taskProps, ...config });
      return await pollSome(task, records, AbortSignal.timeout(spec.timeoutMs));
    } finally {
      await task.stop();
    }
  } finally {
    await instance.stop();
  }
}

const EMPTY_POLL_PAUSE_MS = 5;

async function pollSome(
  task: SourceTask,
  max: number,
  signal: AbortSignal,
): Promise<readonly SourceRecord[]> {
  const found: SourceRecord[] = [];
  while (found.length < max && !signal.aborted) {
    try {
      const polled = await task.poll(signal);
      if (polled !== null && polled.length > 0) found.push(...polled);
      else await new Promise((resolve) => setTimeout(resolve, EMPTY_POLL_PAUSE_MS));
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  return found.slice(0, max);
}
