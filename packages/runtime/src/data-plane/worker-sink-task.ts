import { ConfigError, type Logger, type PluginMetrics, type SinkTask } from '@sluice/api';
import type { RecordConsumer } from '@sluice/kafka';
import type { SinkTaskSpec, TaskProgress } from '../task-host/contract.ts';
import { WorkerErrantRecordReporter } from './errors/errant-record-reporter.ts';
import { javaRegex } from '../config/java-regex.ts';
import { clientValues, type ClientValue, type Metered } from '../metrics/client-value.ts';
import type { MetricGroups, MetricValues } from '../metrics/metric-values.ts';
import { type ErrorMetrics, errorValues } from './errors/error-metrics.ts';
import type { SeenError } from './errors/seen-errors.ts';
import type { RetryWithTolerance } from './errors/retry-with-tolerance.ts';
import type { KafkaClients } from './kafka-clients.ts';
import { consumeRecords } from './sink/kafka-consume.ts';
import { convertRecords } from './sink/convert.ts';
import { PartitionPauses } from './sink/partition-pauses.ts';
import { PreCommit } from './sink/pre-commit.ts';
import { SinkMetrics } from './sink/sink-metrics.ts';
import { SinkOffsets } from './sink/sink-offsets.ts';
import { SinkRebalance } from './sink/sink-rebalance.ts';
import { WorkerSinkTaskContext } from './sink/sink-task-context.ts';
import { TaskPut } from './sink/task-put.ts';
import { transformRecords } from './sink/transformation.ts';
import type { TaskConverters } from './source/convert.ts';
import { TaskActivity } from './task-activity.ts';
import type { TaskControl } from './task-control.ts';
import { TimeSlice } from './time-slice.ts';
import { closeChain, type TransformationStep } from './transformation-chain.ts';
import type { WorkerTask, WorkerTaskEvents } from './worker-task.ts';

/** How long a consumer may take to leave its group when its task has ended. */
const CLIENT_CLOSE_MS_MAX = 30_000;

export interface WorkerSinkTaskOptions {
  readonly spec: SinkTaskSpec;
  readonly task: SinkTask;
  readonly converters: TaskConverters;
  readonly steps: readonly TransformationStep[];
  readonly errors: RetryWithTolerance;
  readonly errorMetrics: ErrorMetrics;
  readonly clients: KafkaClients;
  readonly control: TaskControl;
  readonly events: WorkerTaskEvents;
  readonly logger: Logger;
  /** The logger that the task itself gets. */
  readonly taskLogger: Logger;
  /** Where the task itself registers metrics. */
  readonly taskMetrics: PluginMetrics;
  readonly now: () => number;
  /** As `now`, but not moved when somebody sets the clock: for waits. Default: `now`. */
  readonly steadyNow?: () => number;
  /** Makes the dead-letter topic ready before the task starts. */
  readonly setUpReporters: () => Promise<void>;
}

/**
 * Runs one sink task: joins the stages of the sink way into one expression and decides what happens
 * at its ends. Mirrors `WorkerSinkTask`.
 */
export class WorkerSinkTask implements WorkerTask {
  readonly #options: WorkerSinkTaskOptions;
  readonly #metrics: SinkMetrics;
  readonly #activity: TaskActivity;
  readonly #offsets = new SinkOffsets();
  readonly #consumer: RecordConsumer & Metered;
  readonly #pauses: PartitionPauses;
  readonly #context: WorkerSinkTaskContext;
  readonly #put: TaskPut;
  readonly #preCommit: PreCommit;
  readonly #rebalance: SinkRebalance;
  #isInitialized = false;
  #isCancelled = false;

  constructor(options: WorkerSinkTaskOptions) {
    this.#options = options;
    const { spec, task, clients, converters, errors, events, logger, now } = options;
    this.#metrics = new SinkMetrics(spec.metricWindow);
    this.#activity = new TaskActivity(now, options.steadyNow ?? now);
    const metrics = this.#metrics;
    const activity = this.#activity;
    const offsets = this.#offsets;
    const consumer = clients.createConsumer(spec.consumerConfig, { logger });
    this.#consumer = consumer;
    const pauses = new PartitionPauses(consumer);
    this.#pauses = pauses;
    const reporter = errors.hasReporters
      ? new WorkerErrantRecordReporter(errors, converters)
      : null;
    const context = new WorkerSinkTaskContext({
      configs: spec.taskProps,
      logger: options.taskLogger,
      pluginMetrics: options.taskMetrics,
      consumer,
      pauses,
      reporter,
    });
    this.#context = context;
    const put = new TaskPut({
      task,
      pauses,
      offsets,
      reporter,
      metrics,
      logger,
      onTopicUsed: (topic) => events.onTopicUsed(topic),
      now,
      activity,
    });
    this.#put = put;
    const shared = { task, consumer, context, offsets, reporter, metrics, activity, logger };
    const preCommit = new PreCommit({
      ...shared,
      errors,
      intervalMs: spec.offsetFlushIntervalMs,
      timeoutMs: spec.offsetFlushTimeoutMs,
      now,
      steadyNow: options.steadyNow ?? now,
    });
    this.#preCommit = preCommit;
    this.#rebalance = new SinkRebalance({ ...shared, pauses, put, preCommit });
  }

