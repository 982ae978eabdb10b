import {
  type Logger,
  type PluginMetrics,
  type Props,
  type RecordMetadata,
  type SourceRecord,
  type SourceTask,
  type SourceTaskContext,
} from '@sluice/api';
import type { KafkaAdmin, ColumnProducer } from '@sluice/kafka';
import type { SourceTaskSpec, TaskProgress } from '../task-host/contract.ts';
import { clientValues, type ClientValue, type Metered } from '../metrics/client-value.ts';
import type { MetricGroups } from '../metrics/metric-values.ts';
import { type ErrorMetrics, errorValues } from './errors/error-metrics.ts';
import type { SeenError } from './errors/seen-errors.ts';
import type { RetryWithTolerance } from './errors/retry-with-tolerance.ts';
import type { KafkaClients } from './kafka-clients.ts';
import { convertRecords, type TaskConverters } from './source/convert.ts';
import { KafkaProduce } from './source/kafka-produce.ts';
import { OffsetCommit } from './source/offset-commit.ts';
import { TaskOffsetReader } from './source/offset-reader.ts';
import { OffsetWriter } from './source/offset-writer.ts';
import { SourceMetrics } from './source/source-metrics.ts';
import type { SourceOffsetStore } from './source/source-offset-store.ts';
import { SubmittedRecords } from './source/submitted-records.ts';
import { pollTask } from './source/task-poll.ts';
import { TopicCreation } from './source/topic-creation.ts';
import { transformRecords } from './source/transformation.ts';
import { TaskActivity } from './task-activity.ts';
import type { TaskControl } from './task-control.ts';
import { TimeSlice } from './time-slice.ts';
import { closeChain, type TransformationStep } from './transformation-chain.ts';
import type { WorkerTask, WorkerTaskEvents } from './worker-task.ts';
import { withinDeadline } from './within-deadline.ts';

/** How long a producer may take to send the rest when its task has ended (R4.12). */
const CLIENT_CLOSE_MS_MAX = 30_000;

export interface WorkerSourceTaskOptions {
  readonly spec: SourceTaskSpec;
  readonly task: SourceTask;
  readonly converters: TaskConverters;
  readonly steps: readonly TransformationStep[];
  readonly errors: RetryWithTolerance;
  readonly errorMetrics: ErrorMetrics;
  readonly clients: KafkaClients;
  readonly offsets: SourceOffsetStore;
  readonly control: TaskControl;
  readonly events: WorkerTaskEvents;
  readonly logger: Logger;
  /** What is told of offset commits has a context of its own. */
  readonly offsetsLogger: Logger;
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
 * Runs one source task: joins the stages of the source way into one expression and decides what
 * happens at its ends. Mirrors `WorkerSourceTask`.
 */
export class WorkerSourceTask implements WorkerTask {
  readonly #options: WorkerSourceTaskOptions;
  readonly #metrics: SourceMetrics;
  readonly #activity: TaskActivity;
  readonly #submitted: SubmittedRecords;
  readonly #produce: KafkaProduce;
  readonly #commit: OffsetCommit;
  readonly #admin: KafkaAdmin | null;
  readonly #producer: ColumnProducer & Metered;
  readonly #offsetReader: TaskOffsetReader;
  #isInitialized = false;
  #isCancelled = false;

