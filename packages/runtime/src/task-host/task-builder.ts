import type { Converter, Logger, OffsetStorageReader, SinkTask, SourceTask } from '@sluice/api';
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
import type { ConfiguredPlugin, SinkTaskSpec, SourceTaskSpec, TaskSpec } from './contract.ts';
import { loadPlugin } from './plugin-loader.ts';

/** Log names under which tasks and the runtime around them write, as Java's packages do. */
const SOURCE_LOGGER = 'org.apache.kafka.connect.runtime.WorkerSourceTask';
const SINK_LOGGER = 'org.apache.kafka.connect.runtime.WorkerSinkTask';
const REPORTER_LOGGER = 'org.apache.kafka.connect.runtime.errors.LogReporter';

export interface TaskSurroundings {
  readonly clients: KafkaClients;
  readonly offsets: SourceOffsetStore;
  readonly loggers: Loggers;
}

/** What a plug-in reads offsets through. */
export function offsetReader(offsets: SourceOffsetStore): OffsetStorageReader {
  return {
    offset: async (partition) => (await offsets.read([partition]))[0] ?? null,
    offsets: (partitions) => offsets.read(partitions),
  };
}

/** The `connector.context` of a task's log lines. */
export function taskLogContext(spec: TaskSpec): string {
  return `[${spec.id.connector}|task-${spec.id.task}] `;
}

/** Imports and configures everything that a task is made of. Nothing has been started yet. */
export async function buildTask(
  spec: TaskSpec,
  control: TaskControl,
  events: WorkerTaskEvents,
  surroundings: TaskSurroundings,
): Promise<WorkerTask> {
  const { loggers } = surroundings;
  const context = taskLogContext(spec);
  const parts = {
    converters: await loadConverters(spec),
    steps: await loadSteps(spec),
    clients: surroundings.clients,
    control,
    events,
    logger: loggers.get(spec.type === 'source' ? SOURCE_LOGGER : SINK_LOGGER, context),
    taskLogger: loggers.get(spec.plugin.className, context),
    now: Date.now,
  };
  const reporting = deadLetterReporting(spec, parts.converters, parts.clients, parts.logger);
  const errors = errorHandling(spec, control, loggers, reporting);
  const setUpReporters = async (): Promise<void> => reporting?.reporter.setUp(control.stopSignal);
  const shared = { ...parts, ...errors, setUpReporters };
  if (spec.type === 'source') {
    const task = await newSourceTask(spec);
    return new WorkerSourceTask({ ...shared, spec, task, offsets: surroundings.offsets });
  }
  return new WorkerSinkTask({ ...shared, spec, task: await newSinkTask(spec) });
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
    random: Math.random,
    sleep: abortableSleep,
  });
  return { errors, errorMetrics };
}

/** The converters of a task, configured. */
export async function loadConverters(spec: TaskSpec): Promise<TaskConverters> {
  const header = await loadPlugin(spec.headerConverter.plugin, ['header_converter']);
  const headerConverter = header.create();
  headerConverter.configure(spec.headerConverter.props);
  return {
    key: await loadConverter(spec.keyConverter, true),
    keyClass: spec.keyConverter.plugin.className,
    value: await loadConverter(spec.valueConverter, false),
    valueClass: spec.valueConverter.plugin.className,
    header: headerConverter,
    headerClass: spec.headerConverter.plugin.className,
  };
}

async function loadConverter(configured: ConfiguredPlugin, isKey: boolean): Promise<Converter> {
  const converter = (await loadPlugin(configured.plugin, ['converter'])).create();
  converter.configure(configured.props, isKey);
  return converter;
}

/** The transformations of a task with their predicates, configured. */
export async function loadSteps(spec: TaskSpec): Promise<readonly TransformationStep[]> {
  const steps: TransformationStep[] = [];
  for (const { plugin, props, predicate, negate } of spec.transformations) {
    const transformation = (await loadPlugin(plugin, ['transformation'])).create();
    transformation.configure(props);
    const tested =
      predicate === null ? null : (await loadPlugin(predicate.plugin, ['predicate'])).create();
    if (predicate !== null) tested?.configure(predicate.props);
    steps.push({ className: plugin.className, transformation, predicate: tested, negate });
  }
  return steps;
}
