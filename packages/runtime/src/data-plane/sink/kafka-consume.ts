import type { Logger } from '@sluice/api';
import type { RecordColumns, RecordConsumer } from '@sluice/kafka';
import { abortableSleep } from '../abortable-sleep.ts';
import { isRetriableError } from '../errors/retriable.ts';
import type { TaskActivity } from '../task-activity.ts';
import type { TaskControl } from '../task-control.ts';
import type { TimeSlice } from '../time-slice.ts';
import { partitionKey } from './partition-offsets.ts';
import type { PartitionPauses } from './partition-pauses.ts';
import type { SinkMetrics } from './sink-metrics.ts';
import type { SinkOffsets } from './sink-offsets.ts';
import type { WorkerSinkTaskContext } from './sink-task-context.ts';

/** How soon a batch is delivered again when the task has named no `timeout`. */
const REDELIVERY_PAUSE_MS = 100;
const POLL_RETRY_MS = 1_000;

export interface KafkaConsumeOptions {
  readonly consumer: RecordConsumer;
  readonly control: TaskControl;
  readonly slice: TimeSlice;
  readonly context: WorkerSinkTaskContext;
  readonly pauses: PartitionPauses;
  readonly offsets: SinkOffsets;
  readonly metrics: SinkMetrics;
  readonly logger: Logger;
  /** Milliseconds to the next offset commit, 0 when one is due or wished for. */
  readonly untilCommitMs: () => number;
  readonly now: () => number;
  readonly activity: TaskActivity;
  /** Throws what the task has thrown inside a rebalance. */
  readonly throwRebalanceError: () => void;
  readonly onPaused: () => void;
  readonly onResumed: () => void;
}

/**
 * Stage KAFKA_CONSUME: polls until the task is to stop, and hands on what came, nothing included.
 * While the connector is paused the polls go on, so that the group keeps its member (R5.13).
 */
export async function* consumeRecords(
  options: KafkaConsumeOptions,
): AsyncGenerator<readonly RecordColumns[], void, undefined> {
  const { control, slice, pauses, metrics } = options;
  while (!control.isStopping) {
    followTarget(options);
    rewind(options);
    if (slice.isSpent) await slice.yieldTurn();
    options.activity.enter('consume');
    const polled = await pollOnce(options);
    options.throwRebalanceError();
    if (polled.length === 0) {
      // Woken to stop, pause or resume: Java's wake-up skips the delivery as well.
      if (control.isStopping || control.isPaused !== pauses.isConnectorPaused) continue;
    }
    let count = 0;
    for (const columns of polled) count += columns.count;
    if (count > 0) metrics.read(count, options.now());
    yield polled;
  }
}

/** What the broker may answer better next time must not fail a task that is up (R5.15). */
async function pollOnce(options: KafkaConsumeOptions): Promise<readonly RecordColumns[]> {
  const { consumer, control, logger } = options;
  try {
    return await consumer.poll(pollTimeout(options));
  } catch (error) {
    if (!isRetriableError(error)) throw error;
    logger.warn('failed to poll records from Kafka. Will retry.', { error });
    await abortableSleep(POLL_RETRY_MS, control.runSignal);
    return [];
  }
}

function followTarget(options: KafkaConsumeOptions): void {
  const { control, pauses, context } = options;
  if (control.isPaused === pauses.isConnectorPaused) return;
  pauses.setConnectorPaused(control.isPaused);
  if (control.isPaused) {
    options.onPaused();
    context.requestCommit();
  } else {
    options.onResumed();
  }
}

/** Applies `context.offset` (R5.12); positions of partitions that are not ours are forgotten. */
export function rewind(options: {
  readonly consumer: RecordConsumer;
  readonly context: WorkerSinkTaskContext;
  readonly offsets: SinkOffsets;
}): void {
  const rewinds = options.context.takeRewinds();
  if (rewinds.length === 0) return;
  const owned = new Set(options.consumer.assignment().map(partitionKey));
  for (const position of rewinds) {
    if (!owned.has(partitionKey(position))) continue;
    options.consumer.seek(position);
    options.offsets.rewind(position);
  }
}

function pollTimeout(options: KafkaConsumeOptions): number {
  const wishedMs = options.context.takeTimeout();
  const restMs = wishedMs ?? (options.pauses.isRedelivering ? REDELIVERY_PAUSE_MS : null);
  const untilCommitMs = options.untilCommitMs();
  return restMs === null ? untilCommitMs : Math.min(untilCommitMs, restMs);
}
