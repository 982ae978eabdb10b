import { ConnectError, type Logger, type SourceRecord, type SourceTask } from '@sluice/api';
import { abortableSleep } from '../abortable-sleep.ts';
import { isRetriableError } from '../errors/retriable.ts';
import type { TaskActivity } from '../task-activity.ts';
import type { TaskControl } from '../task-control.ts';
import type { TimeSlice } from '../time-slice.ts';
import type { SourceMetrics } from './source-metrics.ts';

/**
 * Records that go through the stages together. Large enough that the cost per batch vanishes,
 * small enough that a batch takes about a millisecond (JSON: some 2 µs a record).
 */
const CHUNK_RECORDS_MAX = 512;

// A task that answers "nothing" at once and for ever would take its whole thread. Java has no pause
// here, but a thread for every task.
const EMPTY_POLL_PAUSE_MS = 1;

export interface TaskPollOptions {
  readonly task: SourceTask;
  readonly control: TaskControl;
  readonly slice: TimeSlice;
  readonly metrics: SourceMetrics;
  readonly activity: TaskActivity;
  readonly logger: Logger;
  readonly now: () => number;
  /** Called before each poll; throws what happened in the background and must end the task. */
  readonly beforePoll: () => void;
  readonly onPaused: () => void;
  readonly onResumed: () => void;
}

/**
 * Stage TASK_POLL: asks the task for records until it is to stop, and hands them on in chunks.
 * Pausing ends the present poll; what it returned is still sent (R4.03, R4.04, R4.15).
 */
export async function* pollTask(
  options: TaskPollOptions,
): AsyncGenerator<readonly SourceRecord[], void, undefined> {
  const { control, slice, metrics, activity } = options;
  while (!control.isStopping) {
    options.beforePoll();
    if (control.isPaused) {
      options.onPaused();
      await control.awaitResume();
      if (!control.isStopping) options.onResumed();
      continue;
    }
    if (slice.isSpent) await slice.yieldTurn();
    const startedMs = options.now();
    activity.enter('poll');
    const records = await pollOnce(options);
    if (records === null || records.length === 0) {
      if (options.now() - startedMs < EMPTY_POLL_PAUSE_MS) {
        await abortableSleep(EMPTY_POLL_PAUSE_MS, control.runSignal);
      }
      continue;
    }
    const endedMs = options.now();
    metrics.polled(records.length, endedMs - startedMs, endedMs);
    activity.enter('send');
    activity.progressed();
    if (records.length <= CHUNK_RECORDS_MAX) {
      yield records;
      continue;
    }
    for (let from = 0; from < records.length; from += CHUNK_RECORDS_MAX) {
      yield records.slice(from, from + CHUNK_RECORDS_MAX);
      if (slice.isSpent) await slice.yieldTurn();
    }
  }
}

async function pollOnce(options: TaskPollOptions): Promise<readonly SourceRecord[] | null> {
  const signal = options.control.runSignal;
  try {
    return recordsOf(await options.task.poll(signal));
  } catch (error) {
    // A task that waits with the signal it was given rejects when the wait is cut short.
    if (signal.aborted && isAbort(error, signal)) return null;
    if (!isRetriableError(error)) throw error;
    options.logger.warn('failed to poll records from SourceTask. Will retry operation.', { error });
    return null;
  }
}

/** Plug-ins in plain JavaScript may answer anything; a `poll` without `return` has no records. */
function recordsOf(answer: readonly SourceRecord[] | null | undefined) {
  if (answer === null || answer === undefined || Array.isArray(answer)) return answer ?? null;
  throw new ConnectError(
    `SourceTask.poll answered ${typeof answer === 'object' ? 'an object' : String(answer)}, which ` +
      'is no list of records: it is to answer an array, or null when there are none',
    { code: 'CONNECT_POLL_NO_RECORDS' },
  );
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}
