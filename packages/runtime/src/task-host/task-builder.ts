import type {
  Converter,
  Logger,
  MetricTags,
  Monitorable,
  OffsetStorageReader,
  PluginLogging,
  Predicate,
  SinkTask,
  SourceTask,
} from '@sluice/api';
import { abortableSleep } from '../data-plane/abortable-sleep.ts';
import { DeadLetterReporter } from '../data-plane/errors/dead-letter-reporter.ts';
import { type ErrorMetrics, newErrorMetrics } from '../data-plane/errors/error-metrics.ts';
import type { ErrorReporter } from '../data-plane/errors/error-reporter.ts';
import { LogReporter } from '../data-plane/errors/log-reporter.ts';
import { RetryWithTolerance } from '../data-plane/errors/retry-with-tolerance.ts';
import type { KafkaClients } from '../data-plane/kafka-clients.ts';
import type { TaskConverters } from '../data-plane/source/convert.ts';
import type { SourceOffsetStore } from '../data-plane/source/source-offset-store.ts';
import type { TaskControl } from '../data-plane/task-control.ts';
import type { TransformationStep } from '../data-plane/transformation-chain.ts';
import { WorkerSinkTask } from '../data-plane/worker-sink-task.ts';
import { WorkerSourceTask } from '../data-plane/worker-source-task.ts';
import type { WorkerTask, WorkerTaskEvents } from '../data-plane/worker-task.ts';
import type { Loggers } from '../logging/loggers.ts';
import type { PluginMetricsRegistry } from '../metrics/plugin-metrics-registry.ts';
import type { OpenTelemetry } from '../tracing/open-telemetry.ts';
import { overriding } from '../tracing/overriding.ts';
import { SinkTracing } from '../tracing/sink-tracing.ts';
import { SourceTracing } from '../tracing/source-tracing.ts';
import type {
  ConfiguredPlugin,
  PluginRef,
  SinkTaskSpec,
  SourceTaskSpec,
  TaskSpec,
  TransformationSpec,
} from './contract.ts';
import { loadPlugin } from './plugin-loader.ts';

/** Log names under which tasks and the runtime around them write, as Java's packages do. */
const SOURCE_LOGGER = 'org.apache.kafka.connect.runtime.WorkerSourceTask';
const SINK_LOGGER = 'org.apache.kafka.connect.runtime.WorkerSinkTask';
const REPORTER_LOGGER = 'org.apache.kafka.connect.runtime.errors.LogReporter';

export interface TaskSurroundings {
  readonly clients: KafkaClients;
  readonly offsets: SourceOffsetStore;
  readonly loggers: Loggers;
  readonly pluginMetrics: PluginMetricsRegistry;
  /** `null`: nothing is traced. */
  readonly telemetry: OpenTelemetry | null;
}

/** What a plug-in reads offsets through. */
export function offsetReader(offsets: SourceOffsetStore): OffsetStorageReader {
  return {
    offset: async (partition) => (await offsets.read([partition]))[0] ?? null,
    offsets: (partitions) => offsets.read(partitions),
  };
}

/** The `connector.context` of a task's log lines, or of those about its offsets (KIP-449). */
export function taskLogContext({ id }: TaskSpec, scope?: 'offsets'): string {
  const suffix = scope === undefined ? '' : `|${scope}`;
  return `[${id.connector}|task-${id.task}${suffix}] `;
}

/** Imports and configures everything that a task is made of. Nothing has been started yet. */
export async function buildTask(
  spec: TaskSpec,
  control: TaskControl,
  events: WorkerTaskEvents,
  surroundings: TaskSurroundings,
): Promise<WorkerTask> {
  const { loggers, telemetry, clients, pluginMetrics } = surroundings;
  const context = taskLogContext(spec);
  const loggerOf = (className: string): Logger => loggers.get(className, context);
  const parts = {
    converters: await loadConverters(spec, { loggerOf, pluginMetrics }),
    steps: await loadSteps(spec, { loggerOf, pluginMetrics }),
    clients,
    control,
    events,
    logger: loggers.get(spec.type === 'source' ? SOURCE_LOGGER : SINK_LOGGER, context),
    taskLogger: loggerOf(spec.plugin.className),
    taskMetrics: pluginMetrics.of(),
    now: Date.now,
    steadyNow: () => performance.now(),
  };
  const reporting = deadLetterReporting(spec, parts.converters, parts.clients, parts.logger);
  const errors = errorHandling(spec, control, loggers, reporting);
  const setUpReporters = async (): Promise<void> => reporting?.reporter.setUp(control.stopSignal);
  const shared = { ...parts, ...errors, setUpReporters };
  const traced = { id: spec.id, className: spec.plugin.className };
  if (spec.type === 'source') {
    const task = await newSourceTask(spec);
    const offsetsLogger = loggers.get(SOURCE_LOGGER, taskLogContext(spec, 'offsets'));
    const made = { ...shared, spec, offsets: surroundings.offsets, offsetsLogger };
    if (telemetry === null) return new WorkerSourceTask({ ...made, task });
    const tracing = new SourceTracing(telemetry, traced);
    const watched = { task: tracing.task(task), clients: tracing.clients(clients) };
    return closing(new WorkerSourceTask({ ...made, ...watched }), tracing);
  }
  const task = await newSinkTask(spec);
  if (telemetry === null) return new WorkerSinkTask({ ...shared, spec, task });
  const tracing = new SinkTracing(telemetry, traced);
  const watched = { task: tracing.task(task), clients: tracing.clients(clients) };
  return closing(new WorkerSinkTask({ ...shared, spec, ...watched }), tracing);
}

