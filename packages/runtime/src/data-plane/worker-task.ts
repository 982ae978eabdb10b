import type { ClientValue } from '../metrics/client-value.ts';
import type { MetricGroups } from '../metrics/metric-values.ts';
import type { SeenError } from './errors/seen-errors.ts';
import type { TaskProgress } from '../task-host/contract.ts';

/** What a running task tells the one who runs it. */
export interface WorkerTaskEvents {
  onPaused(): void;
  onResumed(): void;
  onTopicUsed(topic: string): void;
}

/**
 * One task with all it needs, run by the lane: `start`, `run` until it is told to stop by its
 * TaskControl or fails, `close` in any case. Mirrors `WorkerTask`.
 */
export interface WorkerTask {
  /** Initializes and starts the plug-in's task. */
  start(): Promise<void>;
  /** Settles when the task has been stopped and its last offsets are committed. */
  run(): Promise<void>;
  /** Stops the plug-in's task and closes everything. Called once, also after a failed start. */
  close(): Promise<void>;
  /** The graceful time is over: closes the clients at once, so that waits on them end. */
  cancel(): void;
  /** Tells `onTopicUsed` again of each topic that is used from now on. */
  forgetTopics(): void;
  /** Values by group and attribute, as Java's sensors of a task name them. */
  metrics(): MetricGroups;
  /** What its Kafka clients measure. */
  clientMetrics(): readonly ClientValue[];
  /** Errors of its records so far, by code. */
  seenErrors(): readonly SeenError[];
  progress(): Omit<TaskProgress, 'id'>;
}
