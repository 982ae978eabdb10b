import type { ActivitySnapshot, ActivityStage } from '../../data-plane/task-activity.ts';

/** A task that has work and does none of it. */
export interface Stall {
  readonly stage: string;
  readonly forMs: number;
  /** What was seen and what to do. */
  readonly reason: string;
}

/** What it means that a task is in one stage for too long; stages it may wait in are missing. */
const TOO_LONG_IN: Readonly<Partial<Record<ActivityStage, string>>> = {
  start: "the task's start() does not return: does the system that it connects to answer?",
  send:
    'polled records do not get through transformations, converters and into the producer: do the ' +
    'brokers answer, and does the topic exist?',
  rebalance: "the task's open() or close() does not return, and its group waits for it",
  put: "the task's put() does not return: does the system that it writes to answer?",
  commit: "the task's preCommit() or flush(), or the commit of its offsets, does not return",
  stop: "the task's stop() does not return",
};

/**
 * Whether a task stands still although it has work. A source without new data, or a sink without new
 * records, is idle, not stalled.
 */
export function stallOf(activity: ActivitySnapshot, limitMs: number): Stall | null {
  const isTooLong = (forMs: number | null): forMs is number => forMs !== null && forMs >= limitMs;
  const { stage, stageForMs, unacknowledgedForMs, redeliveringForMs, committingForMs } = activity;
  if (isTooLong(redeliveringForMs))
    return {
      stage: 'put',
      forMs: redeliveringForMs,
      reason: 'put() has thrown retriable errors for the same records all the time: see the log',
    };
  if (isTooLong(unacknowledgedForMs))
    return {
      stage: 'produce',
      forMs: unacknowledgedForMs,
      reason:
        'records were sent and no broker acknowledges any: are enough replicas in sync, and do ' +
        'the brokers answer?',
    };
  if (isTooLong(committingForMs))
    return {
      stage: 'commit',
      forMs: committingForMs,
      reason: 'a commit of source offsets, or the task’s commit(), does not return',
    };
  if (!isTooLong(stageForMs)) return null;
  if (stage === 'poll' && activity.isToRest)
    return {
      stage,
      forMs: stageForMs,
      reason: 'poll() does not return although the task is to pause or stop: it ignores its signal',
    };
  const reason = TOO_LONG_IN[stage];
  return reason === undefined ? null : { stage, forMs: stageForMs, reason };
}