/** A task that closes something more with it. */
function closing(task: WorkerTask, also: { close(): void }): WorkerTask {
  return overriding(task, {
    close: async () => {
      try {
        await task.close();
      } finally {
        also.close();
      }
    },
  });
}

interface DeadLetterReporting {
  readonly reporter: DeadLetterReporter;
  readonly metrics: ErrorMetrics;
}

function deadLetterReporting(
  spec: TaskSpec,
  converters: TaskConverters,
  clients: KafkaClients,
  logger: Logger,
): DeadLetterReporting | null {
  if (spec.deadLetters === null) return null;
  const metrics = newErrorMetrics();
  const reporter = new DeadLetterReporter({
    id: spec.id,
    spec: spec.deadLetters,
    metrics,
    clients,
    logger,
    converters: spec.type === 'source' ? converters : null,
  });
  return { reporter, metrics };
}

async function newSourceTask(spec: SourceTaskSpec): Promise<SourceTask> {
  return (await loadPlugin(spec.plugin, ['source'])).create().newTask();
}

async function newSinkTask(spec: SinkTaskSpec): Promise<SinkTask> {
  return (await loadPlugin(spec.plugin, ['sink'])).create().newTask();
}

function errorHandling(
  spec: TaskSpec,
  control: TaskControl,
  loggers: Loggers,
  deadLetters: DeadLetterReporting | null,
): { readonly errors: RetryWithTolerance; readonly errorMetrics: ErrorMetrics } {
  const errorMetrics = deadLetters?.metrics ?? newErrorMetrics();
  const logger: Logger = loggers.get(REPORTER_LOGGER, taskLogContext(spec));
  const reporters: ErrorReporter[] = [];
  if (spec.errors.logEnable) {
    const includeMessages = spec.errors.logIncludeMessages;
    reporters.push(
      new LogReporter({ id: spec.id, logger, metrics: errorMetrics, includeMessages }),
    );
  }
  if (deadLetters !== null) reporters.push(deadLetters.reporter);
  const errors = new RetryWithTolerance({
    id: spec.id,
    spec: spec.errors,
    reporters,
    metrics: errorMetrics,
    logger,
    stopSignal: control.stopSignal,
    now: Date.now,
    steadyNow: () => performance.now(),
    random: Math.random,
    sleep: abortableSleep,
  });
  return { errors, errorMetrics };
}

/** What plug-ins without a context are given before they are configured. */
export interface PluginSurroundings {
  /** The logger of a plug-in by its class name, with the context of the task it belongs to. */
  readonly loggerOf: (className: string) => Logger;
  /** Of the task they belong to. */
  readonly pluginMetrics: PluginMetricsRegistry;
}

/** The converters of a task, configured. */
export async function loadConverters(
  spec: TaskSpec,
  given: PluginSurroundings,
): Promise<TaskConverters> {
  const { plugin, props } = spec.headerConverter;
  const header = (await loadPlugin(plugin, ['header_converter'])).create();
  equip(header, plugin, { converter: 'header' }, given);
  header.configure(props);
  return {
    key: await loadConverter(spec.keyConverter, true, given),
    keyClass: spec.keyConverter.plugin.className,
    value: await loadConverter(spec.valueConverter, false, given),
    valueClass: spec.valueConverter.plugin.className,
    header,
    headerClass: plugin.className,
  };
}

async function loadConverter(
  { plugin, props }: ConfiguredPlugin,
  isKey: boolean,
  given: PluginSurroundings,
): Promise<Converter> {
  const converter = (await loadPlugin(plugin, ['converter'])).create();
  equip(converter, plugin, { converter: isKey ? 'key' : 'value' }, given);
  converter.configure(props, isKey);
  return converter;
}

/** The transformations of a task with their predicates, configured. */
export async function loadSteps(
  spec: TaskSpec,
  given: PluginSurroundings,
): Promise<readonly TransformationStep[]> {
  const steps: TransformationStep[] = [];
  for (const each of spec.transformations) {
    const { alias, plugin, props, predicate, negate } = each;
    const transformation = (await loadPlugin(plugin, ['transformation'])).create();
    equip(transformation, plugin, { transformation: alias }, given);
    transformation.configure(props);
    const tags = predicateTags(each, spec.transformations);
    const tested = predicate === null ? null : await loadPredicate(predicate, tags, given);
    steps.push({ className: plugin.className, transformation, predicate: tested, negate });
  }
  return steps;
}

async function loadPredicate(
  { plugin, props }: ConfiguredPlugin,
  tags: MetricTags,
  given: PluginSurroundings,
): Promise<Predicate> {
  const predicate = (await loadPlugin(plugin, ['predicate'])).create();
  equip(predicate, plugin, tags, given);
  predicate.configure(props);
  return predicate;
}

/**
 * A predicate that several transformations ask is made once for each of them, and two metrics can't
 * have the same name and tags. Java refuses the second; here the tags say who asks.
 */
function predicateTags(
  { alias, predicateAlias: predicate = '' }: TransformationSpec,
  all: readonly TransformationSpec[],
): MetricTags {
  const asking = all.filter(({ predicateAlias }) => predicateAlias === predicate);
  return asking.length > 1 ? { predicate, transformation: alias } : { predicate };
}

function equip(
  instance: PluginLogging & Monitorable,
  { className }: PluginRef,
  tags: MetricTags,
  { loggerOf, pluginMetrics }: PluginSurroundings,
): void {
  instance.useLogger?.(loggerOf(className));
  instance.useMetrics?.(pluginMetrics.of(tags));
}