  constructor(options: WorkerSourceTaskOptions) {
    this.#options = options;
    const { spec, task, clients, control, errors, events, logger, now } = options;
    this.#metrics = new SourceMetrics(spec.metricWindow);
    this.#activity = new TaskActivity(now, options.steadyNow ?? now);
    const activity = this.#activity;
    const hasCommitRecord = task.commitRecord !== undefined;
    // Records are kept until they are acknowledged only if somebody will want to see them.
    this.#submitted = new SubmittedRecords(hasCommitRecord || errors.isTolerant);
    this.#admin =
      spec.topicCreation === null ? null : clients.createAdmin(spec.adminConfig, { logger });
    this.#produce = new KafkaProduce({
      submitted: this.#submitted,
      topicCreation:
        spec.topicCreation === null || this.#admin === null
          ? null
          : new TopicCreation({ groups: spec.topicCreation, admin: this.#admin, logger }),
      control,
      errors,
      metrics: this.#metrics,
      activity,
      logger,
      now,
      commitRecord: hasCommitRecord ? (record, at) => this.#commitRecord(record, at) : null,
      onTopicUsed: (topic) => events.onTopicUsed(topic),
    });
    this.#producer = clients.createProducer(spec.producerConfig, {
      logger,
      onDelivery: (report) => this.#produce.onDelivery(report),
    });
    this.#produce.attach(this.#producer);
    this.#offsetReader = new TaskOffsetReader(options.offsets);
    this.#commit = new OffsetCommit({
      task,
      submitted: this.#submitted,
      writer: new OffsetWriter(options.offsets),
      errors,
      metrics: this.#metrics,
      activity,
      logger: options.offsetsLogger,
      intervalMs: spec.offsetFlushIntervalMs,
      timeoutMs: spec.offsetFlushTimeoutMs,
      now,
    });
  }

  async start(): Promise<void> {
    const { task, spec, logger, setUpReporters } = this.#options;
    await setUpReporters();
    this.#isInitialized = true;
    task.initialize(this.#context());
    await task.start(spec.taskProps);
    logger.info('Source task finished initialization and start');
  }

  async run(): Promise<void> {
    try {
      for await (const _batch of this.#pipeline()) {
        // Each batch has been handed to the producer; its acknowledgements come by themselves.
      }
    } catch (error) {
      // What was sent before is good: its offsets are committed even though the task fails.
      await this.#commitFinally();
      throw error;
    }
    await this.#commitFinally();
  }

  async #commitFinally(): Promise<void> {
    if (this.#isCancelled) return;
    // Nothing more comes: what lingers in the producer need not wait for company. What becomes of
    // each record is in its delivery report, so a failure here says nothing new.
    void this.#producer.flush().catch(() => undefined);
    await this.#commit.commitFinally();
  }

  /** The way of data: poll, transform, convert, produce, commit. */
  #pipeline(): AsyncIterable<unknown> {
    const { task, control, errors, steps, converters, events, logger, now, steadyNow } =
      this.#options;
    const onDropped = (record: SourceRecord): void => this.#drop(record);
    const polled = pollTask({
      task,
      control,
      slice: new TimeSlice(steadyNow ?? now),
      metrics: this.#metrics,
      activity: this.#activity,
      logger,
      now,
      beforePoll: () => this.#produce.throwSendError(),
      onPaused: () => events.onPaused(),
      onResumed: () => events.onResumed(),
    });
    const transformed = transformRecords(polled, { steps, errors, onDropped });
    const converted = convertRecords(transformed, { converters, errors, onDropped });
    const produced = this.#produce.produce(converted);
    return this.#commit.commitWhile(produced);
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
    if (this.#isInitialized) await quietly('source task', () => task.stop());
    await quietly('source task producer', () =>
      this.#producer.close({ timeoutMs: this.#isCancelled ? 0 : CLIENT_CLOSE_MS_MAX }),
    );
    const admin = this.#admin;
    if (admin !== null) {
      await quietly('source task admin', () => withinDeadline(admin.close(), CLIENT_CLOSE_MS_MAX));
    }
    await quietly('transformation chain', () => closeChain(steps));
    await quietly('error reporters', () => errors.close());
    await quietly('header converter', () => converters.header.close?.());
    await quietly('key converter', () => converters.key.close?.());
    await quietly('value converter', () => converters.value.close?.());
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#commit.abandon();
    this.#offsetReader.close();
    void this.#producer.close({ timeoutMs: 0 }).catch(() => undefined);
  }

  forgetTopics(): void {
    this.#produce.forgetTopics();
  }

  progress(): Omit<TaskProgress, 'id'> {
    const { errorMetrics, control } = this.#options;
    return {
      recordsIn: this.#metrics.recordsPolled,
      recordsOut: this.#metrics.recordsWritten,
      recordsFiltered: this.#metrics.recordsDropped - errorMetrics.recordsSkipped,
      recordsSkipped: errorMetrics.recordsSkipped,
      recordsFailed: errorMetrics.recordFailures,
      offsetCommits: this.#metrics.commits.succeeded,
      offsetCommitFailures: this.#metrics.commits.failed,
      activity: this.#activity.snapshot(control.isPaused || control.isStopping),
    };
  }

  clientMetrics(): readonly ClientValue[] {
    return clientValues(this.#producer);
  }

  seenErrors(): readonly SeenError[] {
    return this.#options.errors.seen.list();
  }

  metrics(): MetricGroups {
    const { errorMetrics, now } = this.#options;
    const nowMs = now();
    return {
      'source-task-metrics': this.#metrics.values(nowMs),
      'connector-task-metrics': this.#metrics.taskValues(nowMs),
      'task-error-metrics': errorValues(errorMetrics),
      'sluice-task-metrics': this.#metrics.latencyValues(nowMs),
    };
  }

  #context(): SourceTaskContext {
    const { spec, taskLogger, taskMetrics } = this.#options;
    const configs: Props = spec.taskProps;
    return {
      configs,
      logger: taskLogger,
      pluginMetrics: taskMetrics,
      offsetStorageReader: this.#offsetReader,
    };
  }

  #drop(record: SourceRecord): void {
    this.#metrics.dropped(1);
    if (this.#options.task.commitRecord !== undefined) this.#commitRecord(record, null);
  }

  #commitRecord(record: SourceRecord, metadata: RecordMetadata | null): void {
    try {
      this.#options.task.commitRecord?.(record, metadata);
    } catch (error) {
      // As in Java: the record is in Kafka; the task's own book-keeping does not change that.
      this.#options.logger.error('Exception thrown while calling task.commitRecord()', { error });
    }
  }
}