  async start(): Promise<void> {
    const { task, spec, logger, setUpReporters } = this.#options;
    await setUpReporters();
    this.#consumer.subscribe(subscriptionOf(spec), this.#rebalance);
    this.#isInitialized = true;
    task.initialize(this.#context);
    await task.start(spec.taskProps);
    logger.info('Sink task finished initialization and start');
  }

  async run(): Promise<void> {
    const { control, logger } = this.#options;
    control.onWake(() => this.#consumer.wakeup());
    try {
      for await (const _delivery of this.#pipeline()) {
        // Each delivery, and the commits between them, happen inside the pipeline.
      }
    } catch (error) {
      // The failed batch is not in the delivered offsets; what was put before it is committed.
      await this.#closePartitions((closing) => {
        logger.error('Failed to close partitions of a failing task', { error: closing });
      });
      throw error;
    } finally {
      control.onWake(null);
    }
    await this.#closePartitions((error) => {
      throw error;
    });
  }

  /** The way of data: consume, convert, transform, put, commit. */
  #pipeline(): AsyncIterable<void> {
    const { control, converters, errors, steps, events, logger, now, steadyNow } = this.#options;
    const metrics = this.#metrics;
    const consumed = consumeRecords({
      consumer: this.#consumer,
      control,
      slice: new TimeSlice(steadyNow ?? now),
      context: this.#context,
      pauses: this.#pauses,
      offsets: this.#offsets,
      metrics,
      now,
      activity: this.#activity,
      logger,
      untilCommitMs: () => this.#preCommit.untilNextMs(),
      throwRebalanceError: () => this.#rebalance.throwError(),
      onPaused: () => events.onPaused(),
      onResumed: () => events.onResumed(),
    });
    const converted = convertRecords(consumed, { converters, errors, metrics });
    const transformed = transformRecords(converted, { steps, errors, metrics });
    const delivered = this.#put.putRecords(transformed);
    return this.#preCommit.commitWhile(delivered);
  }

  async close(): Promise<void> {
    const { task, converters, steps, errors, logger } = this.#options;
    const quietly = async (what: string, call: () => unknown): Promise<void> => {
      try {
        await call();
      } catch (error) {
        // Everything has to be closed; that one part of it complains must not keep the others.
        logger.warn(`Failed to close ${what}`, { error });
      }
    };
    this.#activity.enter('stop');
    if (this.#isInitialized) await quietly('sink task', () => task.stop());
    this.#rebalance.stop();
    await quietly('consumer', () =>
      this.#consumer.close({ timeoutMs: this.#isCancelled ? 0 : CLIENT_CLOSE_MS_MAX }),
    );
    this.#metrics.partitionCount = 0;
    await quietly('transformation chain', () => closeChain(steps));
    await quietly('error reporters', () => errors.close());
    await quietly('header converter', () => converters.header.close?.());
    await quietly('key converter', () => converters.key.close?.());
    await quietly('value converter', () => converters.value.close?.());
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#preCommit.cancel();
    void this.#consumer.close({ timeoutMs: 0 }).catch(() => undefined);
  }

  forgetTopics(): void {
    this.#put.forgetTopics();
  }

  progress(): Omit<TaskProgress, 'id'> {
    const { errorMetrics, control } = this.#options;
    return {
      recordsIn: this.#metrics.recordsRead,
      recordsOut: this.#metrics.recordsSent,
      recordsFiltered: this.#metrics.recordsDropped - errorMetrics.recordsSkipped,
      recordsSkipped: errorMetrics.recordsSkipped,
      recordsFailed: errorMetrics.recordFailures,
      offsetCommits: this.#metrics.commits.succeeded,
      offsetCommitFailures: this.#metrics.commits.failed,
      activity: this.#activity.snapshot(control.isPaused || control.isStopping),
    };
  }

  /** Java declares this sensor and never fills it; the consumer knows. */
  #lag(): MetricValues {
    const lag = clientValues(this.#consumer).find(
      ({ name, tags }) => name === 'records-lag-max' && tags['topic'] === undefined,
    );
    return lag === undefined ? {} : { 'sink-record-lag-max': lag.value };
  }

  clientMetrics(): readonly ClientValue[] {
    return clientValues(this.#consumer);
  }

  seenErrors(): readonly SeenError[] {
    return this.#options.errors.seen.list();
  }

  metrics(): MetricGroups {
    const { errorMetrics, now } = this.#options;
    const nowMs = now();
    return {
      'sink-task-metrics': { ...this.#metrics.values(nowMs), ...this.#lag() },
      'connector-task-metrics': this.#metrics.taskValues(nowMs),
      'task-error-metrics': errorValues(errorMetrics),
      'sluice-task-metrics': this.#metrics.latencyValues(nowMs),
    };
  }

  async #closePartitions(onError: (error: unknown) => void): Promise<void> {
    if (this.#isCancelled) return;
    const partitions = this.#offsets.delivered.values();
    try {
      await this.#preCommit.commitAndClose(partitions);
    } catch (error) {
      onError(error);
    }
    this.#offsets.forget(partitions);
  }
}

/** Checked again here: a config may have come to the task without validation (R5.03). */
function subscriptionOf({ topics, topicsRegex }: SinkTaskSpec): readonly string[] | RegExp {
  if (topics !== null && topicsRegex === null) return topics;
  if (topics === null && topicsRegex !== null) return javaRegex('topics.regex', topicsRegex);
  throw new ConfigError(
    topics === null
      ? 'Must configure one of topics or topics.regex'
      : 'topics and topics.regex are mutually exclusive options, but both are set.',
  );
}
